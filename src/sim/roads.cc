// SPDX-License-Identifier: Apache-2.0
#include "sim/roads.h"

#include <algorithm>
#include <map>

namespace entente::sim {
namespace {

constexpr Bits exact = 4;

const RoadLeg* numbered(const RoadVersion& version, std::uint32_t number) {
    for (const RoadLeg& leg : version.legs) {
        if (leg.number == number) return &leg;
    }
    return nullptr;
}

class Ends {
  public:
    Ends(const Road& road, const Reading& reading) : road_(road), reading_(reading) {}

    std::optional<Instant> of(std::size_t k, const RoadLeg& leg) {
        const auto key = std::pair(k, leg.number);
        if (const auto known = known_.find(key); known != known_.end()) return known->second;
        std::optional<Instant> out;
        for (std::size_t i = k + 1; i < road_.versions.size(); ++i) {
            if (!reading_.reads(road_, i)) continue;
            auto end = acts(i, k);
            // Where the later one states the leg as well as before, that one has to end too.
            const RoadLeg* then = holding(i, leg);
            if (then != nullptr && end) {
                const auto next = of(i, *then);
                end = next ? std::optional(std::max(*end, *next)) : std::nullopt;
            }
            if (end && (!out || *end < *out)) out = end;
        }
        known_.emplace(key, out);
        return out;
    }

  private:
    const RoadLeg* holding(std::size_t i, const RoadLeg& leg) const {
        for (const RoadLeg& one : road_.versions[i].legs) {
            if (one.holds(leg)) return &one;
        }
        return nullptr;
    }

    /// From when on version i stands in the place of all that version k says.
    std::optional<Instant> acts(std::size_t i, std::size_t k) const {
        const auto& legs = road_.versions[k].legs;
        if (std::all_of(legs.begin(), legs.end(),
                        [&](const RoadLeg& leg) { return holding(i, leg) != nullptr; })) {
            return Instant::min();
        }
        if (!reading_.final[i]) return std::nullopt;
        return std::max(*reading_.final[i] + (prompt(i, k) ? Duration(0) : reading_.delay),
                        road_.versions[i].time);
    }

    /// Only starts and ends were said since, and all of it is open: the delay is not waited for.
    bool prompt(std::size_t i, std::size_t k) const {
        if (road_.versions[i].act != "end") return false;
        for (std::size_t j = k; j <= i; ++j) {
            const RoadVersion& said = road_.versions[j];
            if (j > k && said.act != "start" && said.act != "end") return false;
            if (!said.legs.empty() && (reading_.open[j] & exact) == 0) return false;
        }
        return true;
    }

    const Road& road_;
    const Reading& reading_;
    std::map<std::pair<std::size_t, std::uint32_t>, std::optional<Instant>> known_;
};

}  // namespace

std::uint32_t Road::numbers() const {
    std::uint32_t out = 0;
    for (const RoadVersion& version : versions) {
        for (const RoadLeg& leg : version.legs) out = std::max(out, leg.number);
    }
    return out;
}

bool Reading::whole(const Road& road) const {
    for (std::size_t i = 0; i < open.size(); ++i) {
        if ((open[i] & (road.versions[i].legs.empty() ? 1 : exact)) == 0) return false;
    }
    return true;
}

std::optional<Instant> leg_ends(const Road& road, std::size_t version, const RoadLeg& leg,
                                const Reading& reading) {
    return Ends(road, reading).of(version, leg);
}

std::string standing(const Road& road, std::uint32_t number, Instant now) {
    const RoadLeg* leg = nullptr;
    std::string gone;
    for (const RoadVersion& version : road.versions) {
        const RoadLeg* const then = numbered(version, number);
        if (then != nullptr) {
            leg = then;
        } else if (leg != nullptr && gone.empty()) {
            gone = version.act == "end" ? "ended" : "taken_out";
        }
    }
    if (!gone.empty()) return gone;
    if (now >= leg->until()) return "lapsed";
    if (now >= leg->end) return "overdue";
    if (leg->started) return "under_way";
    return now >= leg->start ? "late" : "planned";
}

}  // namespace entente::sim
