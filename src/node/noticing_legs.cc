// SPDX-License-Identifier: Apache-2.0
// Notices that the clock makes: a leg that is late, overdue or lapsed, which nobody says. Each is
// told once for each version in which the leg is what it is, when its moment has come after what
// was told up to; and where the leg itself comes later than its moment, with what says it. Who was
// not running in between is told how the leg stands then.
#include <algorithm>

#include "node/noticing_pass.h"

namespace entente::node {
namespace {

using view::LegState;

/// From when on a leg that nobody says anything of stands as it does at `now`; nothing for one that
/// needs nobody.
std::optional<Instant> since(const view::SeenLeg& leg, Instant now) {
    switch (leg.state(now)) {
        case LegState::late: return leg.leg->window.start;
        case LegState::overdue: return leg.leg->window.end;
        case LegState::lapsed: return statement::protects(*leg.leg).end;
        case LegState::planned:
        case LegState::under_way:
        case LegState::ended:
        case LegState::taken_out: break;
    }
    return std::nullopt;
}

/// The first moment after this one at which a leg of it stands otherwise by itself.
std::optional<Instant> next_of(const view::Seen& movement, Instant after) {
    std::optional<Instant> out;
    for (const view::SeenLeg& leg : movement.legs()) {
        if (leg.ended || leg.taken_out) continue;
        for (const auto& at :
             {leg.leg->window.start, leg.leg->window.end, statement::protects(*leg.leg).end}) {
            if (at && *at > after && (!out || *at < *out)) out = at;
        }
    }
    return out;
}

}  // namespace

void Noticing::schedule(Instant after, std::span<const registry::Slot> slots) {
    const registry::Snapshot& snapshot = of_.node->snapshot();
    for (const registry::Slot slot : slots) {
        if (const auto known = due_of_.find(slot); known != due_of_.end()) {
            due_.erase({known->second, slot});
            due_of_.erase(known);
        }
        const view::Seen seen(snapshot, slot);
        const auto at = seen.moves() ? next_of(seen, after) : std::nullopt;
        if (!at) continue;
        due_.emplace(*at, slot);
        due_of_.emplace(slot, *at);
    }
}

bool Noticing::legs_due(Instant now) const { return !due_.empty() && due_.begin()->first <= now; }

void Noticing::leg_causes(Pass& pass) const {
    const registry::Snapshot& snapshot = of_.node->snapshot();
    std::set<registry::Slot> slots(pass.due.begin(), pass.due.end());
    for (const auto& [slot, version] : pass.fresh) slots.insert(slot);
    for (const registry::Slot slot : slots) {
        const view::Seen seen(snapshot, slot);
        if (!seen.moves()) continue;
        for (const view::SeenLeg& leg : seen.legs()) {
            const auto at = since(leg, pass.until);
            if (!at || (*at <= pass.clock && !pass.fresh.contains({slot, leg.since}))) continue;
            const auto& versions = snapshot.at(slot).versions;
            const auto of =
                std::find_if(versions.begin(), versions.end(),
                             [&](const auto& version) { return version.number == leg.since; });
            const std::string code = view::name(leg.state(pass.until));
            // By the clock it is told once; with what states it as often as that is released.
            const std::string shown =
                *at <= pass.clock ? pass.release_of(snapshot.at(slot).log, of->position.leaf) : "";
            const std::string key = "leg/" + seen.origin().v + "/" + seen.id().text() + "/" +
                                    std::to_string(leg.leg->number) + "/" +
                                    std::to_string(leg.since) + "/" + code + shown;
            pass.causes.push_back({key,
                                   {{},
                                    watch::what::leg,
                                    seen.party(),
                                    seen.origin(),
                                    of->position.index,
                                    of->position.leaf,
                                    code,
                                    seen.id(),
                                    leg.since,
                                    leg.leg->number,
                                    pass.moment,
                                    {}},
                                   slot});
        }
    }
}

}  // namespace entente::node
