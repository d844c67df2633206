// SPDX-License-Identifier: Apache-2.0
// `entente activity`: what this party plans to do, declared to others or sealed, through its life;
// what others declared to it; and replies.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/limits.h"
#include "base/printable.h"
#include "cli/ask.h"
#include "cli/bind.h"
#include "cli/data_dir.h"
#include "cli/say.h"
#include "formats/geojson.h"
#include "formats/json_out.h"
#include "net/target.h"

namespace entente::cli {
namespace {

struct ActivityArgs {
    Common common;
    std::string id;
    std::string file;
    std::string name;
    std::string contact;
    std::string accuracy;
    std::vector<std::string> to;
    bool sealed = false;
    bool over = false;
    std::string word;
    std::string text;
};

std::string route(const ActivityArgs& args) {
    return "/v1/activities/" + net::percent_encode(args.id);
}

/// Read here first, so that what is wrong with the file is said with its name.
Result<std::string> plan_file(const std::string& path) {
    TRY(json, read_file(path, limits::plan_bytes_max));
    const auto plan = formats::read_plan(json);
    if (!plan) return at(path, plan.error());
    for (const std::string& name : plan->ignored) {
        fmt::print(stderr, "entente activity: note: {} means nothing here and was not used\n",
                   printable(name));
    }
    return std::string(without_mark(json));
}

/// The members of a declaration or an amendment, without the braces.
Result<std::string> declared(const ActivityArgs& args) {
    TRY(plan, plan_file(args.file));
    std::string out = "\"plan\":" + plan + ",\"contact\":" + formats::quote_json(args.contact);
    if (!args.name.empty()) out += ",\"name\":" + formats::quote_json(args.name);
    if (args.accuracy.empty()) return out;
    const auto number = formats::parse_json(args.accuracy, args.accuracy.size());
    if (!number || !number->is(formats::JsonKind::number)) {
        return fail(Errc::malformed, "--accuracy: metres, like 50");
    }
    return out + ",\"accuracy_m\":" + args.accuracy;
}

void print_meetings(const formats::Json& json) {
    const formats::Json* meetings = json.find("meetings");
    if (meetings == nullptr) return;
    for (const formats::Json& one : meetings->elements) {
        const std::string name = member(one, "name");
        const formats::Json* overlap = one.find("time_overlap");
        fmt::print("ALSO THERE: activity {} of {}{}, {} m away, {} to {}; call {}\n",
                   member(one, "id"), member(one, "party"), name.empty() ? "" : " \"" + name + "\"",
                   member(one, "distance_m"), member(*overlap, "start"), member(*overlap, "end"),
                   member(one, "contact"));
    }
}

/// What an answer inside another answer says, shortly.
Exit print_answer(const formats::Json& json) {
    const formats::Json* answer = json.find("answer");
    if (answer == nullptr) return Exit::ok;
    const std::string verdict = member(*answer, "verdict");
    fmt::print("as of now: {}\n", verdict);
    for (const formats::Json& reason : answer->find("reasons")->elements) {
        fmt::print("  {}: {}\n", member(reason, "weight"), member(reason, "text"));
    }
    for (const formats::Json& finding : answer->find("findings")->elements) {
        const std::string contact = member(finding, "contact");
        fmt::print("  touches {} of {} ({}){}\n", member(finding, "id"), member(finding, "party"),
                   member(finding, "class"), contact.empty() ? "" : ", call " + contact);
    }
    fmt::print("{}\n", member(*answer, "notice"));
    return exit_of_verdict(verdict);
}

/// Sends one statement and says what it came to.
Exit send(const ActivityArgs& args, const char* verb, net::Method method, const std::string& target,
          const std::string& body) {
    auto service = Service::open(args.common, {Access::write, false, {}});
    if (!service) return report(verb, service.error());
    auto answered = ask_json(*service, method, target, body);
    if (!answered) return report(verb, answered.error());
    const formats::Json& json = answered->json;
    const formats::Json* answer = json.find("answer");
    if (args.common.json) {
        fmt::print("{}", answered->text);
        return answer != nullptr ? exit_of_verdict(member(*answer, "verdict")) : Exit::ok;
    }
    fmt::print("activity {}, version {}: durable as entry {}\n", member(json, "id"),
               member(json, "version"), member(json, "entry"));
    print_meetings(json);
    return print_answer(json);
}

Exit declare(const ActivityArgs& args) {
    constexpr const char* verb = "activity declare";
    auto body = declared(args);
    if (!body) return report(verb, body.error());
    std::string to;
    for (const std::string& party : args.to) {
        to += (to.empty() ? "" : ",") + formats::quote_json(party);
    }
    if (!to.empty()) *body += ",\"to\":[" + to + "]";
    if (args.sealed) *body += ",\"sealed\":true";
    return send(args, verb, net::Method::post, "/v1/activities", "{" + *body + "}");
}

Exit amend(const ActivityArgs& args) {
    constexpr const char* verb = "activity amend";
    const auto body = declared(args);
    if (!body) return report(verb, body.error());
    return send(args, verb, net::Method::patch, route(args), "{\"act\":\"amend\"," + *body + "}");
}

Exit follow(const ActivityArgs& args, const char* verb, const char* what) {
    return send(args, verb, net::Method::patch, route(args),
                fmt::format("{{\"act\":\"{}\"}}", what));
}

Exit reply(const ActivityArgs& args) {
    std::string body = "{\"word\":" + formats::quote_json(args.word);
    if (!args.text.empty()) body += ",\"text\":" + formats::quote_json(args.text);
    if (!args.contact.empty()) body += ",\"contact\":" + formats::quote_json(args.contact);
    auto service = Service::open(args.common, {Access::write, false, {}});
    if (!service) return report("activity reply", service.error());
    const auto answered =
        ask_json(*service, net::Method::post, route(args) + "/replies", body + "}");
    if (!answered) return report("activity reply", answered.error());
    if (args.common.json)
        fmt::print("{}", answered->text);
    else
        fmt::print("replied: durable as entry {}\n", member(answered->json, "entry"));
    return Exit::ok;
}

Result<void> list(const ActivityArgs& args) {
    TRY(service, Service::open(args.common, {}));
    TRY(answered, ask_json(service, net::Method::get,
                           std::string("/v1/activities") + (args.over ? "?over=yes" : "")));
    if (args.common.json) {
        fmt::print("{}", answered.text);
        return {};
    }
    std::vector<std::vector<std::string>> rows;
    for (const formats::Json& one : answered.json.find("activities")->elements) {
        rows.push_back({member(one, "id"), member(one, "party"), member(one, "state"),
                        member(one, "from"), member(one, "until"), member(one, "verdict"),
                        member(one, "meets"), member(one, "replies"), member(one, "contact"),
                        member(one, "name")});
    }
    if (rows.empty()) fmt::print("no activity is under way or planned\n");
    if (!rows.empty()) {
        print_table({"activity", "party", "state", "from", "until", "touches by now", "meets",
                     "replies", "contact", "name"},
                    rows);
    }
    return {};
}

void print_reply(const formats::Json& one) {
    fmt::print("{} {} replied {}{}{}{}{}\n", member(one, "time"), member(one, "party"),
               member(one, "word"), member(one, "automatic") == "yes" ? " (by itself)" : "",
               member(one, "contact").empty() ? "" : ", call " + member(one, "contact"),
               member(one, "text").empty() ? "" : ": " + member(one, "text"),
               member(one, "of_newest") == "yes" ? "" : " (to an earlier version)");
    for (const formats::Json& leaf : one.find("entries")->elements) {
        fmt::print("    entry {}\n", printable(leaf.text));
    }
}

Exit show(const ActivityArgs& args) {
    auto service = Service::open(args.common, {});
    if (!service) return report("activity show", service.error());
    const auto answered = ask_json(*service, net::Method::get, route(args));
    if (!answered) return report_record("activity show", args.id, answered.error());
    const formats::Json& json = answered->json;
    if (args.common.json) {
        fmt::print("{}", answered->text);
        const formats::Json* answer = json.find("answer");
        return answer != nullptr ? exit_of_verdict(member(*answer, "verdict")) : Exit::ok;
    }
    const std::string name = member(json, "name");
    fmt::print("activity {} of {}{}: {}, version {}\n", member(json, "id"), member(json, "party"),
               name.empty() ? "" : " \"" + name + "\"", member(json, "state"),
               member(json, "version"));
    fmt::print("from {} until {}; call {}\n", member(json, "from"), member(json, "until"),
               member(json, "contact"));
    if (const formats::Json* checked = json.find("checked")) {
        fmt::print("checked at {} by {}\n", member(*checked, "at"), member(*checked, "rules"));
    }
    for (const formats::Json& one : json.find("history")->elements) {
        fmt::print("  version {}: {} by {} at {}, entry {}\n", member(one, "version"),
                   member(one, "act"), member(one, "actor"), member(one, "time"),
                   member(one, "entry"));
    }
    for (const formats::Json& one : json.find("replies")->elements) print_reply(one);
    print_meetings(json);
    return print_answer(json);
}

void add_plan(CLI::App* app, ActivityArgs& args) {
    app->add_option("PLAN", args.file,
                    "GeoJSON as for a check; every Feature has time_start and time_end")
        ->required();
    app->add_option("--contact", args.contact, "The desk to call about it: a role")->required();
    app->add_option("--name", args.name, "What its own people call it");
    app->add_option("--accuracy", args.accuracy, "How well who acts keeps to it, in metres");
}

CLI::App* of_one(CLI::App& activity, const char* name, const char* what, const char* example,
                 ActivityArgs& args) {
    CLI::App* app = verb(activity, name, what, example, args.common);
    app->add_option("ID", args.id, "The activity")->required();
    return app;
}

void add_writing(CLI::App& activity, ActivityArgs& args, Run& run) {
    CLI::App* app = verb(activity, "declare",
                         "Check a plan and declare it to named parties, or sealed to nobody yet",
                         "entente activity declare plan.geojson --contact \"ops desk\" --to ru,un "
                         "--data reg",
                         args.common);
    add_plan(app, args);
    app->add_option("--to", args.to, "Parties that it is declared to")->delimiter(',');
    app->add_flag("--sealed", args.sealed, "To nobody: the log shows that something was said");
    app->callback([&] { run = [&] { return declare(args); }; });
    app = of_one(activity, "amend", "Say its volumes anew; it is checked again",
                 "entente activity amend mzxw6ytbmzxw6ytb plan.geojson --contact \"ops desk\" "
                 "--data reg",
                 args);
    add_plan(app, args);
    app->callback([&] { run = [&] { return amend(args); }; });
    app = of_one(activity, "start", "Check it once more and say that it has begun",
                 "entente activity start mzxw6ytbmzxw6ytb --data reg", args);
    app->callback([&] { run = [&] { return follow(args, "activity start", "start"); }; });
    app = of_one(activity, "end", "Say that it is over",
                 "entente activity end mzxw6ytbmzxw6ytb --data reg", args);
    app->callback([&] { run = [&] { return follow(args, "activity end", "end"); }; });
    app = of_one(activity, "cancel", "Say that it will not be",
                 "entente activity cancel mzxw6ytbmzxw6ytb --data reg", args);
    app->callback([&] { run = [&] { return follow(args, "activity cancel", "cancel"); }; });
}

}  // namespace

void add_activities(CLI::App& root, Run& run) {
    static ActivityArgs args;
    CLI::App* activity =
        root.add_subcommand("activity", "What is planned: declared, checked, replied to");
    activity->require_subcommand(1);
    add_writing(*activity, args, run);
    CLI::App* app = of_one(*activity, "reply", "Reply to another party's activity",
                           "entente activity reply mzxw6ytbmzxw6ytb conflict --contact "
                           "\"health desk\" --data reg",
                           args);
    app->add_option("WORD", args.word, "noted, accepted, refused or conflict")->required();
    app->add_option("--text", args.text, "What is to be said; refused says why");
    app->add_option("--contact", args.contact, "The desk to call; conflict names one");
    app->callback([&] { run = [&] { return reply(args); }; });
    app = verb(*activity, "list", "Activities under way and planned, and what they touch by now",
               "entente activity list --data reg", args.common);
    app->add_flag("--over", args.over, "With those that are over");
    app->callback([&] {
        run = [&] {
            const auto done = list(args);
            return done ? Exit::ok : report("activity list", done.error());
        };
    });
    app = of_one(*activity, "show", "One activity: what it touches by now, and what was replied",
                 "entente activity show mzxw6ytbmzxw6ytb --data reg", args);
    app->callback([&] { run = [&] { return show(args); }; });
}

}  // namespace entente::cli
