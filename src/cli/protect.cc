// SPDX-License-Identifier: Apache-2.0
// `entente protect`: one statement by hand.
#include <fmt/format.h>

#include <algorithm>

#include "base/limits.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "formats/answer.h"
#include "formats/geojson.h"
#include "intake/plan.h"

namespace entente::cli {
namespace {

using statement::Protection;

/// The given flags as one row of a list, whose columns are the flags.
struct FlagRow {
    intake::Row row;
    std::vector<std::string> columns;
    intake::MappingOptions options;

    explicit FlagRow(const ProtectArgs& args) {
        row.number = 1;
        for (const auto& [flag, text] : args.fields) add(flag, text);
    }
    bool has(const std::string& flag) const {
        return std::find(columns.begin(), columns.end(), flag) != columns.end();
    }
    void add(const std::string& flag, const std::string& text) {
        columns.push_back(flag);
        row.cells.push_back(text);
        options.map.emplace_back(*intake::parse_field(flag), flag);
    }
    /// Says what is missing in the words of flags; later only columns of a list are spoken of.
    Result<void> complete(bool is_new) const {
        if (has("lat") != has("lon")) {
            return fail(Errc::malformed, "a position takes both --lat and --lon");
        }
        if (is_new && !has("lat")) {
            return fail(Errc::malformed,
                        "where is it? Give --lat and --lon, or a file with one "
                        "GeoJSON Feature");
        }
        if (is_new && !has("class")) return fail(Errc::malformed, "what is it? Give --class CLASS");
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (columns[i] == "class") TRYV(statement::parse_class(row.cells[i]));
        }
        return {};
    }
    Result<intake::Mapping> mapping() {
        options.has_geometry = !row.shapes.empty();
        return intake::map_columns(columns, options);
    }
};

Result<Protection> from_feature(const ProtectArgs& args) {
    const std::string& path = args.feature_file;
    if (!args.fields.empty()) {
        return fail(Errc::malformed, fmt::format("--{} and the file {} both say what the place is; "
                                                 "give one of the two",
                                                 args.fields.front().first, path));
    }
    TRY(json, read_file(path, limits::plan_bytes_max));
    auto read = formats::read_protection(json);
    if (!read) return at(path, read.error());
    for (const std::string& name : read->ignored) {
        fmt::print(stderr, "entente protect: note: {} means nothing here and was not used\n", name);
    }
    return std::move(read->protection);
}

Result<Protection> to_add(const ProtectArgs& args) {
    if (!args.feature_file.empty()) return from_feature(args);
    FlagRow flags(args);
    TRYV(flags.complete(true));
    TRY(mapping, flags.mapping());
    TRY(protection, intake::read_row(flags.row, mapping, ""));
    if (!flags.has("ref")) protection.ref.clear();  // made by hand, so no list has a key for it
    return protection;
}

/// The record's content with the given flags in place of what it says.
Result<Protection> with_flags(const ProtectArgs& args, const Protection& old) {
    FlagRow flags(args);
    TRYV(flags.complete(false));
    if (!flags.has("lat") && !flags.has("lon")) {
        flags.row.shapes = {old.where.front().volume.shape};
    } else if (const auto* circle = std::get_if<geo::Circle>(&old.where.front().volume.shape);
               circle && circle->radius.v > 0 && !flags.has("radius_m")) {
        flags.add("radius_m", fmt::format("{}.{}", circle->radius.v / 10, circle->radius.v % 10));
    }
    flags.options.fallback = old.protection_class;
    TRY(mapping, flags.mapping());
    intake::Planner planner(old.source);
    planner.set_mapping(mapping);
    Protection now = old;
    now.where.resize(1);
    planner.add(flags.row);
    auto plan = std::move(planner).finish([&](const std::string&, const std::string&) {
        return intake::Known{{}, now};
    });
    if (!plan.refusals.empty()) return fail(Errc::malformed, plan.refusals.front().reason);
    if (plan.amendments.empty()) return fail(Errc::refused, "nothing would change");
    Protection out = std::move(plan.amendments.front().after);
    if (!flags.has("ref")) out.ref = old.ref;
    return out;
}

Exit said(Session& session, const ProtectArgs& args, const char* verb, Session::Said what) {
    const auto id = what.record ? std::optional(what.record->id) : std::nullopt;
    const auto composed = session.say({std::move(what)});
    if (!composed) return report(verb, composed.error());
    const view::View view = session.view();
    const view::Slot slot = id ? *view.find(*id) : static_cast<view::Slot>(view.size() - 1);
    fmt::print("{}", args.common.json ? formats::record_json(view, slot, now()) + "\n"
                                      : formats::record_text(view, slot, now()));
    return Exit::ok;
}

/// Opens the register and finds the record that `args.id` names.
struct Target {
    Session session;
    registry::Snapshot snapshot;  // keeps `record`
    const registry::Record* record;
};
Result<Target> target(const ProtectArgs& args) {
    TRY(id, RecordId::parse(args.id));
    TRY(session, Session::open(args.common, {Access::write, false, args.root_file}));
    const registry::Snapshot snapshot = session.node().snapshot();
    const auto slot = snapshot.find(id);
    if (!slot) return fail(Errc::not_found, "no record " + args.id + " in this register");
    const registry::Record* record = &snapshot.at(*slot);
    return Target{std::move(session), snapshot, record};
}

/// One version without new content.
Exit follow(const ProtectArgs& args, const char* verb, node::Draft draft) {
    auto found = target(args);
    if (!found) return report(verb, found.error());
    const std::string why_not = found->session.cannot_reduce();
    if (draft.act != statement::act::confirm && !why_not.empty()) {
        return report(verb, {Errc::unavailable, why_not});
    }
    draft.actor = args.common.actor;
    return said(found->session, args, verb, {std::move(draft), found->record});
}

}  // namespace

Exit protect_add(const ProtectArgs& args) {
    auto protection = to_add(args);
    if (!protection) return report("protect add", protection.error());
    if (auto valid = statement::validate(*protection); !valid) {
        return report("protect add", valid.error());
    }
    auto session = Session::open(args.common, {Access::write, false, {}});
    if (!session) return report("protect add", session.error());
    return said(*session, args, "protect add",
                {{statement::act::add, args.common.actor, std::move(*protection), {}}, nullptr});
}

Exit protect_amend(const ProtectArgs& args) {
    constexpr const char* verb = "protect amend";
    auto found = target(args);
    if (!found) return report(verb, found.error());
    const registry::Content* content = found->record->content();
    if (content == nullptr) return report(verb, {Errc::refused, "the record cannot be read here"});
    auto next =
        args.feature_file.empty() ? with_flags(args, content->protection) : from_feature(args);
    if (!next) return report(verb, next.error());
    if (const std::string why_not = found->session.cannot_reduce(); !why_not.empty()) {
        fmt::print(stderr, "{}: note: {}\n", verb, why_not);
    }
    return said(found->session, args, verb,
                {{statement::act::amend, args.common.actor, std::move(*next), {}}, found->record});
}

Exit protect_withdraw(const ProtectArgs& args) {
    return follow(args, "protect withdraw", {statement::act::withdraw, {}, {}, {}});
}

Exit protect_confirm(const ProtectArgs& args) {
    const auto until = parse_rfc3339(args.until);
    if (!until) return report("protect confirm", until.error());
    return follow(args, "protect confirm", {statement::act::confirm, {}, {}, *until});
}

Exit protect_confirm_move(const ProtectArgs& args) {
    return follow(args, "protect confirm-move", {statement::act::confirm_move, {}, {}, {}});
}

}  // namespace entente::cli
