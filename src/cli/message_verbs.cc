// SPDX-License-Identifier: Apache-2.0
// `entente message`: the hot line. What a duty role says to duty roles of other parties, which desk
// of each has it, and for how long the others have not said so.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/ask.h"
#include "cli/bind.h"
#include "cli/say.h"
#include "formats/json_out.h"
#include "net/target.h"

namespace entente::cli {
namespace {

using net::Method;

struct MessageArgs {
    Common common;
    std::string id;
    std::string text;
    std::string from;
    std::vector<std::string> to;
    std::vector<std::string> desks;
    std::string language;
    std::string answers;
    std::string about;
    std::string desk;
    std::uint64_t limit = 100;
    bool unacknowledged = false;
};

std::string route(const MessageArgs& args) {
    return "/v1/messages/" + net::percent_encode(args.id);
}

void texts(formats::JsonOut& out, const char* key, const std::vector<std::string>& list) {
    out.name(std::string_view(key));
    out.array([&] {
        for (const std::string& one : list) out.value(one);
    });
}

void if_said(formats::JsonOut& out, const char* key, const std::string& value) {
    if (!value.empty()) out.member(key, value);
}

Exit send(const MessageArgs& args) {
    constexpr const char* verb = "message send";
    formats::JsonOut body;
    body.object([&] {
        texts(body, "to", args.to);
        texts(body, "desks", args.desks);
        body.member("from", args.from);
        body.member("text", args.text);
        if_said(body, "language", args.language);
        if_said(body, "answers", args.answers);
        if_said(body, "about", args.about);
    });
    auto service = Service::open(args.common, {Access::write, false, {}});
    if (!service) return report(verb, service.error());
    const auto answered = ask_json(*service, Method::post, "/v1/messages", body.text());
    if (!answered) return report(verb, answered.error());
    if (args.common.json)
        fmt::print("{}", answered->text);
    else
        fmt::print("message {}: durable as entry {}\n", member(answered->json, "id"),
                   member(answered->json, "entry"));
    return Exit::ok;
}

Exit acknowledge(const MessageArgs& args) {
    constexpr const char* verb = "message ack";
    formats::JsonOut body;
    body.object([&] {
        body.member("desk", args.desk);
        if_said(body, "text", args.text);
    });
    auto service = Service::open(args.common, {Access::write, false, {}});
    if (!service) return report(verb, service.error());
    const auto answered =
        ask_json(*service, Method::post, route(args) + "/acknowledge", body.text());
    if (!answered) return report_record(verb, args.id, answered.error());
    if (args.common.json)
        fmt::print("{}", answered->text);
    else
        fmt::print("acknowledged: durable as entry {}\n", member(answered->json, "entry"));
    return Exit::ok;
}

/// `2 h 05 min`; below a minute in seconds.
std::string spell(std::uint64_t seconds) {
    if (seconds < 60) return std::to_string(seconds) + " s";
    const std::uint64_t minutes = seconds / 60;
    if (minutes < 60) return std::to_string(minutes) + " min";
    return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
}

void print_message(const formats::Json& one) {
    const std::string about = member(one, "about"), answers = member(one, "answers");
    fmt::print("{} {} of {}, {} to {} of {}{}{}\n  {}\n", member(one, "time"), member(one, "id"),
               member(one, "party"), member(one, "from"), member(one, "desks"), member(one, "to"),
               about.empty() ? "" : ", about " + about,
               answers.empty() ? "" : ", in answer to " + answers, member(one, "text"));
    for (const formats::Json& each : one.find("acknowledged")->elements) {
        const std::string text = member(each, "text");
        fmt::print("  {} has it: {}, {}{}\n", member(each, "party"), member(each, "desk"),
                   member(each, "time"), text.empty() ? "" : ": " + text);
    }
    for (const formats::Json& each : one.find("waits_for")->elements) {
        fmt::print("  {} HAS NOT ACKNOWLEDGED it, for {}\n", member(each, "party"),
                   spell(number(each, "for_s")));
    }
}

Result<void> list(const MessageArgs& args) {
    TRY(service, Service::open(args.common, {}));
    std::string target = "/v1/messages?limit=" + std::to_string(args.limit);
    if (args.unacknowledged) target += "&unacknowledged=yes";
    TRY(answered, ask_json(service, Method::get, target));
    if (args.common.json) {
        fmt::print("{}", answered.text);
        return {};
    }
    const auto& all = answered.json.find("messages")->elements;
    if (all.empty()) fmt::print("no message\n");
    const std::uint64_t total = number(answered.json, "total");
    if (all.size() < total) {
        fmt::print("the newest {} of {}; --limit shows more\n", all.size(), total);
    }
    for (const formats::Json& one : all) print_message(one);
    return {};
}

Exit show(const MessageArgs& args) {
    auto service = Service::open(args.common, {});
    if (!service) return report("message show", service.error());
    const auto answered = ask_json(*service, Method::get, route(args));
    if (!answered) return report_record("message show", args.id, answered.error());
    if (args.common.json)
        fmt::print("{}", answered->text);
    else
        print_message(answered->json);
    return Exit::ok;
}

void add_writing(CLI::App& group, MessageArgs& args, Run& run) {
    CLI::App* app = verb(group, "send", "Say something to duty roles of other parties",
                         "entente message send --to ru --desk duty --from liaison 'Your flight 7 "
                         "is north of the line' --data reg",
                         args.common);
    app->add_option("TEXT", args.text, "What is to be said")->required();
    app->add_option("--to", args.to, "Parties that it is for")->required()->delimiter(',');
    app->add_option("--desk", args.desks, "Their duty roles that it is for; may be repeated")
        ->required();
    app->add_option("--from", args.from, "The role that says it and can be called back")
        ->required();
    app->add_option("--language", args.language, "Of the text, as en or ar");
    app->add_option("--answers", args.answers, "The message that it answers");
    app->add_option("--about", args.about, "A record that it is about");
    app->callback([&] { run = [&] { return send(args); }; });
    app = verb(group, "ack", "Say which desk here has it",
               "entente message ack mzxw6ytbmzxw6ytb --desk duty --data reg", args.common);
    app->add_option("ID", args.id, "The message")->required();
    app->add_option("--desk", args.desk, "The duty role that has it")->required();
    app->add_option("--text", args.text, "What is to be said with it");
    app->callback([&] { run = [&] { return acknowledge(args); }; });
}

}  // namespace

void add_messages(CLI::App& root, Run& run) {
    static MessageArgs args;
    CLI::App* group = root.add_subcommand("message", "The hot line between duty roles");
    group->require_subcommand(1);
    add_writing(*group, args, run);
    CLI::App* app = verb(*group, "list", "Messages in order, and who has acknowledged them",
                         "entente message list --data reg", args.common);
    app->add_flag("--unacknowledged", args.unacknowledged,
                  "Those that somebody they are for has not acknowledged");
    app->add_option("--limit", args.limit, "At most so many of the newest, 100 if left out");
    app->callback([&] {
        run = [&] {
            const auto done = list(args);
            return done ? Exit::ok : report("message list", done.error());
        };
    });
    app = verb(*group, "show", "One message", "entente message show mzxw6ytbmzxw6ytb --data reg",
               args.common);
    app->add_option("ID", args.id, "The message")->required();
    app->callback([&] { run = [&] { return show(args); }; });
}

}  // namespace entente::cli
