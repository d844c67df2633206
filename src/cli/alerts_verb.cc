// SPDX-License-Identifier: Apache-2.0
// `entente alerts`: what live tracks entered, left, and will enter; feeding one to a node.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/decimal.h"
#include "base/printable.h"
#include "cli/alerts.h"
#include "cli/bind.h"
#include "formats/json_out.h"
#include "formats/properties.h"

namespace entente::cli {
namespace {

struct AlertArgs {
    Common common;
    std::optional<std::uint64_t> after;
    std::string track;
    std::uint64_t limit = 200;
};

/// Of what it was inside: a boundary in one party's version, or what protects.
std::string whose(const formats::Json& alert) {
    if (const formats::Json* zone = alert.find("zone")) {
        const std::string name = member(*zone, "name"), id = member(*zone, "id");
        return fmt::format("{} of {}, version {}",
                           name.empty() ? id : fmt::format("\"{}\" ({})", name, id),
                           member(*zone, "party"), member(*zone, "version"));
    }
    const std::string record = member(alert, "record");
    if (!record.empty()) return "protection " + record;
    const std::string party = member(alert, "party");
    return member(alert, "more") + (party.empty() ? "" : ", of " + party);
}

std::string seconds(const formats::Json& alert, const char* key) {
    const bool open = member(alert, "begun_before") == "yes";
    return (open ? "at least " : "") + member(alert, key) + " s";
}

std::string words_of(const formats::Json& alert) {
    const std::string kind = member(alert, "kind"), where = whose(alert);
    if (kind == "found_inside") return "is inside " + where + "; it may have entered before";
    if (kind == "left") return "left " + where + " after " + seconds(alert, "inside_s");
    if (kind == "lost") {
        return "was inside " + where + " for " + seconds(alert, "inside_s") +
               "; what followed is not known";
    }
    if (kind == "will_enter") {
        return fmt::format("will enter {} at {}, in {} s, if it goes on so", where,
                           member(alert, "entry"), member(alert, "warning_s"));
    }
    if (kind == "turned_away") return "turned away from " + where;
    if (kind == "corrected") {
        return "late positions correct alert " + member(alert, "corrects") + " of " + where;
    }
    if (kind == "untold") return "made " + where + "; look where it is";
    return kind + " " + where;
}

std::string line_of(const formats::Json& alert) {
    return fmt::format("{}  {} ({}) {}\n", member(alert, "time"), member(alert, "track"),
                       member(alert, "by"), words_of(alert));
}

constexpr std::uint64_t page_max = 1000;

/// From the oldest that the node holds, where nothing else is said.
Result<Answered> page_after(Service& service, std::optional<std::uint64_t> after,
                            std::uint64_t limit) {
    std::string target = fmt::format("/v1/tracks/alerts?limit={}", limit);
    if (after) target += fmt::format("&after={}", *after);
    return ask_json(service, net::Method::get, target);
}

/// Of all that the node holds the newest that are of this track: of others nothing is printed.
Result<void> print_of_track(Service& service, const AlertArgs& args) {
    std::vector<std::string> lines;
    std::optional<std::uint64_t> after = args.after;
    for (;;) {
        TRY(page, page_after(service, after, page_max));
        const formats::Json* list = page.json.find("alerts");
        if (list == nullptr || list->elements.empty()) break;
        for (const formats::Json& one : list->elements) {
            after = number(one, "number");
            if (as_it_came(one, "track") == args.track) lines.push_back(line_of(one));
        }
    }
    const std::size_t begin = lines.size() - std::min<std::size_t>(lines.size(), args.limit);
    if (begin > 0) fmt::print("({} older ones are not shown; --limit)\n", begin);
    for (std::size_t i = begin; i < lines.size(); ++i) fmt::print("{}", lines[i]);
    if (lines.empty()) fmt::print("no alert of {}\n", printable(args.track));
    return {};
}

/// The newest, or those behind the one that was named. Numbers have gaps where alerts of whoever
/// gave rise to most of them are not kept any more.
Result<void> print_newest(Service& service, const AlertArgs& args) {
    std::optional<std::uint64_t> after = args.after;
    if (!args.after) {
        TRY(none, page_after(service, {}, 0));
        const std::uint64_t newest = number(none.json, "newest");
        if (newest > args.limit) after = newest - args.limit;
    }
    auto page = page_after(service, after, args.limit);
    // Fewer are held than were asked for: then all of them.
    if (!page && !args.after) page = page_after(service, {}, args.limit);
    if (!page) return tl::unexpected(page.error());
    if (args.common.json) {
        fmt::print("{}", page->text);
        return {};
    }
    const formats::Json* list = page->json.find("alerts");
    if (list == nullptr || list->elements.empty()) {
        fmt::print("no alert\n");
        return {};
    }
    if (!args.after && number(page->json, "first") < after.value_or(0)) {
        fmt::print("(the newest {}; older ones with --limit or --after)\n", list->elements.size());
    }
    if (page->json.find("missed_up_to") != nullptr) {
        fmt::print("(some of these are not kept any more: more came than are)\n");
    }
    for (const formats::Json& one : list->elements) fmt::print("{}", line_of(one));
    return {};
}

Exit alerts(const AlertArgs& args) {
    auto service = Service::open(args.common, {Access::read, false, {}});
    if (!service) return report("alerts", service.error());
    const bool of_one = !args.track.empty() && !args.common.json;
    const auto done = of_one ? print_of_track(*service, args) : print_newest(*service, args);
    return done ? Exit::ok : report("alerts", done.error());
}

std::string line_of(const watch::Fix& fix, Duration later, const watch::Track& track,
                    const Feeding& how) {
    formats::JsonOut out;
    out.object([&] {
        out.member("track", how.track);
        out.member("by", how.by);
        out.member("kind", how.kind);
        out.member("time", format_rfc3339(fix.time + later));
        out.name("lat");
        out.raw(format_decimal(fix.at.lat_e7, 7));
        out.name("lon");
        out.raw(format_decimal(fix.at.lng_e7, 7));
        if (!how.with_heights || !fix.height) return;
        const unsigned scale = track.reference() == geo::AltitudeReference::fl ? 0 : 1;
        out.name("altitude");
        out.raw(format_decimal(*fix.height, scale));
        out.member("altitude_reference", formats::name(track.reference()));
    });
    return std::move(out).text() + "\n";
}

Result<void> send(Service& service, std::string lines, Fed& out) {
    net::Request request;
    request.method = net::Method::post;
    request.target = "/v1/tracks";
    request.content_type = "application/x-ndjson";
    request.body = std::move(lines);
    TRY(said, service.ask(std::move(request)));
    TRY(json, formats::parse_json(said.body, said.body.size()));
    out.accepted += number(json, "accepted");
    out.repeated += number(json, "repeated");
    out.refused += number(json, "refused");
    out.notices_waiting |= member(json, "notices_waiting") == "yes";
    const formats::Json* reasons = json.find("reasons");
    if (out.reason.empty() && reasons != nullptr && !reasons->elements.empty()) {
        out.reason = member(reasons->elements.front(), "error");
    }
    return {};
}

}  // namespace

void print_alerts(const formats::Json& page, const std::string& track) {
    const formats::Json* list = page.find("alerts");
    if (list == nullptr) return;
    for (const formats::Json& one : list->elements) {
        if (!track.empty() && as_it_came(one, "track") != track) continue;
        fmt::print("{}", line_of(one));
    }
}

Result<Fed> feed(Service& service, const watch::Track& track, const Feeding& how) {
    constexpr std::size_t at_once = 1000;
    Fed out;
    TRY(before, ask_json(service, net::Method::get, "/v1/tracks/alerts?limit=0"));
    const Duration later = how.as_if_now ? now() - track.fixes().back().time : Duration(0);
    std::string lines;
    std::size_t count = 0;
    for (const watch::Fix& fix : track.fixes()) {
        lines += line_of(fix, later, track, how);
        if (++count % at_once != 0) continue;
        TRYV(send(service, std::exchange(lines, {}), out));
    }
    if (!lines.empty()) TRYV(send(service, std::move(lines), out));
    TRY(page, ask_json(service, net::Method::get,
                       fmt::format("/v1/tracks/alerts?limit=1000&after={}",
                                   number(before.json, "newest"))));
    out.alerts = std::move(page);
    return out;
}

void add_alerts(CLI::App& root, Run& run) {
    auto args = std::make_shared<AlertArgs>();
    CLI::App* app = verb(root, "alerts", "Say what live tracks entered, left, and will enter",
                         "entente alerts --data reg --track SU-24", args->common);
    app->add_option("--after", args->after, "Behind the alert of this number");
    app->add_option("--track", args->track, "Of this track only");
    app->add_option("--limit", args->limit,
                    "At most so many: the newest, or with --after those behind it")
        ->check(CLI::Range(1, 1000));
    app->callback([&run, args] { run = [args] { return alerts(*args); }; });
}

}  // namespace entente::cli
