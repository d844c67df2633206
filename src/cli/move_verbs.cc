// SPDX-License-Identifier: Apache-2.0
// `entente move`: convoys, vessels and flights, leg by leg.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/limits.h"
#include "base/printable.h"
#include "cli/ask.h"
#include "cli/bind.h"
#include "cli/say.h"
#include "formats/json_out.h"
#include "formats/movement.h"
#include "net/target.h"

namespace entente::cli {
namespace {

struct MoveArgs {
    Common common;
    std::string id;
    std::string file;
    std::vector<std::string> to;
    std::uint32_t leg = 0;
    std::string at;
    bool over = false;
    std::string root_file;
};

std::string route(const MoveArgs& args) { return "/v1/movements/" + args.id; }

/// Read here first, so that what is wrong with the file is said with its name.
Result<std::string> movement_file(const std::string& path) {
    TRY(json, read_file(path, limits::plan_bytes_max));
    auto read = formats::read_movement(json);
    if (!read) return at(path, read.error());
    for (const std::string& name : read->ignored) {
        fmt::print(stderr, "entente move: note: {} means nothing here and was not used\n",
                   printable(name));
    }
    return json;
}

Exit add(const MoveArgs& args) {
    constexpr const char* verb = "move add";
    const auto movement = movement_file(args.file);
    if (!movement) return report(verb, movement.error());
    auto service = Service::open(args.common, {Access::write, false, {}});
    if (!service) return report(verb, service.error());
    net::Request request;
    request.method = net::Method::post;
    request.target = "/v1/movements";
    std::string to;
    for (const std::string& one : args.to) to += (to.empty() ? "" : ",") + one;
    if (!to.empty()) request.target += "?to=" + net::percent_encode(to);
    request.content_type = "application/geo+json";
    request.body = *movement;
    return say(*service, args.common, verb, std::move(request));
}

/// Sends the next version, of the one that is there now.
Exit follow(const MoveArgs& args, const char* verb, const std::string& body) {
    if (const auto id = RecordId::parse(args.id); !id) return report(verb, id.error());
    auto service = Service::open(args.common, {Access::write, false, args.root_file});
    if (!service) return report(verb, service.error());
    const auto there = service->get(route(args), "application/json");
    if (!there) return report_record(verb, args.id, there.error());
    net::Request request = patch(route(args), body);
    request.if_match = etag(*there);  // what was looked at is what is followed
    return say(*service, args.common, verb, std::move(request));
}

Exit amend(const MoveArgs& args) {
    const auto movement = movement_file(args.file);
    if (!movement) return report("move amend", movement.error());
    return follow(args, "move amend", R"({"act":"amend","movement":)" + *movement + "}");
}

Exit start(const MoveArgs& args) {
    std::string body = fmt::format(R"({{"act":"start","leg":{})", args.leg);
    if (!args.at.empty()) {
        const auto at = parse_rfc3339(args.at);
        if (!at) return report("move start", at.error());
        body += R"(,"at":")" + format_rfc3339(*at) + "\"";
    }
    return follow(args, "move start", body + "}");
}

Exit end(const MoveArgs& args) {
    return follow(args, "move end", fmt::format(R"({{"act":"end","leg":{}}})", args.leg));
}

Exit cancel(const MoveArgs& args) { return follow(args, "move cancel", R"({"act":"cancel"})"); }

Result<void> list(const MoveArgs& args) {
    TRY(service, Service::open(args.common, {}));
    TRY(answered, ask_json(service, net::Method::get,
                           std::string("/v1/movements") + (args.over ? "?over=yes" : "")));
    if (args.common.json) {
        fmt::print("{}", answered.text);
        return {};
    }
    std::vector<std::vector<std::string>> rows;
    for (const formats::Json& one : answered.json.find("movements")->elements) {
        const auto& legs = one.find("legs")->elements;
        if (legs.empty()) {
            rows.push_back({member(one, "id"), member(one, "party"), member(one, "class"), "",
                            member(one, "state"), "", "", member(one, "contact")});
        }
        for (const formats::Json& leg : legs) {
            const std::string early = member(leg, "early") == "yes" ? " EARLY" : "";
            rows.push_back({member(one, "id"), member(one, "party"), member(one, "class"),
                            member(leg, "leg"), member(leg, "state") + early,
                            member(leg, "time_start"), member(leg, "time_end"),
                            member(one, "contact")});
        }
    }
    if (rows.empty()) fmt::print("no movement is under way or planned\n");
    if (!rows.empty()) {
        print_table({"movement", "party", "class", "leg", "state", "starts", "ends", "contact"},
                    rows);
    }
    return {};
}

/// Per leg and party how far its receipts got; what no unit has confirmed is said in capitals.
Result<void> print_told(Service& service, const std::string& id) {
    auto answered =
        ask_json(service, net::Method::get, "/v1/receipts?record=" + net::percent_encode(id));
    if (!answered) {
        if (answered.error().code != Errc::not_found && answered.error().code != Errc::refused) {
            return tl::unexpected(answered.error());
        }
        fmt::print("Told nobody: this party keeps its register alone.\n");
        return {};
    }
    std::vector<std::vector<std::string>> rows;
    for (const formats::Json& ladder : answered->json.find("records")->elements) {
        const formats::Json* legs = ladder.find("legs");
        if (legs == nullptr) continue;
        for (const formats::Json& leg : legs->elements) {
            const std::string rung = member(leg, "rung");
            std::string stuck = rung == "confirmed" ? "" : "NOT CONFIRMED BY ANY UNIT";
            if (member(leg, "differs") == "yes") stuck = "MISMATCH";
            if (member(leg, "refused") == "yes") stuck = "REFUSED";
            rows.push_back({member(leg, "leg"), member(ladder, "party"), member(ladder, "tier"),
                            rung, member(leg, "units"), stuck});
        }
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
        return std::stoul(a[0]) < std::stoul(b[0]);
    });
    if (rows.empty()) {
        fmt::print("Told nobody yet, or nothing of this version: entente release {} --to PARTY\n",
                   id);
    } else {
        print_table({"leg", "party", "tier", "rung", "units", ""}, rows);
    }
    return {};
}

