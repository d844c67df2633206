// SPDX-License-Identifier: Apache-2.0
// What parties know (doc/protocol/sharing.md): `entente report`, `incident`, `assessment`,
// `responsibility`, `link`, `group`, `position`, `control`, `request`, each with the same verbs;
// and `entente corroboration`. Each party's stand beside the others', and nothing is merged.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/cut.h"
#include "base/printable.h"
#include "cli/ask.h"
#include "cli/bind.h"
#include "cli/control_compare.h"
#include "cli/incident_import.h"
#include "cli/incident_join.h"
#include "cli/said_options.h"
#include "cli/say.h"
#include "formats/json_out.h"
#include "net/target.h"
#include "statement/dealing.h"
#include "statement/label.h"
#include "statement/said_codec.h"

namespace entente::cli {
namespace {

using formats::Json;
using formats::JsonKind;
using net::Method;

struct Kind {
    const char* name;  // of the group: `link` is taken, by the links that people sign in with
    const char* kind;
    const char* what;     // of the group
    const char* example;  // of add, behind `entente KIND add`
};

constexpr Kind kinds[] = {
    {statement::report_kind, statement::report_kind,
     "What was seen or told, where and when, with a grade",
     "--topic convoy --text 'twelve lorries' --grade C3 --contact liaison --to un:coarse --tear "
     "'lorries about'"},
    {statement::incident_kind, statement::incident_kind,
     "What happened, what was affected, and how many people",
     "--sort air_strike --from 2015-10-03T02:00:00Z --until 2015-10-03T03:30:00Z --casualties "
     "'category=civilian;harm=killed;least=42' --contact liaison"},
    {statement::assessment_kind, statement::assessment_kind,
     "What this party thinks of a report or an incident",
     "--of mzxw6ytbmzxw6ytb --opinion doubts --grade D4 --text 'the bridge was closed' --contact "
     "analysis"},
    {statement::responsibility_kind, statement::responsibility_kind,
     "Who claims, attributes, denies or accepts an incident",
     "--of mzxw6ytbmzxw6ytb --stance claims --who name='a group' --text 'its broadcast' --contact "
     "liaison"},
    {"incident-link", statement::link_kind,
     "How two incidents belong together, as a party proposes it",
     "--incident mzxw6ytbmzxw6ytb --other nbswy3dpnbswy3dp --relation duplicate_of --contact "
     "liaison"},
    {statement::group_kind, statement::group_kind,
     "That a group exists, and what it is called; never who is in it",
     "--names 'text=EXERCISE brigade;language=en' --contact liaison --to un"},
    {statement::position_kind, statement::position_kind,
     "How this party sees a group, or a point of the charter",
     "--group mzxw6ytbmzxw6ytb --stand protected --text 'it fights the same enemy' --contact "
     "liaison --to un"},
    {statement::control_kind, statement::control_kind,
     "Who holds an area, as this party assesses it",
     "--area 'EXERCISE valley' --volumes valley.geojson --holder name='a group' --grade C3 "
     "--contact liaison"},
    {statement::request_kind, statement::request_kind,
     "That its author gives something to others too, or more of it",
     "--of mzxw6ytbmzxw6ytb --parties msf --text 'their clinic is near' --contact liaison --to un"},
};

struct StatementArgs {
    Common common;
    std::string id;
    std::vector<std::string> to;
    std::optional<std::string> tear;
    std::vector<std::string> label;
    std::vector<std::string> clear;
    std::string about;
    std::string party;
    std::string word, text, contact, release;
    std::string cursor;
    bool withdrawn = false;
    bool due = false;
    SaidOptions said;
};

std::string route(const StatementArgs& args) {
    return "/v1/statements/" + net::percent_encode(args.id);
}

/// `said`, `label` and `tear`, those that were given, each with a comma before it.
Result<std::string> members_of(const StatementArgs& args) {
    TRY(said, args.said.json(args.clear));
    std::string out = ",\"said\":" + said;
    if (!args.label.empty()) {
        std::string pairs;
        for (const std::string& one : args.label) pairs += (pairs.empty() ? "" : ";") + one;
        statement::Label label;
        auto json = thing_of(statement::walk_of(label), pairs);
        if (!json) return at("--label", json.error());
        out += ",\"label\":" + *json;
    }
    if (args.tear) out += ",\"tear\":" + formats::quote_json(*args.tear);
    return out;
}

Exit send(const StatementArgs& args, const std::string& verb, Method method,
          const std::string& target, const Result<std::string>& body) {
    if (!body) return report(verb.c_str(), body.error());
    auto service = Service::open(args.common, {Access::write, false, {}});
    if (!service) return report(verb.c_str(), service.error());
    const auto answered = ask_json(*service, method, target, *body);
    if (!answered) {
        return args.id.empty() ? report(verb.c_str(), answered.error())
                               : report_record(verb.c_str(), args.id, answered.error());
    }
    if (args.common.json)
        fmt::print("{}", answered->text);
    else
        fmt::print("{} {}, version {}: durable as entry {}\n", verb.substr(0, verb.find(' ')),
                   member(answered->json, "id"), member(answered->json, "version"),
                   member(answered->json, "entry"));
    return Exit::ok;
}

Exit add(const StatementArgs& args, const char* kind) {
    std::string to;
    for (const std::string& party : args.to) {
        to += (to.empty() ? "" : ",") + formats::quote_json(party);
    }
    const auto body = members_of(args).map([&](const std::string& members) {
        return "{\"kind\":\"" + std::string(kind) + "\",\"to\":[" + to + "]" + members + "}";
    });
    return send(args, std::string(kind) + " add", Method::post, "/v1/statements", body);
}

Exit amend(const StatementArgs& args, const char* kind) {
    const auto body = members_of(args).map(
        [](const std::string& members) { return "{\"act\":\"amend\"" + members + "}"; });
    return send(args, std::string(kind) + " amend", Method::patch, route(args), body);
}

Exit withdraw(const StatementArgs& args, const char* kind) {
    return send(args, std::string(kind) + " withdraw", Method::patch, route(args),
                std::string("{\"act\":\"withdraw\"}"));
}

Exit reply(const StatementArgs& args, const char* kind) {
    formats::JsonOut body;
    body.object([&] {
        body.member("word", args.word);
        if (!args.text.empty()) body.member("text", args.text);
        if (!args.contact.empty()) body.member("contact", args.contact);
        if (!args.release.empty()) body.member("release", args.release);
    });
    return send(args, std::string(kind) + " reply", Method::post, route(args) + "/reply",
                std::string(body.text()));
}

/// In a few words what it says.
std::string summary(const Json& one) {
    const Json* said = one.find("said");
    if (said == nullptr) said = one.find("tear");
    if (said == nullptr) return "not given";
    std::string out;
    if (const Json* names = said->find("names"); names != nullptr && !names->elements.empty()) {
        out = member(names->elements.front(), "text");
    }
    for (const char* key : {"topic", "sort", "area", "stand", "stance", "opinion", "relation", "of",
                            "incident", "group", "point", "grade", "text"}) {
        const std::string value = member(*said, key);
        if (!value.empty()) out += (out.empty() ? "" : " ") + value;
    }
    constexpr std::size_t shown_max = 100;
    std::replace(out.begin(), out.end(), '\n', ' ');
    return shortened(std::move(out), shown_max);
}

Exit list(const StatementArgs& args, const char* kind) {
    const std::string verb = std::string(kind) + " list";
    auto service = Service::open(args.common, {});
    if (!service) return report(verb.c_str(), service.error());
    std::string target = "/v1/statements?kind=" + std::string(kind);
    const auto with = [&](const char* key, const std::string& value) {
        if (!value.empty()) target += std::string("&") + key + "=" + net::percent_encode(value);
    };
    with("about", args.about);
    with("party", args.party);
    with("cursor", args.cursor);
    if (args.withdrawn) with("withdrawn", "yes");
    if (args.due) with("review", "due");
    const auto answered = ask_json(*service, Method::get, target);
    if (!answered) return report(verb.c_str(), answered.error());
    if (args.common.json) {
        fmt::print("{}", answered->text);
        return Exit::ok;
    }
    std::vector<std::vector<std::string>> rows;
    for (const Json& one : answered->json.find("statements")->elements) {
        rows.push_back({member(one, "id"), member(one, "party"), member(one, "state"),
                        member(one, "tier"), member(one, "version"), member(one, "time"),
                        summary(one)});
    }
    if (rows.empty())
        fmt::print("no {} in what you may see\n", kind);
    else
        print_table({kind, "party", "state", "tier", "version", "time", "what"}, rows);
    const std::string next = member(answered->json, "next");
    if (!next.empty()) fmt::print("there are more: --cursor {}\n", printable(next));
    return Exit::ok;
}

/// Every member on a line of its own, what is in it below.
void print_members(const Json& json, std::size_t indent) {
    for (const formats::JsonMember& one : json.members) {
        const std::string before(indent, ' ');
        const auto& value = one.value;
        if (one.name == "volumes") {
            const Json* features = value.find("features");
            fmt::print("{}{}: {} places\n", before, one.name,
                       features == nullptr ? 0 : features->elements.size());
        } else if (value.is(JsonKind::object)) {
            fmt::print("{}{}:\n", before, printable(one.name));
            print_members(value, indent + 2);
        } else if (value.is(JsonKind::array) && !value.elements.empty() &&
                   value.elements.front().is(JsonKind::object)) {
            for (const Json& element : value.elements) {
                fmt::print("{}{}:\n", before, printable(one.name));
                print_members(element, indent + 2);
            }
        } else {
            fmt::print("{}{}: {}\n", before, printable(one.name), member(json, one.name.c_str()));
        }
    }
}

Exit show(const StatementArgs& args, const char* kind) {
    const std::string verb = std::string(kind) + " show";
    auto service = Service::open(args.common, {});
    if (!service) return report(verb.c_str(), service.error());
    const auto answered = ask_json(*service, Method::get, route(args));
    if (!answered) return report_record(verb.c_str(), args.id, answered.error());
    if (args.common.json) {
        fmt::print("{}", answered->text);
        return Exit::ok;
    }
    print_members(answered->json, 0);
    return Exit::ok;
}

Exit corroboration(const StatementArgs& args) {
    auto service = Service::open(args.common, {});
    if (!service) return report("corroboration", service.error());
    const auto answered =
        ask_json(*service, Method::get, "/v1/corroboration/" + net::percent_encode(args.id));
    if (!answered) return report_record("corroboration", args.id, answered.error());
    if (args.common.json) {
        fmt::print("{}", answered->text);
        return Exit::ok;
    }
    const Json& json = answered->json;
    const std::string lines = member(json, "independent_lines"), reports = member(json, "reports");
    fmt::print("{} independent {} in {} {} about {}\n", lines, lines == "1" ? "line" : "lines",
               reports, reports == "1" ? "report" : "reports", member(json, "id"));
    if (member(json, "unseen") != "0") {
        fmt::print(
            "there may be fewer: {} of what they rest on cannot be read here, and may rest "
            "on one source\n",
            member(json, "unseen"));
    }
    std::size_t number = 0;
    for (const Json& line : json.find("lines")->elements) {
        fmt::print("line {}: {}\n", ++number, member(line, "reports"));
        for (const Json& one : line.find("joined")->elements) {
            fmt::print("  {} and {}: one {}: {}\n", member(one, "one"), member(one, "other"),
                       member(one, "by"), member(one, "line"));
        }
    }
    const std::string closed = member(json, "closed");
    if (closed != "0") fmt::print("{} more cannot be read here\n", closed);
    return Exit::ok;
}

CLI::App* of_one(CLI::App& group, const char* name, const char* what, const std::string& example,
                 StatementArgs& args) {
    CLI::App* app = verb(group, name, what, example.c_str(), args.common);
    app->add_option("ID", args.id, "Which")->required();
    return app;
}

void add_words(CLI::App* app, StatementArgs& args, const char* kind) {
    args.said.add(*app, kind);
    app->add_option(
           "--label", args.label,
           keys_of(statement::walk_of(statement::Label{})) + "; once for each, or all in one")
        ->allow_extra_args(false);
    if (!statement::tears(kind)) return;
    app->add_option("--tear", args.tear, "What those may read who are given it coarsely");
}

void add_import(CLI::App& group, Run& run) {
    static IncidentImportArgs args;
    CLI::App* app = verb(
        group, "import", "Take a list that others keep: UCDP GED, ACLED",
        "entente incident import ged.csv --list ucdp --contact analysis --data reg", args.common);
    app->add_option("FILE", args.file, "CSV, XLSX, GeoJSON … as the list gives it")->required();
    app->add_option("--list", args.list, "ucdp or acled")->required();
    app->add_option("--contact", args.contact, "The role that answers for the import")->required();
    app->add_option("--to", args.to, "PARTY or PARTY:coarse; nobody is told without")
        ->delimiter(',');
    app->add_option("--tear", args.tear, "What those may read who are given it coarsely");
    app->add_flag("--dry-run", args.dry_run, "Say what would be done, and do nothing");
    app->callback([&run] { run = [] { return import_incidents(args); }; });
}

void add_join(CLI::App& group, Run& run) {
    static IncidentJoinArgs args;
    CLI::App* app = verb(
        group, "join", "What had been said of that place before it, to whom, and what was checked",
        "entente incident join mzxw6ytbmzxw6ytb --within 2000 --lines --data reg", args.common);
    app->add_option("ID", args.id, "Which incident")->required();
    app->add_option("--within", args.within, "How far around it to look, in metres (1000)");
    app->add_flag("--lines", args.lines, "With the time line, and the leaves that it rests on");
    app->add_flag("--csv", args.csv, "As a table, for a file");
    app->callback([&run] { run = [] { return join_incident(args); }; });
}

void add_compare(CLI::App& group, Run& run) {
    static ControlCompareArgs args;
    CLI::App* app =
        verb(group, "compare", "Who holds which area, as each party sees it over time",
             "entente control compare --at 2015-11-26T00:00:00Z --data reg", args.common);
    app->add_option("--at", args.at, "As of this moment alone");
    app->add_option("--area", args.area, "This area alone");
    app->callback([&run] { run = [] { return compare_controls(args); }; });
}

/// One group of verbs; what they take lives as long as the program.
void add_kind(CLI::App& root, const Kind& kind, Run& run) {
    // Adding and amending have options of their own, each its own.
    static std::vector<std::unique_ptr<StatementArgs>> kept;
    const auto fresh = [&]() -> StatementArgs& {
        return *kept.emplace_back(std::make_unique<StatementArgs>());
    };
    const std::string name = kind.name;
    const std::string_view said = kind.kind;
    const bool answered = said == statement::link_kind || said == statement::request_kind;
    const auto run_as = [&run, &kind](CLI::App* app, StatementArgs& args,
                                      Exit (*act)(const StatementArgs&, const char*)) {
        app->callback([&run, &args, &kind, act] {
            run = [&args, &kind, act] { return act(args, kind.kind); };
        });
    };
    CLI::App* group = root.add_subcommand(name, kind.what);
    group->require_subcommand(1);
    StatementArgs& added = fresh();
    CLI::App* app =
        verb(*group, "add", "Say it, and to whom",
             ("entente " + name + " add " + kind.example + " --data reg").c_str(), added.common);
    add_words(app, added, kind.kind);
    app->add_option("--to", added.to, "PARTY or PARTY:coarse; nobody is told without")
        ->delimiter(',');
    run_as(app, added, add);
    StatementArgs& amended = fresh();
    app = of_one(*group, "amend", "Correct it; what is left out stays",
                 "entente " + name + " amend mzxw6ytbmzxw6ytb --contact 'the desk' --data reg",
                 amended);
    add_words(app, amended, kind.kind);
    app->add_option("--clear", amended.clear, "Members that are said no more, with commas")
        ->delimiter(',');
    run_as(app, amended, amend);
    StatementArgs& rest = fresh();
    app = of_one(*group, "withdraw", "Say it no more",
                 "entente " + name + " withdraw mzxw6ytbmzxw6ytb --data reg", rest);
    run_as(app, rest, withdraw);
    app = of_one(*group, "show", "One of them: what it says, its history, the replies",
                 "entente " + name + " show mzxw6ytbmzxw6ytb --data reg", rest);
    run_as(app, rest, show);
    app = verb(*group, "list", "Those that may be seen here",
               ("entente " + name + " list --data reg").c_str(), rest.common);
    app->add_option("--about", rest.about, "Those that speak of this record alone");
    app->add_option("--party", rest.party, "Those of this party alone");
    app->add_option("--cursor", rest.cursor, "Behind what was listed before");
    app->add_flag("--withdrawn", rest.withdrawn, "With those that are withdrawn");
    app->add_flag("--review-due", rest.due,
                  "Those whose label is to be looked at again by now, or has expired");
    run_as(app, rest, list);
    if (name == statement::incident_kind) {
        add_import(*group, run);
        add_join(*group, run);
    }
    if (name == statement::control_kind) add_compare(*group, run);
    if (!answered) return;
    app = of_one(
        *group, "reply", "Answer another party's",
        "entente " + name + " reply mzxw6ytbmzxw6ytb refused --text 'two raids' --data reg", rest);
    app->add_option("WORD", rest.word, "noted, accepted or refused")->required();
    app->add_option("--text", rest.text, "The answer");
    app->add_option("--contact", rest.contact, "The desk to call");
    if (said == statement::request_kind) {
        app->add_option("--release", rest.release,
                        "With accepted: give what is asked for to whom it is asked for, this deep")
            ->check(CLI::IsMember({"coarse", "exact"}));
    }
    run_as(app, rest, reply);
}

std::string joined(const Json& list) {
    std::string out;
    for (const Json& one : list.elements) out += (out.empty() ? "" : ", ") + one.text;
    return printable(out);
}

void print_standing(const Json& one) {
    const std::string name = member(one, "name"), groups = joined(*one.find("groups"));
    const bool is_protected = member(one, "protected") == "yes";
    fmt::print("{}{}: {}{}\n", name.empty() ? "(no name given)" : name,
               groups.empty() ? "" : " [" + groups + "]", member(one, "accord"),
               is_protected ? "; protected" : "");
    for (const Json& stands : one.find("positions")->elements) {
        const std::string text = member(stands, "text");
        fmt::print("  {}: {}{}{}{}{}\n", member(stands, "party"),
                   member(stands, "stated") == "yes" ? member(stands, "stand") : "withdrawn",
                   member(stands, "protects_still") == "yes" ? ", protects still" : "",
                   member(stands, "acts") == "yes" ? "" : ", which does not count yet",
                   member(stands, "newer_withheld") == "yes" ? ", a later word is withheld" : "",
                   text.empty() ? "" : ": " + text);
    }
    const std::string silent = joined(*one.find("silent"));
    if (!silent.empty()) fmt::print("  has not spoken: {}\n", silent);
}

Exit positions(const StatementArgs& args) {
    auto service = Service::open(args.common, {});
    if (!service) return report("positions", service.error());
    const auto answered = ask_json(*service, Method::get, "/v1/positions");
    if (!answered) return report("positions", answered.error());
    if (args.common.json) {
        fmt::print("{}", answered->text);
        return Exit::ok;
    }
    for (const Json& one : answered->json.find("positions")->elements) print_standing(one);
    return Exit::ok;
}

}  // namespace

void add_statements(CLI::App& root, Run& run) {
    for (const Kind& kind : kinds) add_kind(root, kind, run);
    static StatementArgs args;
    CLI::App* app = of_one(root, "corroboration",
                           "How many independent lines of reports speak of a record, and why",
                           "entente corroboration mzxw6ytbmzxw6ytb --data reg", args);
    app->callback([&run] { run = [] { return corroboration(args); }; });
    app = verb(root, "positions",
               "Groups and points of the charter: where the parties agree, differ, are silent",
               "entente positions --data reg", args.common);
    app->callback([&run] { run = [] { return positions(args); }; });
}

}  // namespace entente::cli
