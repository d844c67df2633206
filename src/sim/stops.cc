// SPDX-License-Identifier: Apache-2.0
#include "sim/stops.h"

#include <algorithm>
#include <tuple>

namespace entente::sim {
namespace {

constexpr Duration called_for = std::chrono::hours(24);

/// The word of those who decide, the last one; empty where nobody has.
std::string decided(const std::vector<StopAnswer>& answers) {
    std::string out;
    for (const StopAnswer& one : answers) {
        if (one.word == "accepted" || one.word == "refused") out = one.word;
    }
    return out;
}

/// While nobody has it: desk after desk, then all of them.
StopDue in_their_order(const StopSaid& stop, const std::vector<const StopCall*>& calls,
                       const StopClock& clock) {
    if (calls.empty()) return {{stop.desks.front()}, stop.said};
    const StopCall& last = *calls.back();
    const Instant all_of_them = stop.said + clock.escalate;
    const bool all_were = last.desks.size() > 1 || calls.size() > stop.desks.size();
    if (all_were) return {stop.desks, last.at + clock.escalate};
    const Instant in_vain = last.empty ? last.at : last.at + clock.next_desk;
    if (calls.size() < stop.desks.size() && in_vain < all_of_them) {
        return {{stop.desks[calls.size()]}, in_vain};
    }
    return {stop.desks, std::max(last.at, std::min(in_vain, all_of_them))};
}

}  // namespace

std::optional<StopDue> next_due(const StopSaid& stop, std::vector<StopAnswer> answers,
                                const StopClock& clock, Instant now) {
    std::sort(answers.begin(), answers.end(), [](const StopAnswer& a, const StopAnswer& b) {
        return std::tie(a.time, a.leaf) < std::tie(b.time, b.leaf);
    });
    std::vector<const StopCall*> calls;  // by its node
    Instant has_it = Instant::max();     // since when somebody does
    for (const StopCall& one : stop.calls) {
        if (one.automatic) calls.push_back(&one);
        if (one.answered) has_it = std::min(has_it, one.at);
    }
    Instant refused = Instant::max();
    for (const StopAnswer& one : answers) {
        has_it = std::min(has_it, one.time);
        if (one.word == "refused") refused = std::min({refused, one.time, now});
    }
    const std::string decision = decided(answers);
    if (stop.lifted || decision == "accepted") return std::nullopt;
    if (decision == "refused") {
        const bool heard_by_all =
            stop.desks.size() == 1 || std::any_of(calls.begin(), calls.end(), [&](const auto* one) {
                return one->at >= refused && one->desks.size() == stop.desks.size();
            });
        if (heard_by_all) return std::nullopt;
        return StopDue{stop.desks, refused};
    }
    StopDue out = in_their_order(stop, calls, clock);
    if (has_it != Instant::max()) {
        const Instant since = calls.empty() ? Instant::min() : calls.back()->at;
        out = {stop.desks, std::max(since, std::min(has_it, now)) + clock.escalate};
    }
    if (out.at > stop.said + called_for) return std::nullopt;
    return out;
}

}  // namespace entente::sim
