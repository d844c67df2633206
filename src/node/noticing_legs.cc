// SPDX-License-Identifier: Apache-2.0
// Notices of legs: one that is late, overdue or lapsed by the clock, which nobody says; each is
// told once for each version in which the leg is what it is, when its moment has come after what
// was told up to; and where the leg itself comes later than its moment, with what says it. Who was
// not running in between is told how the leg stands then. And one that somebody says to have set
// out early.
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

Notice leg_notice(const view::Seen& movement, const registry::Version& version, std::uint32_t leg,
                  const std::string& code, Instant moment) {
    Notice out;
    out.what = watch::what::leg;
    out.party = movement.party();
    out.origin = movement.origin();
    out.index = version.position.index;
    out.leaf = version.position.leaf;
    out.detail = code;
    out.record = movement.id();
    out.version = version.number;
    out.leg = leg;
    out.time = moment;
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

namespace {

/// Whether this version is the first that says that the leg has started.
bool starts(const registry::Record& record, std::uint32_t number, std::uint32_t leg) {
    for (const registry::Version& version : record.versions) {
        if (version.number >= number || !version.content) continue;
        for (const statement::Leg& one : version.content->protection.legs) {
            if (one.number == leg && one.started) return false;
        }
    }
    return true;
}

}  // namespace

/// That a leg has set out before its window began, which nobody had reckoned with.
void Noticing::early_legs(Pass& pass) const {
    const registry::Snapshot& snapshot = of_.node->snapshot();
    for (const auto& [slot, number] : pass.fresh) {
        const view::Seen seen(snapshot, slot);
        if (!seen.moves()) continue;
        const registry::Record& record = snapshot.at(slot);
        for (const registry::Version& version : record.versions) {
            if (version.number != number || !version.content) continue;
            for (const statement::Leg& leg : version.content->protection.legs) {
                const bool early = leg.started && *leg.started < *leg.window.start;
                if (!early || !starts(record, number, leg.number)) continue;
                const std::string shown = pass.release_of(record.log, version.position.leaf);
                pass.causes.push_back({"leg/" + seen.origin().v + "/" + seen.id().text() + "/" +
                                           std::to_string(leg.number) + "/" +
                                           std::to_string(number) + "/early" + shown,
                                       leg_notice(seen, version, leg.number, "early", pass.moment),
                                       slot});
            }
        }
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
            pass.causes.push_back(
                {key, leg_notice(seen, *of, leg.leg->number, code, pass.moment), slot});
        }
    }
}

}  // namespace entente::node
