// SPDX-License-Identifier: Apache-2.0
// Notices that the clock makes of challenges and activities: one is overdue, which nobody says. Of
// a challenge told to the people of who made it and of whom it asks, once for each version that
// nobody answered in its time; of an activity to whoever sees it, once for each version that was
// started and not ended in its time. When that comes after what was told up to, or with the version
// itself where that comes later. Who was not running in between is told how it stands then.
#include <algorithm>

#include "node/noticing_pass.h"

namespace entente::node {

using registry::DealingVersion;
using view::ActivityState;
using view::ChallengeState;

namespace {

void earliest(std::optional<Instant>& of, Instant at) {
    if (!of || at < *of) of = at;
}

Notice overdue(const registry::LogState& log, const DealingVersion& newest, const char* what,
               Instant moment) {
    Notice out;
    out.what = what;
    out.party = log.party;
    out.origin = log.origin;
    out.index = newest.position.index;
    out.leaf = newest.position.leaf;
    out.detail = "overdue";
    out.time = moment;
    return out;
}

std::string key_of(const Notice& notice, const RecordId& id, const DealingVersion& newest) {
    return notice.what + "/" + notice.origin.v + "/" + id.text() + "/" +
           std::to_string(newest.number) + "/overdue";
}

}  // namespace

/// The first moment after this one at which a challenge is overdue unless it is answered, or an
/// activity unless it is ended.
std::optional<Instant> Noticing::next_answer_due(Instant after) const {
    const registry::Snapshot& snapshot = of_.node->snapshot();
    std::optional<Instant> out;
    for (const registry::DealingSlot slot :
         snapshot.dealings().of_kind(statement::challenge_kind)) {
        if (!view::is_challenge(snapshot, slot)) continue;
        const view::SeenChallenge seen(snapshot, slot);
        if (seen.state(after) != ChallengeState::open) continue;
        earliest(out, seen.challenge()->answer_by);
    }
    for (const registry::DealingSlot slot : snapshot.dealings().of_kind(statement::activity_kind)) {
        if (!view::is_activity(snapshot, slot)) continue;
        const view::SeenActivity seen(snapshot, slot);
        const auto* said = seen.activity();
        if (said == nullptr || !said->started || seen.state(after) != ActivityState::running) {
            continue;
        }
        // Of several that claim to be the newest one may be over.
        if (said->end() > after) earliest(out, said->end());
    }
    return out;
}

void Noticing::overdue_activities(Pass& pass) const {
    if (!answers_due(pass.until) && pass.said.empty()) return;
    const registry::Snapshot& snapshot = of_.node->snapshot();
    for (const registry::DealingSlot slot : snapshot.dealings().of_kind(statement::activity_kind)) {
        if (!view::is_activity(snapshot, slot)) continue;
        const view::SeenActivity seen(snapshot, slot);
        if (seen.state(pass.until) != ActivityState::overdue) continue;
        const bool past = seen.activity()->end() <= pass.clock;
        if (past && !pass.said.contains({slot, seen.version()})) continue;
        const DealingVersion& newest = seen.versions().back();
        Notice notice =
            overdue(snapshot.log(seen.dealing().log), newest, watch::what::activity, pass.moment);
        notice.activity = seen.id();
        const std::string shown =
            past ? pass.release_of(seen.dealing().log, newest.position.leaf) : std::string();
        pass.causes.push_back({key_of(notice, seen.id(), newest) + shown, notice, {}});
        pass.overdue.insert(slot);
    }
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
        const DealingVersion& newest = seen.versions().back();
        Notice notice = overdue(log, newest, watch::what::challenge, pass.moment);
        notice.talk = seen.id();
        const std::string shown =
            past ? pass.release_of(seen.dealing().log, newest.position.leaf) : std::string();
        pass.causes.push_back({key_of(notice, seen.id(), newest) + shown, notice,
                               snapshot.find(seen.challenge()->of)});
    }
}

}  // namespace entente::node
