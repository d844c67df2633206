// SPDX-License-Identifier: Apache-2.0
// `entente import`: read apart, plan, show, confirm, log in durable batches.
#include <fmt/format.h>

#include <filesystem>
#include <future>
#include <unordered_map>

#include "cli/import_report.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "formats/geojson.h"
#include "intake/plan.h"
#include "reader/reader.h"

namespace entente::cli {
namespace {

constexpr std::size_t batch_size = 4096;

/// Which record a (source, ref) of the register is. Withdrawn records are not found: what a list
/// brings again protects again.
class Lookup {
  public:
    Lookup(const view::View& view, Instant moment) : view_(view) {
        for (view::Slot slot = 0; slot < view.size(); ++slot) {
            const view::Seen seen = view.at(slot);
            const statement::Protection* p = seen.protection();
            if (p == nullptr || seen.state(moment) == view::State::withdrawn) continue;
            slots_.emplace(key(p->source, p->ref), slot);
        }
    }
    std::optional<intake::Known> operator()(const std::string& source,
                                            const std::string& ref) const {
        const auto found = slots_.find(key(source, ref));
        if (found == slots_.end()) return std::nullopt;
        const view::Seen seen = view_.at(found->second);
        intake::Known known{seen.id(), *seen.protection()};
        known.protection.where.resize(1);  // a list states where a place is, not where it was
        return known;
    }

