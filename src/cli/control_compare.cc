// SPDX-License-Identifier: Apache-2.0
#include "cli/control_compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "base/time.h"
#include "cli/ask.h"
#include "formats/json_out.h"
#include "net/target.h"

namespace entente::cli {
namespace {

using formats::Json;

/// What one party says of one area for one time.
struct Assessed {
    std::string area, party, id, leaf, holding, holder, from, until, grade;
    auto operator<=>(const Assessed&) const = default;
};
/// By area, then by party, then by the time that is spoken of.
using Areas = std::map<std::string, std::map<std::string, std::vector<Assessed>>>;

std::string holder_of(const Json& said) {
    const Json* holder = said.find("holder");
    if (holder == nullptr) return {};
    for (const char* key : {"name", "party", "group"}) {
        const std::string value = member(*holder, key);
        if (!value.empty()) return std::string(key) + " " + value;
    }
    return {};
}

/// Whether the moment lies in [from, until); an end that is not stated is open.
bool holds_at(const Assessed& one, const std::optional<Instant>& at) {
    if (!at) return true;
    const auto from = parse_rfc3339(one.from), until = parse_rfc3339(one.until);
    return (!from || *from <= *at) && (!until || *at < *until);
}

void add(Areas& areas, const Json& one, const ControlCompareArgs& args,
         const std::optional<Instant>& at) {
    const Json* said = one.find("said");
    if (said == nullptr) return;
    Assessed out{member(*said, "area"), member(one, "party"),     member(one, "id"),
                 member(one, "leaf"),   member(*said, "holding"), holder_of(*said),
                 member(*said, "from"), member(*said, "until"),   member(*said, "grade")};
    if (!args.area.empty() && out.area != args.area) return;
    if (!holds_at(out, at)) return;
    areas[out.area][out.party].push_back(std::move(out));
}

Result<Areas> fetch(Service& service, const ControlCompareArgs& args,
                    const std::optional<Instant>& at) {
    Areas areas;
    std::string cursor;
    do {
        TRY(page, ask_json(service, net::Method::get,
                           "/v1/statements?kind=control&limit=1000" +
                               (cursor.empty() ? "" : "&cursor=" + net::percent_encode(cursor))));
        for (const Json& one : page.json.find("statements")->elements) add(areas, one, args, at);
        cursor = member(page.json, "next");
    } while (!cursor.empty());
    for (auto& [area, parties] : areas) {
        for (auto& [party, all] : parties) {
            std::sort(all.begin(), all.end(), [](const Assessed& a, const Assessed& b) {
                return std::tie(a.from, a.until, a.id) < std::tie(b.from, b.until, b.id);
            });
        }
    }
    return areas;
}

void print_json(const Areas& areas) {
    formats::JsonOut out;
    out.object([&] {
        out.name("areas");
        out.array([&] {
            for (const auto& [area, parties] : areas) {
                out.object([&] {
                    out.member("area", area);
                    out.name("assessments");
                    out.array([&] {
                        for (const auto& [party, all] : parties) {
                            for (const Assessed& one : all) {
                                out.object([&] {
                                    out.member("party", party);
                                    out.member("id", one.id);
                                    out.member("leaf", one.leaf);
                                    out.member("holding", one.holding);
                                    out.member("holder", one.holder);
                                    out.member("from", one.from);
                                    out.member("until", one.until);
                                    out.member("grade", one.grade);
                                });
                            }
                        }
                    });
                });
            }
        });
    });
    fmt::print("{}\n", out.text());
}

void print_areas(const Areas& areas) {
    if (areas.empty()) fmt::print("nobody says who holds an area, in what you may see\n");
    for (const auto& [area, parties] : areas) {
        fmt::print("{}\n", area);
        for (const auto& [party, all] : parties) {
            for (const Assessed& one : all) {
                fmt::print("  {}: {}{}, {} to {}, {} [{}]\n", party, one.holding,
                           one.holder.empty() ? "" : ": " + one.holder,
                           one.from.empty() ? "open" : one.from,
                           one.until.empty() ? "open" : one.until, one.grade, one.id);
            }
        }
    }
    fmt::print("Each by its own assessor. What somebody holds is no less protected.\n");
}

}  // namespace

Exit compare_controls(const ControlCompareArgs& args) {
    constexpr const char* verb = "control compare";
    std::optional<Instant> at;
    if (!args.at.empty()) {
        const auto moment = parse_rfc3339(args.at);
        if (!moment) return report(verb, entente::at("--at", moment.error()).value());
        at = *moment;
    }
    auto service = Service::open(args.common, {});
    if (!service) return report(verb, service.error());
    const auto areas = fetch(*service, args, at);
    if (!areas) return report(verb, areas.error());
    args.common.json ? print_json(*areas) : print_areas(*areas);
    return Exit::ok;
}

}  // namespace entente::cli
