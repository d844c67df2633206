// SPDX-License-Identifier: Apache-2.0
#include "cli/incident_join.h"

#include <fmt/format.h>

#include "base/printable.h"
#include "cli/ask.h"
#include "cli/say.h"
#include "net/target.h"

namespace entente::cli {
namespace {

using formats::Json;

/// What a party had said by then, and what it has said since, in few words.
std::string told_text(const Json& told) {
    const std::string by_then = member(told, "by_then"), tier = member(told, "tier");
    std::string out = member(told, "party") + " " + tier + ": ";
    out += by_then.empty()        ? "not known"
           : by_then == "offered" ? "had acknowledged nothing"
                                  : by_then;
    if (member(told, "refused_by_then") == "yes") out += ", and REFUSED";
    if (member(told, "differs_by_then") == "yes")
        out += ", MISMATCH: what came back lay elsewhere, and nothing had set that right";
    return out;
}

std::string stood_text(const std::string& stood) {
    return stood == "throughout"    ? "in force all that time"
           : stood == "partly"      ? "in force for a part of that time"
           : stood == "other_hours" ? "in force, in other hours"
           : stood == "ended"       ? "had ended before"
           : stood == "later"       ? "said only afterwards"
                                    : stood;
}

void print_row(const Json& row) {
    const std::string distance = member(row, "distance_m"), leg = member(row, "leg");
    const std::string until = member(row, "until");
    fmt::print("{} {} \"{}\" [{}]{}\n", member(row, "party"), member(row, "class"),
               member(row, "name"), member(row, "record"),
               member(row, "named") == "yes" ? ", named as affected" : "");
    fmt::print("  version {}{}, said {}, {}: {}{}\n", member(row, "version"),
               leg.empty() ? "" : " leg " + leg, member(row, "said"),
               until.empty() ? std::string("not ended") : "until " + until,
               stood_text(member(row, "stood")),
               member(row, "newer_withheld") == "yes"
                   ? "; a newer version is not open here, and may have ended it"
                   : "");
    const std::string touches = member(row, "touches");
    fmt::print("  {}{}{}\n", distance.empty() ? "distance not known" : distance + " m away",
               touches == "yes"                       ? ", within its reach"
               : touches.empty() && !distance.empty() ? ", whether within its reach is not known"
                                                      : "",
               member(row, "coarse") == "yes" ? " (from an area, the place is not given)" : "");
    for (const Json& told : row.find("told")->elements) fmt::print("  {}\n", told_text(told));
    if (row.find("told")->elements.empty())
        fmt::print("  told to nobody, as far as is known here\n");
}

void print_check(const Json& check) {
    fmt::print("{} {} [{}] said {}: {}, touched {}, {} m away\n", member(check, "party"),
               member(check, "kind"), member(check, "id"), member(check, "said"),
               member(check, "verdict"), member(check, "touched"), member(check, "distance_m"));
    for (const Json& leaf : check.find("named")->elements) {
        fmt::print("  it touched {}\n", printable(leaf.text));
    }
}

void print_line(const Json& line) {
    const std::string more = member(line, "more");
    fmt::print("{} {} {}{} [{}]{}\n", member(line, "time"), member(line, "party"),
               member(line, "what"), more.empty() ? "" : " " + more, member(line, "record"),
               member(line, "differs") == "yes" ? " MISMATCH" : "");
    for (const Json& leaf : line.find("leaves")->elements) {
        fmt::print("  leaf {}\n", printable(leaf.text));
    }
}

void print_join(const Json& join, bool lines) {
    fmt::print("incident {} of {}, version {}{}: {} to {}\n", member(join, "id"),
               member(join, "party"), member(join, "version"),
               member(join, "withdrawn") == "yes" ? " (withdrawn)" : "", member(join, "from"),
               member(join, "until"));
    const std::string precision = member(join, "place_precision");
    if (member(join, "volumes") == "0")
        fmt::print("nobody says where it was: nothing can be near it\n");
    else if (member(join, "anywhere") == "yes")
        fmt::print(
            "its place is known to the {} alone: it was anywhere there, a distance says "
            "little, and what it touched is not known\n",
            precision);
    else if (precision == "district" || precision == "region" || precision == "country")
        fmt::print("its place is known to the {} alone: a distance says little\n", precision);
    const auto section = [&](const char* of, const char* all, const char* total, auto print) {
        const Json& rows = *join.find(all);
        fmt::print("\n{} {}", member(join, total), of);
        if (std::to_string(rows.elements.size()) != member(join, total))
            fmt::print(", of which the first {}", rows.elements.size());
        fmt::print("\n");
        for (const Json& one : rows.elements) print(one);
    };
    section("places stood in the register within reach of it, or were named", "rows", "rows_total",
            print_row);
    section("checks and activities near it, as far as they are open here", "checks", "checks_total",
            print_check);
    for (const Json& one : join.find("parties")->elements) {
        const auto left = [&](const char* of, const char* all, const char* total) {
            if (member(one, all) == member(one, total)) return;
            fmt::print("of {} of {} {} are shown, of {}\n", of, member(one, "party"),
                       member(one, all), member(one, total));
        };
        left("places", "rows", "rows_total");
        left("checks and activities", "checks", "checks_total");
    }
    if (lines) {
        fmt::print("\nwho said what when, each by its own clock\n");
        for (const Json& one : join.find("lines")->elements) print_line(one);
    }
    fmt::print("\nThis says what had been said, and to whom. It does not say who did what.\n");
}

}  // namespace

Exit join_incident(const IncidentJoinArgs& args) {
    constexpr const char* verb = "incident join";
    auto service = Service::open(args.common, {});
    if (!service) return report(verb, service.error());
    std::string target = "/v1/joins/" + net::percent_encode(args.id);
    if (!args.within.empty()) target += "?within=" + net::percent_encode(args.within);
    if (args.csv) {
        const auto table = service->get(target, "text/csv");
        if (!table) return report_record(verb, args.id, table.error());
        fmt::print("{}", table->bytes());
        return Exit::ok;
    }
    const auto answered = ask_json(*service, net::Method::get, target);
    if (!answered) return report_record(verb, args.id, answered.error());
    if (args.common.json)
        fmt::print("{}", answered->text);
    else
        print_join(answered->json, args.lines);
    return Exit::ok;
}

}  // namespace entente::cli