  private:
    static std::string key(const std::string& source, const std::string& ref) {
        return source + '\0' + ref;
    }
    const view::View& view_;
    std::unordered_map<std::string, view::Slot> slots_;
};

intake::Row to_row(reader::Row& row) {
    intake::Row out{row.number, row.layer->name, std::move(row.cells), {}, std::move(row.problem)};
    if (row.geometry.empty()) return out;
    auto shapes = formats::read_geometry(row.geometry);
    if (shapes)
        out.shapes = std::move(*shapes);
    else if (out.problem.empty())
        out.problem = shapes.error().detail;
    return out;
}

/// The columns of a layer as fields. A layer whose first row has no geometry may still have some
/// later: then rows without one are refused each for itself.
Result<intake::Mapping> map_layer(const reader::Row& first, intake::MappingOptions options) {
    options.has_geometry = !first.geometry.empty() || !first.problem.empty();
    auto mapping = intake::map_columns(first.layer->columns, options);
    if (mapping || options.has_geometry) return mapping;
    options.has_geometry = true;
    auto with_geometry = intake::map_columns(first.layer->columns, options);
    return with_geometry;
}

Result<ReadFile> read_file_rows(const std::string& path, const std::string& source,
                                const intake::MappingOptions& options) {
    ReadFile out{path, source, {}, {}, intake::Planner(source)};
    intake::Planner& planner = out.planner;
    std::optional<std::string> layer;
    std::string unmapped;  // why the rows of this layer have no meaning here, or empty
    ProgressBar bar("reading " + std::filesystem::path(path).filename().string(), 0, "bytes");
    auto take = [&](reader::Row& row) -> Result<void> {
        if (row.layer->name != layer) {
            layer = row.layer->name;
            auto mapping = map_layer(row, options);
            // A workbook may hold a sheet of notes beside the list; a file of one table may not.
            if (!mapping && layer->empty()) return at(path, mapping.error());
            unmapped = mapping ? "" : mapping.error().detail;
            if (mapping) {
                out.mappings.push_back({*layer, *mapping});
                planner.set_mapping(*mapping);
            }
        }
        if (unmapped.empty())
            planner.add(to_row(row));
        else
            planner.refuse(to_row(row), unmapped);
        return {};
    };
    const auto show = [&](const reader::Progress& progress) {
        bar.at(progress.bytes_read, progress.bytes_total);
    };
    TRY(summary, reader::read_rows(path, {}, take, show));
    out.warnings = std::move(summary.warnings);
    return out;
}

Result<intake::MappingOptions> mapping_options(const ImportArgs& args) {
    intake::MappingOptions options;
    for (const std::string& text : args.map) {
        TRY(one, intake::parse_map(text));
        options.map.push_back(std::move(one));
    }
    for (const std::string& text : args.class_of) {
        TRY(one, intake::parse_class_of(text));
        options.class_of.insert(std::move(one));
    }
    if (!args.fallback_class.empty()) {
        TRY(fallback, statement::parse_class(args.fallback_class));
        options.fallback = fallback;
    }
    return options;
}

/// Logs statements in batches; while one is stored the next is composed.
Result<void> say_all(Session& session, std::vector<Session::Said> statements, bool json) {
    using Composed = Result<std::vector<node::Composed>>;
    ProgressBar bar("logging", statements.size(), "statements");
    auto compose_at = [&](std::size_t begin, Instant moment) {
        const std::size_t end = std::min(begin + batch_size, statements.size());
        const auto first = statements.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto last = statements.begin() + static_cast<std::ptrdiff_t>(end);
        return session.compose({std::make_move_iterator(first), std::make_move_iterator(last)},
                               moment);
    };
    Instant moment = now();
    Composed ready = compose_at(0, moment);
    for (std::size_t begin = 0; begin < statements.size(); begin += batch_size) {
        if (!ready) return tl::unexpected(ready.error());
        const std::size_t count = ready->size();
        const Instant next_moment = std::max(now(), moment);
        std::future<Composed> next;
        if (begin + batch_size < statements.size()) {
            next = std::async(std::launch::async, compose_at, begin + batch_size, next_moment);
        }
        const auto receipt = session.node().submit(std::move(*ready), moment);
        if (next.valid()) ready = next.get();
        if (!receipt) return tl::unexpected(receipt.error());
        moment = next_moment;
        print_durable({count, receipt->first.v, receipt->head.checkpoint.size.v}, json);
        bar.at(begin + count);
    }
    return {};
}

std::vector<Session::Said> statements_of(Session& session, intake::ImportPlan& plan,
                                         const ImportArgs& args) {
    std::vector<Session::Said> out;
    out.reserve(plan.additions.size() + plan.amendments.size());
    const std::string& actor = args.common.actor;
    for (intake::Addition& one : plan.additions) {
        out.push_back({{statement::act::add, actor, std::move(one.protection), {}}, nullptr});
    }
    if (!args.amend) return out;
    const registry::Snapshot& all = session.node().snapshot();
    for (intake::Amendment& one : plan.amendments) {
        const auto slot = all.find(one.record);
        out.push_back({{statement::act::amend, actor, std::move(one.after), {}}, &all.at(*slot)});
    }
    return out;
}

/// One file: read, plan, show; log unless this is a dry run.
Result<void> import_file(Session& session, const std::string& path, const ImportArgs& args,
                         const intake::MappingOptions& options) {
    const std::string source =
        args.source.empty() ? std::filesystem::path(path).filename().string() : args.source;
    TRY(file, read_file_rows(path, source, options));
    const view::View view = session.view();
    intake::ImportPlan plan = std::move(file.planner).finish(Lookup(view, now()));
    print_plan(file, plan, args);
    if (args.dry_run) return {};
    const std::size_t additions = plan.additions.size();
    std::vector<Session::Said> statements = statements_of(session, plan, args);
    if (statements.empty()) return {};
    if (!args.yes &&
        !confirm(fmt::format("Import {} rows of {} as shown?", grouped(statements.size()), path))) {
        return fail(Errc::refused, fmt::format("nothing of {} was imported: what is shown above is "
                                               "confirmed by typing yes, or with --yes",
                                               path));
    }
    const std::size_t amended = statements.size() - additions;
    if (const std::string why_not = session.cannot_reduce(); amended > 0 && !why_not.empty()) {
        fmt::print(stderr, "entente import: note: {}\n", why_not);
    }
    // The snapshot keeps the records that the amendments follow.
    const registry::Snapshot kept = session.node().snapshot();
    TRYV(say_all(session, std::move(statements), args.common.json));
    print_done({path, additions, amended, session.node().log().size().v}, args.common.json);
    return {};
}

}  // namespace

Exit import(const ImportArgs& args) {
    const auto options = mapping_options(args);
    if (!options) return report("import", options.error());
    const Access access = args.dry_run ? Access::read : Access::write;
    auto session = Session::open(args.common, {access, false, args.root_file});
    if (!session) return report("import", session.error());
    for (const std::string& path : args.files) {
        const auto done = import_file(*session, path, args, *options);
        if (!done) return report("import", done.error());
    }
    return Exit::ok;
}

}  // namespace entente::cli
