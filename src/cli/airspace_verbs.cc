// SPDX-License-Identifier: Apache-2.0
// `entente airspace`: boundaries and zones as this party asserts them, and others' versions beside
// them. Which of them is right is never said.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/limits.h"
#include "base/printable.h"
#include "cli/airspace.h"
#include "cli/ask.h"
#include "cli/bind.h"
#include "cli/data_dir.h"
#include "cli/say.h"
#include "formats/geojson.h"
#include "formats/json_out.h"
#include "net/target.h"

namespace entente::cli {
namespace {

struct AirspaceArgs {
    Common common;
    std::string id;
    std::string file;
    std::string accuracy;
    std::vector<std::string> to;
    bool withdrawn = false;
    // name, contact, frequency, language, text: those that were given.
    std::map<std::string, std::string> texts;
};

std::string route(const AirspaceArgs& args) {
    return "/v1/airspace/" + net::percent_encode(args.id);
}

/// Read here first, so that what is wrong with the file is said with its name.
Result<std::string> plan_file(const std::string& path) {
    TRY(json, read_file(path, limits::plan_bytes_max));
    const auto plan = formats::read_plan(json);
    if (!plan) return at(path, plan.error());
    for (const std::string& name : plan->ignored) {
        fmt::print(stderr, "entente airspace: note: {} means nothing here and was not used\n",
                   printable(name));
    }
    return std::string(without_mark(json));
}

/// The members that were given, each with a comma before it.
Result<std::string> members(const AirspaceArgs& args) {
    std::string out;
    if (!args.file.empty()) {
        TRY(plan, plan_file(args.file));
        out += ",\"plan\":" + plan;
    }
    for (const auto& [key, text] : args.texts) {
        out += ",\"" + key + "\":" + formats::quote_json(text);
    }
    if (args.accuracy.empty()) return out;
    const auto number = formats::parse_json(args.accuracy, args.accuracy.size());
    if (!number || !number->is(formats::JsonKind::number)) {
        return fail(Errc::malformed, "--accuracy: metres, like 50");
    }
    return out + ",\"accuracy_m\":" + args.accuracy;
}

/// Sends one statement and says what it came to.
Exit send(const AirspaceArgs& args, const char* verb, net::Method method, const std::string& target,
          const std::string& body) {
    auto service = Service::open(args.common, {Access::write, false, {}});
    if (!service) return report(verb, service.error());
    const auto answered = ask_json(*service, method, target, body);
    if (!answered) return report(verb, answered.error());
    if (args.common.json) {
        fmt::print("{}", answered->text);
    } else {
        fmt::print("airspace {}, version {}: durable as entry {}\n", member(answered->json, "id"),
                   member(answered->json, "version"), member(answered->json, "entry"));
    }
    return Exit::ok;
}

Exit add(const AirspaceArgs& args) {
    const auto body = members(args);
    if (!body) return report("airspace add", body.error());
    std::string to;
    for (const std::string& party : args.to) {
        to += (to.empty() ? "" : ",") + formats::quote_json(party);
    }
    return send(args, "airspace add", net::Method::post, "/v1/airspace",
                "{\"to\":[" + to + "]" + *body + "}");
}

Exit amend(const AirspaceArgs& args) {
    const auto body = members(args);
    if (!body) return report("airspace amend", body.error());
    return send(args, "airspace amend", net::Method::patch, route(args),
                "{\"act\":\"amend\"" + *body + "}");
}

Exit withdraw(const AirspaceArgs& args) {
    return send(args, "airspace withdraw", net::Method::patch, route(args),
                "{\"act\":\"withdraw\"}");
}

std::string or_none(const std::string& text) { return text.empty() ? "-" : text; }

std::string side(const formats::Json& difference, const char* key) {
    const formats::Json* one = difference.find(key);
    return one == nullptr ? "" : member(*one, "party") + " version " + member(*one, "version");
}

void print_difference(const formats::Json& one) {
    std::string text = side(one, "of") + " and " + side(one, "beside") + ": ";
    if (member(one, "same_volumes") == "yes") {
        fmt::print("  {}the same volumes\n", text);
        return;
    }
    const std::string area = member(one, "area_differs_km2"),
                      apart = member(one, "outlines_apart_m");
    text += area.empty() ? "areas cannot be compared" : "areas differ by " + area + " km2";
    text += apart.empty() ? "; outlines are not simple ones"
                          : fmt::format("; outlines up to {} m apart (or {} m more)", apart,
                                        member(one, "or_more_by_m"));
    fmt::print("  {}\n", text);
}

void print_group(const formats::Json& group) {
    fmt::print("{}\n", or_none(member(group, "name")));
    std::vector<std::vector<std::string>> rows;
    for (const formats::Json& one : group.find("statements")->elements) {
        std::vector<std::string> row{member(one, "id"),
                                     member(one, "party"),
                                     member(one, "version"),
                                     member(one, "state"),
                                     "",
                                     member(one, "contact"),
                                     member(one, "frequency"),
                                     member(one, "language")};
        const auto& in_force = one.find("in_force")->elements;
        for (const formats::Json& each : in_force) {
            row[2] = member(each, "version");
            row[4] = or_none(member(each, "area_km2"));
            rows.push_back(row);
        }
        if (in_force.empty()) rows.push_back(row);
    }
    print_table(
        {"airspace", "party", "version", "state", "km2", "contact", "frequency", "language"}, rows);
    for (const formats::Json& one : group.find("differences")->elements) print_difference(one);
}

Exit list(const AirspaceArgs& args) {
    auto service = Service::open(args.common, {});
    if (!service) return report("airspace list", service.error());
    const auto answered =
        ask_json(*service, net::Method::get,
                 std::string("/v1/airspace") + (args.withdrawn ? "?withdrawn=yes" : ""));
    if (!answered) return report("airspace list", answered.error());
    if (args.common.json) {
        fmt::print("{}", answered->text);
        return Exit::ok;
    }
    const auto& groups = answered->json.find("airspace")->elements;
    if (groups.empty()) fmt::print("no boundary or zone is asserted in what you may see\n");
    for (const formats::Json& group : groups) print_group(group);
    if (const auto more = number(answered->json, "not_compared"); more > 0) {
        fmt::print("{} more pairs were not compared\n", more);
    }
    if (const auto more = number(answered->json, "not_watched"); more > 0) {
        fmt::print("{} more versions are beyond what live tracks look at\n", more);
    }
    return Exit::ok;
}

Exit show(const AirspaceArgs& args) {
    auto service = Service::open(args.common, {});
    if (!service) return report("airspace show", service.error());
    const auto answered = ask_json(*service, net::Method::get, route(args));
    if (!answered) return report_record("airspace show", args.id, answered.error());
    if (args.common.json) {
        fmt::print("{}", answered->text);
        return Exit::ok;
    }
    const formats::Json& json = answered->json;
    fmt::print("airspace {} of {} \"{}\": {}, version {}\n", member(json, "id"),
               member(json, "party"), member(json, "name"), member(json, "state"),
               member(json, "version"));
    fmt::print("call {}{}{}\n", member(json, "contact"),
               member(json, "frequency").empty() ? "" : " on " + member(json, "frequency"),
               member(json, "language").empty() ? "" : " in " + member(json, "language"));
    if (const std::string text = member(json, "text"); !text.empty()) fmt::print("{}\n", text);
    for (const formats::Json& one : json.find("versions")->elements) {
        const formats::Json* plan = one.find("plan");
        const formats::Json* features = plan != nullptr ? plan->find("features") : nullptr;
        const std::string area = member(one, "area_km2");
        fmt::print("  version {}: {} by {} at {}, entry {}{}{}{}\n", member(one, "version"),
                   member(one, "act"), member(one, "actor"), member(one, "time"),
                   member(one, "entry"),
                   features == nullptr ? std::string()
                                       : fmt::format(", {} volumes", features->elements.size()),
                   area.empty() ? "" : ", " + area + " km2",
                   member(one, "in_force") == "yes" ? "; in force" : "");
    }
    return Exit::ok;
}

void add_members(CLI::App* app, AirspaceArgs& args) {
    const auto text = [&](const char* name, const char* what) {
        return app->add_option_function<std::string>(
            std::string("--") + name,
            [&args, name](const std::string& given) { args.texts[name] = given; }, what);
    };
    text("name", "The name that all parties use for this boundary or zone");
    text("contact", "The role that can be called about it");
    text("frequency", "On which who comes near is called, and listens");
    text("language", "Of those calls (BCP 47)");
    text("text", "What else is to be known");
    app->add_option("--accuracy", args.accuracy, "How well the outline is known, in metres");
}

}  // namespace

Result<std::vector<StatedZone>> stated_zones(Service& service) {
    TRY(listed, ask_json(service, net::Method::get, "/v1/airspace"));
    std::vector<StatedZone> out;
    for (const formats::Json& group : listed.json.find("airspace")->elements) {
        for (const formats::Json& one : group.find("statements")->elements) {
            const std::string id = as_it_came(one, "id");
            TRY(shown, ask_json(service, net::Method::get, "/v1/airspace/" + id));
            for (const formats::Json& version : shown.json.find("versions")->elements) {
                const formats::Json* plan = version.find("plan");
                if (member(version, "in_force") != "yes" || plan == nullptr) continue;
                auto read = formats::read_plan(*plan);
                if (!read) return at("airspace " + id, read.error());
                std::string name = "\"" + as_it_came(version, "name") + "\" (" + id + ") of " +
                                   as_it_came(one, "party") + ", version " +
                                   std::to_string(number(version, "version"));
                out.push_back({std::move(name), std::move(read->volumes)});
            }
        }
    }
    return out;
}

void add_airspace(CLI::App& root, Run& run) {
    static AirspaceArgs args;
    CLI::App* airspace = root.add_subcommand(
        "airspace", "Boundaries and zones as each party asserts them, side by side");
    airspace->require_subcommand(1);
    CLI::App* app = verb(*airspace, "add", "Assert one, and give it to these parties",
                         "entente airspace add border.geojson --name \"EXERCISE border\" --contact "
                         "\"air desk\" --frequency \"121.5 MHz\" --to ru --data reg",
                         args.common);
    app->add_option("FILE", args.file, "GeoJSON as for a check")->required();
    add_members(app, args);
    app->get_option("--name")->required();
    app->get_option("--contact")->required();
    app->add_option("--to", args.to, "Parties that get it, exactly")->delimiter(',');
    app->callback([&] { run = [&] { return add(args); }; });
    app = verb(*airspace, "amend", "A new version; what is not given stays as it was",
               "entente airspace amend mzxw6ytbmzxw6ytb border.geojson --data reg", args.common);
    app->add_option("ID", args.id, "The boundary or zone")->required();
    app->add_option("FILE", args.file, "GeoJSON, if the volumes are others");
    add_members(app, args);
    app->callback([&] { run = [&] { return amend(args); }; });
    app = verb(*airspace, "withdraw", "Assert it no more; its versions stay to be read",
               "entente airspace withdraw mzxw6ytbmzxw6ytb --data reg", args.common);
    app->add_option("ID", args.id, "The boundary or zone")->required();
    app->callback([&] { run = [&] { return withdraw(args); }; });
    app = verb(*airspace, "list", "All parties' versions by name, and how they differ",
               "entente airspace list --data reg", args.common);
    app->add_flag("--withdrawn", args.withdrawn, "With those that are withdrawn");
    app->callback([&] { run = [&] { return list(args); }; });
    app = verb(*airspace, "show", "One, version by version",
               "entente airspace show mzxw6ytbmzxw6ytb --data reg", args.common);
    app->add_option("ID", args.id, "The boundary or zone")->required();
    app->callback([&] { run = [&] { return show(args); }; });
}

}  // namespace entente::cli
