// SPDX-License-Identifier: Apache-2.0
// `entente stop`: say STOP to another party's desks, see who was called and who answered, answer.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/limits.h"
#include "base/printable.h"
#include "cli/ask.h"
#include "cli/bind.h"
#include "cli/say.h"
#include "formats/geojson.h"
#include "formats/json_out.h"
#include "intake/degrees.h"
#include "net/target.h"

namespace entente::cli {
namespace {

struct StopArgs {
    Common common;
    std::string id;
    std::string party;
    std::vector<std::string> desks;
    std::string text;
    std::string contact;
    std::string activity;
    std::string plan;
    std::string lat, lon, radius = "5000";
    std::vector<std::string> tell;
    std::string word;
    std::string route = "voice";
    std::string outcome;
    bool lifted = false;
    std::string root_file;
};

std::string route_of(const StopArgs& args) { return "/v1/stops/" + args.id; }

void texts(formats::JsonOut& out, const char* key, const std::vector<std::string>& all) {
    if (all.empty()) return;
    out.name(key);
    out.array([&] {
        for (const std::string& one : all) out.value(one);
    });
}

/// The volume as a plan: a file, or all heights and times around a point.
Result<std::string> plan_of(const StopArgs& args) {
    if (!args.activity.empty()) return std::string();
    if (!args.plan.empty()) {
        TRY(json, read_file(args.plan, limits::plan_bytes_max));
        auto read = formats::read_plan(json);
        if (!read) return at(args.plan, read.error());
        return json;
    }
    if (args.lat.empty() || args.lon.empty()) {
        return fail(Errc::malformed, "where? --lat and --lon, --plan FILE or --activity ID");
    }
    // As they were typed: the route reads them strictly, once.
    TRYV(intake::parse_degrees(args.lat, intake::Axis::latitude));
    TRYV(intake::parse_degrees(args.lon, intake::Axis::longitude));
    TRYV(intake::parse_metres(args.radius, Rounding::ceiling));
    return fmt::format(
        "{{\"type\":\"Feature\",\"geometry\":{{\"type\":\"Point\","
        "\"coordinates\":[{},{}]}},\"properties\":{{\"radius_m\":{}}}}}",
        args.lon, args.lat, args.radius);
}

Exit say_stop(const StopArgs& args) {
    constexpr const char* verb = "stop say";
    const auto plan = plan_of(args);
    if (!plan) return report(verb, plan.error());
    auto service = Service::open(args.common, {Access::write, false, {}});
    if (!service) return report(verb, service.error());
    formats::JsonOut body;
    body.object([&] {
        if (!args.party.empty()) body.member("to", args.party);
        texts(body, "desks", args.desks);
        body.member("text", args.text);
        if (!args.contact.empty()) body.member("contact", args.contact);
        if (!args.activity.empty()) body.member("activity", args.activity);
        if (plan->empty()) return;
        body.name("plan");
        body.raw(*plan);
    });
    net::Request request;
    request.method = net::Method::post;
    request.target = "/v1/stops";
    std::string tell;
    for (const std::string& one : args.tell) tell += (tell.empty() ? "" : ",") + one;
    if (!tell.empty()) request.target += "?to=" + net::percent_encode(tell);
    request.content_type = "application/json";
    request.body = std::move(body).text();
    const bool served = service->session() == nullptr;
    const Exit exit = say(*service, args.common, verb, std::move(request));
    if (exit == Exit::ok && !served) {
        fmt::print(stderr,
                   "entente stop say: note: no node serves {}, so nobody is called yet: start it "
                   "(entente serve), or call them yourself and say so (entente stop called)\n",
                   args.common.data);
    }
    return exit;
}

Exit answer(const StopArgs& args) {
    formats::JsonOut body;
    body.object([&] {
        body.member("word", args.word);
        if (!args.text.empty()) body.member("text", args.text);
        if (!args.contact.empty()) body.member("contact", args.contact);
    });
    return say_alone(args.common, "stop answer", args.id, route_of(args) + "/reply",
                     std::move(body).text());
}

Exit called(const StopArgs& args) {
    formats::JsonOut body;
    body.object([&] {
        texts(body, "desks", args.desks);
        body.member("route", args.route);
        body.member("outcome", args.outcome);
        if (!args.text.empty()) body.member("detail", args.text);
    });
    return say_alone(args.common, "stop called", args.id, route_of(args) + "/attempts",
                     std::move(body).text());
}

Exit lift(const StopArgs& args) {
    constexpr const char* verb = "stop lift";
    if (const auto id = RecordId::parse(args.id); !id) return report(verb, id.error());
    auto service = Service::open(args.common, {Access::write, false, args.root_file});
    if (!service) return report(verb, service.error());
    net::Request request;
    request.method = net::Method::post;
    request.target = route_of(args) + "/lift";
    return say(*service, args.common, verb, std::move(request));
}

std::string joined(const formats::Json& json, const char* key) {
    std::string out;
    const formats::Json* all = json.find(key);
    if (all == nullptr) return out;
    for (const formats::Json& one : all->elements) out += (out.empty() ? "" : ", ") + one.text;
    return out;
}

std::string next_text(const formats::Json& stop) {
    const formats::Json* next = stop.find("next");
    if (next == nullptr || !next->is(formats::JsonKind::object)) return "";
    return joined(*next, "desks") + " at " + member(*next, "due");
}

Result<void> list(const StopArgs& args) {
    TRY(service, Service::open(args.common, {}));
    std::vector<std::vector<std::string>> rows;
    for (std::string cursor;;) {
        std::string target = "/v1/stops?limit=1000";
        if (args.lifted) target += "&lifted=yes";
        if (!cursor.empty()) target += "&cursor=" + cursor;
        TRY(answered, ask_json(service, net::Method::get, target));
        if (args.common.json) fmt::print("{}", answered.text);
        if (const formats::Json* heard = answered.json.find("heard")) {
            for (const formats::Json& one : heard->elements) {
                rows.push_back({member(one, "id"), member(one, "party"), member(one, "to"),
                                "heard; its log does not show it yet", member(one, "sent"),
                                joined(one, "called"), member(one, "text")});
            }
        }
        for (const formats::Json& one : answered.json.find("stops")->elements) {
            const bool open = one.find("open") == nullptr || one.find("open")->boolean;
            const bool lifting = one.find("lifting") != nullptr && one.find("lifting")->boolean;
            rows.push_back({member(one, "id"), member(one, "party"), member(one, "to"),
                            !open                           ? "lifted"
                            : lifting                       ? "stands until lifting it is final"
                            : member(one, "answered") == "" ? "its words are not shown to us"
                            : member(one, "answered") == "nobody"
                                ? "NOBODY HAS ANSWERED"
                                : member(one, "answered") + " " + member(one, "answered_at"),
                            member(one, "said"), next_text(one), member(one, "text")});
        }
        cursor = member(answered.json, "next");
        if (cursor.empty()) break;
    }
    if (args.common.json) return {};
    if (rows.empty()) fmt::print("no STOP is open in what you may see\n");
    if (!rows.empty()) {
        print_table({"stop", "party", "to", "answered", "said", "next call", "words"}, rows);
    }
    return {};
}

/// Where all is to stop, as far as a line tells it.
void print_places(const formats::Json& stop) {
    const formats::Json* plan = stop.find("plan");
    const formats::Json* features = plan != nullptr ? plan->find("features") : nullptr;
    if (features == nullptr) return;
    for (const formats::Json& one : features->elements) {
        const formats::Json& geometry = *one.find("geometry");
        const formats::Json& said = *one.find("properties");
        if (member(geometry, "type") == "Point") {
            const auto& at = geometry.find("coordinates")->elements;
            fmt::print("  within {} m of {}, {}", member(said, "radius_m"), at[1].text, at[0].text);
        } else {
            fmt::print("  in a {} (--json has it)", member(geometry, "type"));
        }
        const std::string from = member(said, "time_start"), until = member(said, "time_end");
        fmt::print("{}{}\n", from.empty() ? "" : ", from " + from,
                   until.empty() ? ", until it is lifted" : ", until " + until);
    }
}

/// One that came urgently.
void print_heard(const formats::Json& heard) {
    fmt::print("STOP {}, said by {}, sent at {}; its log does not show it yet\n",
               member(heard, "id"), member(heard, "party"), member(heard, "sent"));
    fmt::print("  {}\n", printable(member(heard, "text")));
    fmt::print("  calls {}; contact {}; answer it: entente stop answer {}\n",
               printable(joined(heard, "called")), printable(member(heard, "contact")),
               member(heard, "id"));
    print_places(heard);
}

void print_calls(const formats::Json& stop) {
    std::vector<std::vector<std::string>> rows;
    for (const formats::Json& call : stop.find("calls")->elements) {
        for (const formats::Json& tried : call.find("tried")->elements) {
            const std::string via = member(tried, "via");
            rows.push_back({member(call, "at"), joined(call, "desks"),
                            member(tried, "route") + (via.empty() ? "" : " " + via),
                            member(tried, "outcome"), member(tried, "detail")});
        }
    }
    fmt::print("Called:\n");
    if (rows.empty()) fmt::print("  nobody yet\n");
    if (!rows.empty()) print_table({"at", "desks", "route", "outcome", "detail"}, rows);
}

void print_answers(const formats::Json& stop) {
    std::vector<std::vector<std::string>> rows;
    for (const formats::Json& one : stop.find("answers")->elements) {
        const bool node = one.find("automatic") != nullptr && one.find("automatic")->boolean;
        rows.push_back({member(one, "time"), member(one, "party"),
                        node ? "its node has it" : member(one, "word"), member(one, "contact"),
                        member(one, "text")});
    }
    fmt::print("Answered:\n");
    if (rows.empty()) fmt::print("  nobody yet\n");
    if (!rows.empty()) print_table({"at", "party", "word", "desk", "text"}, rows);
}

Result<void> show(const StopArgs& args) {
    TRYV(RecordId::parse(args.id));
    TRY(service, Service::open(args.common, {}));
    TRY(answered, ask_json(service, net::Method::get, route_of(args)));
    if (args.common.json) {
        fmt::print("{}", answered.text);
        return {};
    }
    const formats::Json& stop = answered.json;
    if (const formats::Json* heard = stop.find("heard")) {
        print_heard(*heard);
        return {};
    }
    fmt::print("STOP {}, said by {} to {} at {}\n", member(stop, "id"), member(stop, "party"),
               member(stop, "to"), member(stop, "said"));
    fmt::print("  {}\n", printable(member(stop, "text")));
    fmt::print("  desks {}; contact {}; {}\n", printable(joined(stop, "desks")),
               printable(member(stop, "contact")), member(stop, "state"));
    print_places(stop);
    if (stop.find("calls") == nullptr) {
        fmt::print("  its words are not shown to us\n");
        return {};
    }
    print_calls(stop);
    print_answers(stop);
    const std::string next = next_text(stop);
    if (!next.empty()) fmt::print("Next: {}\n", printable(next));
    return {};
}

Exit done(const char* verb, const Result<void>& result) {
    return result ? Exit::ok : report(verb, result.error());
}

void add_saying(CLI::App& stop, StopArgs& args, Run& run) {
    CLI::App* app = verb(stop, "say", "Ask another party to stop, now, in a volume",
                         "entente stop say --to ru --lat 35.2 --lon 40.1 --text 'our patrol is "
                         "under fire' --contact 'duty officer' --data reg",
                         args.common);
    app->add_option("--to", args.party, "The party whose desks are called");
    app->add_option("--desk", args.desks,
                    "Duty roles in the order in which they are called (without: duty)")
        ->delimiter(',');
    app->add_option("--text", args.text, "What is wrong, in words that can be read aloud")
        ->required();
    app->add_option("--contact", args.contact, "The desk of ours that can be called back");
    app->add_option("--lat", args.lat, "The middle of the volume, decimal degrees");
    app->add_option("--lon", args.lon, "The same");
    app->add_option("--radius-m", args.radius, "Its radius in metres, at all heights and times")
        ->capture_default_str();
    app->add_option("--plan", args.plan, "The volume as GeoJSON, as `check` takes it");
    app->add_option("--activity", args.activity, "An activity that was declared to us");
    app->add_option("--tell", args.tell, "Tell others as well: PARTY, or PARTY:TIER")
        ->delimiter(',');
    app->callback([&] { run = [&] { return say_stop(args); }; });
    app = verb(stop, "called", "Say whom you called yourself, and what came of it",
               "entente stop called mzxw6ytbmzxw6ytb --desk duty --outcome no_answer --data reg",
               args.common);
    app->add_option("ID", args.id, "The STOP")->required();
    app->add_option("--desk", args.desks, "Who was called")->delimiter(',');
    app->add_option("--by", args.route, "voice, or other with --detail")->capture_default_str();
    app->add_option("--outcome", args.outcome, "answered, no_answer or failed")->required();
    app->add_option("--detail", args.text, "Who answered (a role), by which line");
    app->callback([&] { run = [&] { return called(args); }; });
    app = verb(stop, "lift", "Lift a STOP of ours; officers sign it",
               "entente stop lift mzxw6ytbmzxw6ytb --data reg", args.common);
    app->add_option("ID", args.id, "The STOP")->required();
    app->callback([&] { run = [&] { return lift(args); }; });
}

}  // namespace

void add_stop(CLI::App& root, Run& run) {
    static StopArgs args;
    CLI::App* stop =
        root.add_subcommand("stop", "STOPs: to another party's desks, and theirs to us");
    stop->require_subcommand(1);
    add_saying(*stop, args, run);
    CLI::App* app = verb(*stop, "answer", "Answer a STOP that another party said to us",
                         "entente stop answer mzxw6ytbmzxw6ytb --word accepted --contact duty "
                         "--data reg",
                         args.common);
    app->add_option("ID", args.id, "The STOP")->required();
    app->add_option("--word", args.word,
                    "noted: we have it; accepted: it stops; refused: it does not, and --text why")
        ->required();
    app->add_option("--text", args.text, "More of it, for people");
    app->add_option("--contact", args.contact, "The desk that answers");
    app->callback([&] { run = [&] { return answer(args); }; });
    app = verb(*stop, "list", "STOPs that are open, ours and those said to us, and who answered",
               "entente stop list --data reg", args.common);
    app->add_flag("--lifted", args.lifted, "With those that are lifted");
    app->callback([&] { run = [&] { return done("stop list", list(args)); }; });
    app = verb(*stop, "show", "One STOP with every call and every answer",
               "entente stop show mzxw6ytbmzxw6ytb --data reg", args.common);
    app->add_option("ID", args.id, "The STOP")->required();
    app->callback([&] { run = [&] { return done("stop show", show(args)); }; });
}

}  // namespace entente::cli
