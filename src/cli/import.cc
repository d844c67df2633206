// SPDX-License-Identifier: Apache-2.0
// `entente import`: read apart, plan, show, confirm, log in durable batches.
#include <fmt/format.h>

#include <filesystem>
#include <future>

#include "cli/read_list.h"
#include "cli/service.h"
#include "cli/verbs.h"
#include "net/import_report.h"
#include "net/limits.h"
#include "net/target.h"

namespace entente::cli {
namespace {

constexpr std::size_t batch_size = 4096;

net::ReportForm form_of(const ImportArgs& args) {
    return args.common.json ? net::ReportForm::json : net::ReportForm::text;
}

void show(std::string_view text) {
    fmt::print("{}", text);
    (void)std::fflush(stdout);
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
Result<void> say_all(Session& session, std::vector<Session::Said> statements,
                     net::ReportForm form) {
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
        const auto receipt = session.exchange().log({std::move(*ready), {}, {}}, {}, moment);
        if (next.valid()) ready = next.get();
        if (!receipt) return tl::unexpected(receipt.error());
        moment = next_moment;
        show(net::durable_report({count, receipt->first.v, receipt->head.checkpoint.size.v}, form));
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
    TRY(file, [&] {
        ProgressBar bar("reading " + std::filesystem::path(path).filename().string(), 0, "bytes");
        return read_list(path, source, options, [&](const reader::Progress& progress) {
            bar.at(progress.bytes_read, progress.bytes_total);
        });
    }());
    const view::View view = session.view();
    intake::ImportPlan plan = std::move(file.planner).finish(net::Lookup(view, now()));
    show(net::plan_report(file, plan, args.amend, form_of(args)));
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
    TRYV(say_all(session, std::move(statements), form_of(args)));
    show(
        net::done_report({path, additions, amended, session.node().log().size().v}, form_of(args)));
    return {};
}

std::string query_of(const ImportArgs& args, const std::string& path) {
    const std::string name = std::filesystem::path(path).filename().string();
    std::string query = "/v1/imports?name=" + net::percent_encode(name);
    auto add = [&](const char* key, const std::string& value) {
        if (!value.empty()) query += fmt::format("&{}={}", key, net::percent_encode(value));
    };
    add("source", args.source);
    add("class", args.fallback_class);
    for (const std::string& text : args.class_of) add("class_of", text);
    for (const std::string& text : args.map) add("map", text);
    if (args.amend) add("amend", "true");
    return query;
}

/// One file through the node that serves the register: preview, confirm, then the same for good.
Result<void> import_served(Service& service, const std::string& path, const ImportArgs& args) {
    if (path.ends_with(".shp")) {
        return fail(Errc::refused, fmt::format("{} is one file of several; a node that serves the "
                                               "register takes them as one .zip",
                                               path));
    }
    TRY(bytes, read_file(path, net::import_body_max));
    net::Request request;
    request.method = net::Method::post;
    request.target = query_of(args, path) + "&preview=true";
    request.content_type = "application/octet-stream";
    request.accept = args.common.json ? "application/json" : "text/plain";
    request.body = bytes;
    if (args.dry_run || !args.yes) {
        TRY(preview, service.ask(request));
        show(preview.bytes());
        if (args.dry_run) return {};
        if (!confirm(fmt::format("Import {} as shown?", path))) {
            return fail(Errc::refused,
                        fmt::format("nothing of {} was imported: what is shown above "
                                    "is confirmed by typing yes, or with --yes",
                                    path));
        }
    }
    request.target = query_of(args, path);
    std::string last;
    TRY(done, service.ask_streamed(std::move(request), [&](std::string_view piece) {
        show(piece);
        last += piece;
        last.erase(0, last.size() > 4096 ? last.size() - 4096 : 0);
    }));
    if (!last.empty()) last.pop_back();
    const std::string end = last.substr(last.find_last_of('\n') + 1);
    const bool ended = end.starts_with("done: ") || end.starts_with("{\"done\":");
    if (!ended) return fail(Errc::unavailable, "the import stopped before its end (see above)");
    return {};
}

Result<void> import_all(const ImportArgs& args, const intake::MappingOptions& options) {
    const Access access = args.dry_run ? Access::read : Access::write;
    TRY(service, Service::open(args.common, {access, false, args.root_file}));
    Session* session = service.session();
    for (const std::string& path : args.files) {
        TRYV(session != nullptr ? import_file(*session, path, args, options)
                                : import_served(service, path, args));
    }
    return {};
}

}  // namespace

Exit import(const ImportArgs& args) {
    const auto options = mapping_options(args);
    if (!options) return report("import", options.error());
    const auto done = import_all(args, *options);
    return done ? Exit::ok : report("import", done.error());
}

}  // namespace entente::cli
