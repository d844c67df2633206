// SPDX-License-Identifier: Apache-2.0
// `entente protect` and `entente presence`: one statement by hand.
#include <fmt/format.h>

#include <algorithm>

#include "base/limits.h"
#include "base/printable.h"
#include "cli/ask.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "formats/geojson.h"
#include "formats/json.h"
#include "intake/plan.h"
#include "net/target.h"

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
        fmt::print(stderr, "entente {}: note: {} means nothing here and was not used\n", args.of,
                   printable(name));
    }
    return std::move(read->protection);
}

bool is_presence(const ProtectArgs& args) { return args.of == std::string_view("presence"); }

/// With what the flags of a presence say in place of what it said of its group.
Result<Protection> with_group(const ProtectArgs& args, Protection said) {
    if (!is_presence(args)) return said;
    if (!said.presence && (args.group.empty() || args.grade.empty())) {
        return fail(Errc::malformed,
                    "whose area is it, and how is that known? Give --group RECORD and --grade, as "
                    "B2; without a --sponsor its author vouches for it");
    }
    if (!said.presence) said.presence.emplace();
    if (!args.group.empty()) {
        TRY(group, RecordId::parse(args.group));
        said.presence->group = group;
    }
    if (!args.grade.empty()) {
        TRY(grade, statement::parse_grade(args.grade));
        said.presence->grade = grade;
    }
    if (!args.sponsor.empty()) {
        TRY(sponsor, PartyId::parse(args.sponsor));
        said.presence->sponsor = sponsor;
    }
    return said;
}

Result<Protection> to_add(const ProtectArgs& args) {
    if (!args.feature_file.empty()) return from_feature(args);
    FlagRow flags(args);
    if (is_presence(args)) {
        flags.add("class", statement::name(statement::ProtectionClass::group_area));
    }
    TRYV(flags.complete(true));
    TRY(mapping, flags.mapping());
    TRY(protection, intake::read_row(flags.row, mapping, ""));
    if (!flags.has("ref")) protection.ref.clear();  // made by hand, so no list has a key for it
    return protection;
}

/// The record's content with the given flags in place of what it says.
Result<Protection> with_flags(const ProtectArgs& args, const Protection& old) {
    if (args.fields.empty() && is_presence(args)) return old;
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

/// What the next version states.
Result<Protection> to_amend(const ProtectArgs& args, const Protection& old) {
    if (!args.feature_file.empty()) {
        TRY(said, from_feature(args));
        return with_group(args, std::move(said));
    }
    TRY(flagged, with_flags(args, old));
    TRY(said, with_group(args, std::move(flagged)));
    if (said == old) return fail(Errc::refused, "nothing would change");
    return said;
}

/// Opens the register for the record that `args.id` names.
Result<Service> open_for(const ProtectArgs& args) {
    TRYV(RecordId::parse(args.id));
    return Service::open(args.common, {Access::write, false, args.root_file});
}

/// One version without new content.
Exit follow(const ProtectArgs& args, const char* act, const std::string& body) {
    const std::string full = fmt::format("{} {}", args.of, act);
    const char* const verb = full.c_str();
    auto service = open_for(args);
    if (!service) return report(verb, service.error());
    const auto there = service->get("/v1/protections/" + args.id, "application/json");
    if (!there) return report_record(verb, args.id, there.error());
    net::Request request = patch("/v1/protections/" + args.id, body);
    request.if_match = etag(*there);  // what was looked at is what is ended or confirmed
    return say(*service, args.common, verb, std::move(request));
}

/// What the record says now.
Result<Protection> content_of(const net::Response& record) {
    TRY(json, formats::parse_json(record.bytes(), record.bytes().size()));
    const formats::Json* feature = json.find("protection");
    if (feature == nullptr) return fail(Errc::refused, "the record cannot be read here");
    TRY(read, formats::read_protection(*feature));
    return std::move(read.protection);
}

}  // namespace

Exit protect_add(const ProtectArgs& args) {
    const std::string full = fmt::format("{} add", args.of);
    const char* const verb = full.c_str();
    auto protection = to_add(args);
    if (protection) protection = with_group(args, std::move(*protection));
    if (!protection) return report(verb, protection.error());
    if (auto valid = statement::validate(*protection); !valid) return report(verb, valid.error());
    auto service = Service::open(args.common, {Access::write, false, {}});
    if (!service) return report(verb, service.error());
    net::Request request;
    request.method = net::Method::post;
    request.target = "/v1/protections";
    std::string to;
    for (const std::string& one : args.to) to += (to.empty() ? "" : ",") + one;
    if (!to.empty()) request.target += "?to=" + net::percent_encode(to);
    request.content_type = "application/geo+json";
    request.body = formats::write_feature(*protection, "");
    return say(*service, args.common, verb, std::move(request));
}

Exit protect_amend(const ProtectArgs& args) {
    const std::string full = fmt::format("{} amend", args.of);
    const char* const verb = full.c_str();
    auto service = open_for(args);
    if (!service) return report(verb, service.error());
    const auto there = service->get("/v1/protections/" + args.id, "application/json");
    if (!there) return report_record(verb, args.id, there.error());
    const auto content = content_of(*there);
    if (!content) return report(verb, content.error());
    const auto next = to_amend(args, *content);
    if (!next) return report(verb, next.error());
    net::Request request =
        patch("/v1/protections/" + args.id,
              R"({"act":"amend","feature":)" + formats::write_feature(*next, "") + "}");
    // What the flags leave out is as it was read; nobody else may have changed it since.
    request.if_match = etag(*there);
    return say(*service, args.common, verb, std::move(request));
}

Exit protect_withdraw(const ProtectArgs& args) {
    return follow(args, "withdraw", R"({"act":"withdraw"})");
}

Exit protect_confirm(const ProtectArgs& args) {
    const auto until = parse_rfc3339(args.until);
    if (!until) return report("protect confirm", until.error());
    return follow(args, "confirm",
                  R"({"act":"confirm","until":")" + format_rfc3339(*until) + "\"}");
}

Exit protect_confirm_move(const ProtectArgs& args) {
    return follow(args, "confirm-move", R"({"act":"confirm_move"})");
}

}  // namespace entente::cli