Result<void> show(const MoveArgs& args) {
    TRYV(RecordId::parse(args.id));
    TRY(service, Service::open(args.common, {}));
    TRY(record, service.get(route(args), args.common.json ? "application/json" : "text/plain"));
    fmt::print("{}", record.bytes());
    if (args.common.json) return {};
    TRY(whole, ask_json(service, net::Method::get, "/v1/about"));
    TRY(json, ask_json(service, net::Method::get, route(args)));
    if (member(json.json, "party") != member(whole.json, "party")) return {};
    fmt::print("Told, leg by leg:\n");
    return print_told(service, args.id);
}

Exit done(const char* verb, const Result<void>& result) {
    return result ? Exit::ok : report(verb, result.error());
}

void add_file(CLI::App* app, MoveArgs& args) {
    app->add_option("FILE", args.file,
                    "GeoJSON FeatureCollection. Its properties: class, name, contact, vehicles (a "
                    "list of objects with callsign, type, colour, plate, marking). A Feature for "
                    "each leg, a LineString with half_width_m, time_start, time_end, and from, to, "
                    "leg (its number), vehicles (callsigns), and what a protection takes")
        ->required();
}

CLI::App* leg_verb(CLI::App& move, const char* name, const char* what, const char* example,
                   MoveArgs& args) {
    CLI::App* app = verb(move, name, what, example, args.common);
    app->add_option("ID", args.id, "The movement")->required();
    app->add_option("--leg", args.leg, "The leg's number")->required();
    return app;
}

void add_writing(CLI::App& move, MoveArgs& args, Run& run) {
    CLI::App* app =
        verb(move, "add", "State a movement: its legs, their windows and vehicles",
             "entente move add convoy.geojson --to ru,un:coarse --data reg", args.common);
    add_file(app, args);
    app->add_option("--to", args.to, "Release it in the same breath: PARTY, or PARTY:TIER")
        ->delimiter(',');
    app->callback([&] { run = [&] { return add(args); }; });
    app = verb(move, "amend", "State its legs anew; those that change must be acknowledged anew",
               "entente move amend mzxw6ytbmzxw6ytb convoy.geojson --data reg", args.common);
    app->add_option("ID", args.id, "The movement")->required();
    add_file(app, args);
    app->callback([&] { run = [&] { return amend(args); }; });
    app = leg_verb(move, "start", "Say that a leg has set out",
                   "entente move start mzxw6ytbmzxw6ytb --leg 1 --data reg", args);
    app->add_option("--at", args.at, "When, if not now: 2026-01-31T14:00:00Z");
    app->callback([&] { run = [&] { return start(args); }; });
    app = leg_verb(move, "end", "Say that a leg has ended; officers sign it",
                   "entente move end mzxw6ytbmzxw6ytb --leg 1 --data reg", args);
    app->callback([&] { run = [&] { return end(args); }; });
    app = verb(move, "cancel", "End what is left of a movement; officers sign it",
               "entente move cancel mzxw6ytbmzxw6ytb --data reg", args.common);
    app->add_option("ID", args.id, "The movement")->required();
    app->callback([&] { run = [&] { return cancel(args); }; });
}

}  // namespace

void add_move(CLI::App& root, Run& run) {
    static MoveArgs args;
    CLI::App* move = root.add_subcommand("move", "Convoys, vessels and flights, leg by leg");
    move->require_subcommand(1);
    add_writing(*move, args, run);
    CLI::App* app = verb(*move, "list", "How each leg of each movement stands",
                         "entente move list --data reg", args.common);
    app->add_flag("--over", args.over, "With those that are over");
    app->callback([&] { run = [&] { return done("move list", list(args)); }; });
    app = verb(*move, "show", "One movement, and who has acknowledged which leg of it",
               "entente move show mzxw6ytbmzxw6ytb --data reg", args.common);
    app->add_option("ID", args.id, "The movement")->required();
    app->callback([&] { run = [&] { return done("move show", show(args)); }; });
}

}  // namespace entente::cli
