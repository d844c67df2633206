// SPDX-License-Identifier: Apache-2.0
// `entente object`: objections to activities, on stated grounds, until their author lifts them.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/encode.h"
#include "base/limits.h"
#include "base/printable.h"
#include "cli/ask.h"
#include "cli/bind.h"
#include "cli/say.h"
#include "formats/geojson.h"
#include "formats/json_out.h"
#include "net/target.h"

namespace entente::cli {
namespace {

struct ObjectArgs {
    Common common;
    std::string id;
    std::string activity;
    std::string entry;
    std::string party;
    std::string plan;
    std::string grounds;
    std::string contact;
    std::vector<std::string> found;
    std::vector<std::string> to;
    std::string word;
    std::string text;
    bool lifted = false;
    std::string root_file;
};

std::string route(const ObjectArgs& args) { return "/v1/objections/" + args.id; }

void found_member(formats::JsonOut& out, const ObjectArgs& args) {
    if (args.found.empty()) return;
    out.name("found");
    out.array([&] {
        for (const std::string& id : args.found) out.value(id);
    });
}

/// Read here first, so that what is wrong with the file is said with its name.
Result<std::string> plan_file(const std::string& path) {
    TRY(json, read_file(path, limits::plan_bytes_max));
    auto read = formats::read_plan(json);
    if (!read) return at(path, read.error());
    return json;
}

Exit add(const ObjectArgs& args) {
    constexpr const char* verb = "object add";
    auto plan = args.plan.empty() ? Result<std::string>(std::string()) : plan_file(args.plan);
    if (!plan) return report(verb, plan.error());
    auto service = Service::open(args.common, {Access::write, false, {}});
    if (!service) return report(verb, service.error());
    formats::JsonOut body;
    body.object([&] {
        body.member("activity", args.activity);
        if (!args.entry.empty()) body.member("entry", args.entry);
        if (!args.party.empty()) body.member("party", args.party);
        body.member("grounds", args.grounds);
        if (!args.contact.empty()) body.member("contact", args.contact);
        found_member(body, args);
        if (plan->empty()) return;
        body.name("plan");
        body.raw(*plan);
    });
    net::Request request;
    request.method = net::Method::post;
    request.target = "/v1/objections";
    std::string to;
    for (const std::string& one : args.to) to += (to.empty() ? "" : ",") + one;
    if (!to.empty()) request.target += "?to=" + net::percent_encode(to);
    request.content_type = "application/json";
    request.body = std::move(body).text();
    return say(*service, args.common, verb, std::move(request));
}

/// Sends the next version, of the one that is there now.
Exit follow(const ObjectArgs& args, const char* verb, net::Request request) {
    if (const auto id = RecordId::parse(args.id); !id) return report(verb, id.error());
    auto service = Service::open(args.common, {Access::write, false, args.root_file});
    if (!service) return report(verb, service.error());
    const auto there = service->get(route(args), "application/json");
    if (!there) return report_record(verb, args.id, there.error());
    request.if_match = etag(*there);  // what was looked at is what is followed
    return say(*service, args.common, verb, std::move(request));
}

Exit amend(const ObjectArgs& args) {
    formats::JsonOut body;
    body.object([&] {
        body.member("grounds", args.grounds);
        if (!args.contact.empty()) body.member("contact", args.contact);
        if (!args.party.empty()) body.member("party", args.party);
        found_member(body, args);
    });
    return follow(args, "object amend", patch(route(args), std::move(body).text()));
}

Exit lift(const ObjectArgs& args) {
    net::Request request;
    request.method = net::Method::post;
    request.target = route(args) + "/lift";
    return follow(args, "object lift", std::move(request));
}

Exit answer(const ObjectArgs& args) {
    formats::JsonOut body;
    body.object([&] {
        body.member("word", args.word);
        if (!args.text.empty()) body.member("text", args.text);
        if (!args.contact.empty()) body.member("contact", args.contact);
    });
    return say_alone(args.common, "object answer", args.id, route(args) + "/reply",
                     std::move(body).text());
}

/// Page by page, until there is no more.
Result<void> list(const ObjectArgs& args) {
    TRY(service, Service::open(args.common, {}));
    std::vector<std::vector<std::string>> rows;
    for (std::string cursor;;) {
        std::string target = "/v1/objections?limit=1000";
        if (args.lifted) target += "&lifted=yes";
        if (!args.activity.empty()) target += "&activity=" + net::percent_encode(args.activity);
        if (!cursor.empty()) target += "&cursor=" + cursor;
        TRY(answered, ask_json(service, net::Method::get, target));
        if (args.common.json) fmt::print("{}", answered.text);
        for (const formats::Json& one : answered.json.find("objections")->elements) {
            const formats::Json* said = one.find("objection");
            rows.push_back({member(one, "id"), member(one, "party"),
                            said != nullptr ? member(*said, "activity") : "", member(one, "state"),
                            member(one, "time"), member(one, "contact"),
                            said != nullptr ? member(*said, "grounds") : "(not shown to us)"});
        }
        cursor = member(answered.json, "next");
        if (cursor.empty()) break;
    }
    if (args.common.json) return {};
    if (rows.empty()) fmt::print("no objection is open in what you may see\n");
    if (!rows.empty()) {
        print_table({"objection", "party", "activity", "state", "said", "contact", "grounds"},
                    rows);
    }
    return {};
}

Result<void> show(const ObjectArgs& args) {
    TRYV(RecordId::parse(args.id));
    TRY(service, Service::open(args.common, {}));
    TRY(record, service.get(route(args), args.common.json ? "application/json" : "text/plain"));
    fmt::print("{}", record.bytes());
    return {};
}

Exit done(const char* verb, const Result<void>& result) {
    return result ? Exit::ok : report(verb, result.error());
}

void add_grounds(CLI::App* app, ObjectArgs& args) {
    app->add_option("--grounds", args.grounds, "Why, in a sentence that the other side reads")
        ->required();
    app->add_option("--contact", args.contact, "The desk to be asked");
    app->add_option("--found", args.found,
                    "A record of ours that it rests on and that --party was given; may be repeated")
        ->delimiter(',');
}

void add_writing(CLI::App& object, ObjectArgs& args, Run& run) {
    CLI::App* app = verb(object, "add", "Object to an activity; its party is told all of it",
                         "entente object add --activity mzxw6ytbmzxw6ytb --grounds 'a clinic moves "
                         "there' --data reg",
                         args.common);
    app->add_option("--activity", args.activity, "The activity's id")->required();
    app->add_option("--party", args.party,
                    "Of an activity that was not declared to us: whose it is, and then");
    app->add_option("--entry", args.entry, "the leaf hash of the version objected to, base64,");
    app->add_option("--plan", args.plan, "and its volumes as GeoJSON, as `check` takes them");
    add_grounds(app, args);
    app->add_option("--to", args.to, "Tell others as well: PARTY, or PARTY:TIER")->delimiter(',');
    app->callback([&] { run = [&] { return add(args); }; });
    app = verb(object, "amend", "State the grounds anew",
               "entente object amend mzxw6ytbmzxw6ytb --grounds 'and a school' --data reg",
               args.common);
    app->add_option("ID", args.id, "The objection")->required();
    app->add_option("--party", args.party, "With --found: whose activity it is");
    add_grounds(app, args);
    app->callback([&] { run = [&] { return amend(args); }; });
    app = verb(object, "lift", "Lift an objection of ours; officers sign it",
               "entente object lift mzxw6ytbmzxw6ytb --data reg", args.common);
    app->add_option("ID", args.id, "The objection")->required();
    app->callback([&] { run = [&] { return lift(args); }; });
}

void add_answer(CLI::App& object, ObjectArgs& args, Run& run) {
    CLI::App* app =
        verb(object, "answer", "Answer an objection of another party; it lifts nothing",
             "entente object answer mzxw6ytbmzxw6ytb --word accepted --text 'the flight "
             "goes round it' --data reg",
             args.common);
    app->add_option("ID", args.id, "The objection")->required();
    app->add_option("--word", args.word,
                    "noted: seen; accepted: it will be so; refused: it will not, and --text why")
        ->required();
    app->add_option("--text", args.text, "More of it, for people");
    app->add_option("--contact", args.contact, "The desk that answers");
    app->callback([&] { run = [&] { return answer(args); }; });
}

}  // namespace

void add_object(CLI::App& root, Run& run) {
    static ObjectArgs args;
    CLI::App* object = root.add_subcommand("object", "Objections to activities");
    object->require_subcommand(1);
    add_writing(*object, args, run);
    add_answer(*object, args, run);
    CLI::App* app = verb(*object, "list", "Objections that are open, ours and those said to us",
                         "entente object list --data reg", args.common);
    app->add_option("--activity", args.activity, "Those to this activity alone");
    app->add_flag("--lifted", args.lifted, "With those that are lifted");
    app->callback([&] { run = [&] { return done("object list", list(args)); }; });
    app = verb(*object, "show", "One objection with its grounds and history",
               "entente object show mzxw6ytbmzxw6ytb --data reg", args.common);
    app->add_option("ID", args.id, "The objection")->required();
    app->callback([&] { run = [&] { return done("object show", show(args)); }; });
}

}  // namespace entente::cli
