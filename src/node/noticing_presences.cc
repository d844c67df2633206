// SPDX-License-Identifier: Apache-2.0
// Alarms that come of what is said of groups: by a position, or by another record of the group, or
// because one was taken back or is withheld, a presence is a conflict that was none before, and an
// activity that may still happen touches it. Whoever planned it by a caution is told.
#include <algorithm>

#include "check/activity.h"
#include "check/presence.h"
#include "node/noticing_pass.h"

namespace entente::node {
namespace {

using registry::Dealing;
using registry::DealingVersion;

/// What may have changed what a group's presences are; of several the first of the lowest rank is
/// named in the alarm.
struct Came {
    registry::DealingSlot slot;
    registry::Position entry;
    int rank;
};

int rank_of(const DealingVersion& version) {
    const auto* said =
        version.said ? std::get_if<statement::Position>(version.said.get()) : nullptr;
    if (said != nullptr && said->stand == statement::Stand::is_protected) return 0;
    return version.kind == statement::group_kind ? 1 : 2;
}

/// By the groups that it is about.
std::map<RecordId, Came> by_group(const registry::Snapshot& snapshot,
                                  const std::vector<Came>& all) {
    std::map<RecordId, Came> out;
    for (const Came& one : all) {
        for (const RecordId& group : view::groups_by(snapshot, one.slot)) {
            const auto [found, is_new] = out.try_emplace(group, one);
            if (!is_new && one.rank < found->second.rank) found->second = one;
        }
    }
    return out;
}

/// Whether it restrains now, and did not without what has come.
bool begins(const registry::Snapshot& snapshot, const view::Seen& seen,
            const statement::Presence& said, const view::Unheard& unheard, Instant now) {
    const auto before = view::group_stands(snapshot, said.group, now, now, unheard);
    if (check::because_of(seen.party(), said, before) != check::Because::nobody_protects)
        return false;
    const auto stands = view::group_stands(snapshot, said.group, now, now);
    return check::because_of(seen.party(), said, stands) != check::Because::nobody_protects;
}

}  // namespace

/// What this entry of a log says of a group makes its presence a conflict, which this activity
/// touches.
Noticing::Cause Noticing::alarm_of(const registry::LogState& log, const registry::Position& entry,
                                   const view::Seen& presence, const view::SeenActivity& activity,
                                   Instant now) {
    Notice notice;
    notice.what = watch::what::alarm;
    notice.party = log.party;
    notice.origin = log.origin;
    notice.index = entry.index;
    notice.leaf = entry.leaf;
    notice.detail = view::name(activity.state(now));
    notice.record = presence.id();
    notice.version = presence.version();
    notice.time = now;
    notice.activity = activity.id();
    return {"alarm/" + activity.id().text() + "/" + log.origin.v + "/" +
                std::to_string(notice.index.v) + "/" + presence.id().text(),
            notice,
            {}};
}

void Noticing::position_alarms(Pass& pass) const {
    const index::Index* const activities = of_.node->activities();
    if ((pass.stood.empty() && pass.withheld.empty()) || activities == nullptr) return;
    const registry::Snapshot& snapshot = of_.node->snapshot();
    const view::View view(snapshot, {snapshot.party()});
    std::vector<Came> all;
    view::Unheard unheard{pass.stood, {}};
    for (const auto& [slot, number] : pass.stood) {
        for (const DealingVersion& version : snapshot.dealings().at(slot).versions) {
            if (version.number != number) continue;
            all.push_back({slot, version.position, rank_of(version)});
        }
    }
    for (const auto& [slot, entry] : pass.withheld) {
        unheard.withheld.insert(slot);
        all.push_back({slot, entry, 3});
    }
    const auto came = by_group(snapshot, all);
    std::set<RecordId> groups;
    for (const auto& [group, one] : came) groups.insert(group);
    index::Scratch scratch;
    for (const registry::Slot presence : view::presences_of(snapshot, groups)) {
        const view::Seen seen = view.at(presence);
        const statement::Presence* said = seen.presence();
        const auto found = said != nullptr ? came.find(said->group) : came.end();
        if (found == came.end() || !begins(snapshot, seen, *said, unheard, pass.moment)) continue;
        const registry::LogState& log =
            snapshot.log(snapshot.dealings().at(found->second.slot).log);
        for (const view::DealingSlot one :
             check::touched(view, *activities, scratch, seen, pass.moment)) {
            Cause cause = alarm_of(log, found->second.entry, seen, view.activity(one), pass.moment);
            cause.slot = presence;
            pass.causes.push_back(std::move(cause));
        }
    }
}

}  // namespace entente::node
