// SPDX-License-Identifier: Apache-2.0
// Notices that the clock makes of challenges: one is overdue, which nobody says. Told to the people
// of who made it and of whom it asks, once for each version that nobody answered in its time: when
// that comes after what was told up to, or with the version itself where that comes later. Who was
// not running in between is told how it stands then.
#include <algorithm>

#include "node/noticing_pass.h"

namespace entente::node {

using view::ChallengeState;

/// The first moment after this one at which a challenge is overdue, unless it is answered.
std::optional<Instant> Noticing::next_answer_due(Instant after) const {
    const registry::Snapshot& snapshot = of_.node->snapshot();
    std::optional<Instant> out;
    for (const registry::DealingSlot slot :
         snapshot.dealings().of_kind(statement::challenge_kind)) {
        if (!view::is_challenge(snapshot, slot)) continue;
        const view::SeenChallenge seen(snapshot, slot);
        if (seen.state(after) != ChallengeState::open) continue;
        const Instant at = seen.challenge()->answer_by;
        if (!out || at < *out) out = at;
    }
    return out;
}

void Noticing::challenge_causes(Pass& pass) const {
    if (!answers_due(pass.until) && pass.asked.empty()) return;
    const registry::Snapshot& snapshot = of_.node->snapshot();
    for (const registry::DealingSlot slot :
         snapshot.dealings().of_kind(statement::challenge_kind)) {
        if (!view::is_challenge(snapshot, slot)) continue;
        const view::SeenChallenge seen(snapshot, slot);
        if (seen.state(pass.until) != ChallengeState::overdue) continue;
        const bool late = pass.asked.contains({slot, seen.version()});
        const bool past = seen.challenge()->answer_by <= pass.clock;
        if (past && !late) continue;
        const registry::LogState& log = snapshot.log(seen.dealing().log);
        const registry::DealingVersion& newest = seen.versions().back();
        Notice notice;
        notice.what = watch::what::challenge;
        notice.party = log.party;
        notice.origin = log.origin;
        notice.index = newest.position.index;
        notice.leaf = newest.position.leaf;
        notice.detail = view::name(ChallengeState::overdue);
        notice.time = pass.moment;
        notice.talk = seen.id();
        const std::string shown =
            past ? pass.release_of(seen.dealing().log, newest.position.leaf) : std::string();
        pass.causes.push_back({"challenge/" + log.origin.v + "/" + seen.id().text() + "/" +
                                   std::to_string(newest.number) + "/overdue" + shown,
                               notice, snapshot.find(seen.challenge()->of)});
    }
}

}  // namespace entente::node
