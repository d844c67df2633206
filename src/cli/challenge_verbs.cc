// SPDX-License-Identifier: Apache-2.0
// `entente challenge`: what this party contests of others' protections, what others contest of its
// own, with the clock of each, and the answers.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/printable.h"
#include "cli/ask.h"
#include "cli/bind.h"
#include "cli/say.h"
#include "formats/json_out.h"
#include "net/target.h"

namespace entente::cli {
namespace {

using net::Method;

struct ChallengeArgs {
    Common common;
    std::string id;
    std::string record;
    std::string grounds;
    std::string grade;
    std::string text;
    std::string contact;
    std::string answer_by;
    std::vector<std::string> to;
    std::string word;
    bool withdrawn = false;
};

std::string route(const ChallengeArgs& args) {
    return "/v1/challenges/" + net::percent_encode(args.id);
}

void if_said(formats::JsonOut& out, const char* key, const std::string& value) {
    if (!value.empty()) out.member(key, value);
}

void said_members(formats::JsonOut& out, const ChallengeArgs& args) {
    if_said(out, "grounds", args.grounds);
    if_said(out, "grade", args.grade);
    if_said(out, "text", args.text);
    if_said(out, "contact", args.contact);
    if_said(out, "answer_by", args.answer_by);
}

/// Sends it and says what it came to; `id` is what an unknown one is called in the message.
Exit send(const ChallengeArgs& args, const char* verb, Method method, const std::string& target,
          const std::string& body, const std::string& id, const char* what) {
    auto service = Service::open(args.common, {Access::write, false, {}});
    if (!service) return report(verb, service.error());
    const auto answered = ask_json(*service, method, target, body);
    if (!answered) return report_record(verb, id, answered.error());
    if (args.common.json)
        fmt::print("{}", answered->text);
    else
        fmt::print("{} {}: durable as entry {}\n", what, member(answered->json, "id"),
                   member(answered->json, "entry"));
    return Exit::ok;
}

Exit add(const ChallengeArgs& args) {
    formats::JsonOut body;
    body.object([&] {
        body.member("record", args.record);
        said_members(body, args);
        if (args.to.empty()) return;
        body.name("to");
        body.array([&] {
            for (const std::string& party : args.to) body.value(party);
        });
    });
    return send(args, "challenge add", Method::post, "/v1/challenges", body.text(), args.record,
                "challenge");
}

Exit follow(const ChallengeArgs& args, const char* verb, const char* act) {
    formats::JsonOut body;
    body.object([&] {
        body.member("act", act);
        said_members(body, args);
    });
    return send(args, verb, Method::patch, route(args), body.text(), args.id, "challenge");
}

Exit reply(const ChallengeArgs& args) {
    formats::JsonOut body;
    body.object([&] {
        body.member("word", args.word);
        if_said(body, "text", args.text);
        if_said(body, "contact", args.contact);
    });
    return send(args, "challenge reply", Method::post, route(args) + "/reply", body.text(), args.id,
                "reply");
}

/// The clock in words.
std::string standing(const formats::Json& one) {
    const std::string state = member(one, "state");
    if (state == "open") return "open until " + member(one, "answer_by");
    if (state == "overdue") return "overdue since " + member(one, "answer_by");
    if (state != "answered") return state;
    return "answered: " + member(one, "answer") + ", " + member(one, "answered_at") +
           (member(one, "answered_late") == "yes" ? ", late" : "");
}

Result<void> list(const ChallengeArgs& args) {
    TRY(service, Service::open(args.common, {}));
    std::string query;
    if (!args.record.empty()) query = "?record=" + net::percent_encode(args.record);
    if (args.withdrawn) query += (query.empty() ? "?" : "&") + std::string("withdrawn=yes");
    TRY(answered, ask_json(service, Method::get, "/v1/challenges" + query));
    if (args.common.json) {
        fmt::print("{}", answered.text);
        return {};
    }
    std::vector<std::vector<std::string>> rows;
    for (const formats::Json& one : answered.json.find("challenges")->elements) {
        rows.push_back({member(one, "id"), member(one, "party"), member(one, "record"),
                        member(one, "author"), member(one, "grounds"), member(one, "grade"),
                        standing(one), member(one, "contact")});
    }
    if (rows.empty()) fmt::print("nothing is contested in what you may see\n");
    if (!rows.empty()) {
        print_table({"challenge", "party", "record", "of", "grounds", "grade", "stands", "contact"},
                    rows);
    }
    return {};
}

void print_reply(const formats::Json& one) {
    const std::string contact = member(one, "contact");
    fmt::print("{} {} replied {}{}: {}{}\n", member(one, "time"), member(one, "party"),
               member(one, "word"), contact.empty() ? "" : ", call " + contact, member(one, "text"),
               member(one, "of_newest") == "yes" ? "" : " (to an earlier version)");
}

Exit show(const ChallengeArgs& args) {
    auto service = Service::open(args.common, {});
    if (!service) return report("challenge show", service.error());
    const auto answered = ask_json(*service, Method::get, route(args));
    if (!answered) return report_record("challenge show", args.id, answered.error());
    const formats::Json& json = answered->json;
    if (args.common.json) {
        fmt::print("{}", answered->text);
        return Exit::ok;
    }
    const std::string author = member(json, "author");
    fmt::print("challenge {} of {} to record {}{}: {}, grade {}\n", member(json, "id"),
               member(json, "party"), member(json, "record"), author.empty() ? "" : " of " + author,
               member(json, "grounds"), member(json, "grade"));
    fmt::print("{}\n{}; call {}\n", member(json, "text"), standing(json), member(json, "contact"));
    for (const formats::Json& one : json.find("history")->elements) {
        fmt::print("  version {}: {} by {} at {}, entry {}\n", member(one, "version"),
                   member(one, "act"), member(one, "actor"), member(one, "time"),
                   member(one, "entry"));
    }
    for (const formats::Json& one : json.find("replies")->elements) print_reply(one);
    fmt::print("What is contested protects as before.\n");
    return Exit::ok;
}

void add_words(CLI::App* app, ChallengeArgs& args, bool required) {
    app->add_option("--grounds", args.grounds,
                    "place, use, time, duplicate, identity, unverified or other")
        ->required(required);
    app->add_option("--grade", args.grade,
                    "A to F for the source and 1 to 6 for what it says, as C3")
        ->required(required);
    app->add_option("--text", args.text, "Why")->required(required);
    app->add_option("--contact", args.contact, "The role that can be asked")->required(required);
    app->add_option("--answer-by", args.answer_by,
                    "RFC 3339; an hour to 90 days ahead, 72 hours from now if left out");
}

CLI::App* of_one(CLI::App& group, const char* name, const char* what, const char* example,
                 ChallengeArgs& args) {
    CLI::App* app = verb(group, name, what, example, args.common);
    app->add_option("ID", args.id, "The challenge")->required();
    return app;
}

void add_writing(CLI::App& group, ChallengeArgs& args, Run& run) {
    CLI::App* app = verb(group, "add", "Contest another party's record; its author is told",
                         "entente challenge add mzxw6ytbmzxw6ytb --grounds use --grade C3 --text "
                         "'no patients since May' --contact liaison --data reg",
                         args.common);
    app->add_option("RECORD", args.record, "What is contested; it protects as before")->required();
    add_words(app, args, true);
    app->add_option("--to", args.to, "Parties that are told beside its author")->delimiter(',');
    app->callback([&] { run = [&] { return add(args); }; });
    app = of_one(group, "amend", "Say it anew: the clock starts again",
                 "entente challenge amend mzxw6ytbmzxw6ytb --grade B2 --data reg", args);
    add_words(app, args, false);
    app->callback([&] { run = [&] { return follow(args, "challenge amend", "amend"); }; });
    app = of_one(group, "withdraw", "Contest it no more",
                 "entente challenge withdraw mzxw6ytbmzxw6ytb --data reg", args);
    app->callback([&] { run = [&] { return follow(args, "challenge withdraw", "withdraw"); }; });
    app = of_one(group, "reply", "Answer what another party contests of a record of ours",
                 "entente challenge reply mzxw6ytbmzxw6ytb refused --text 'visited in June' "
                 "--data reg",
                 args);
    app->add_option("WORD", args.word, "noted, which does not stop the clock, accepted or refused")
        ->required();
    app->add_option("--text", args.text, "The answer")->required();
    app->add_option("--contact", args.contact, "The desk to call");
    app->callback([&] { run = [&] { return reply(args); }; });
}

}  // namespace

void add_challenges(CLI::App& root, Run& run) {
    static ChallengeArgs args;
    CLI::App* group =
        root.add_subcommand("challenge", "What is contested, by whom, and what was answered");
    group->require_subcommand(1);
    add_writing(*group, args, run);
    CLI::App* app = verb(*group, "list", "What is contested, and for how long nobody has answered",
                         "entente challenge list --data reg", args.common);
    app->add_option("--record", args.record, "Those to this record alone");
    app->add_flag("--withdrawn", args.withdrawn, "With those that are withdrawn");
    app->callback([&] {
        run = [&] {
            const auto done = list(args);
            return done ? Exit::ok : report("challenge list", done.error());
        };
    });
    app = of_one(*group, "show", "One of them: the words, the clock, the answers",
                 "entente challenge show mzxw6ytbmzxw6ytb --data reg", args);
    app->callback([&] { run = [&] { return show(args); }; });
}

}  // namespace entente::cli
