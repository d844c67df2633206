// SPDX-License-Identifier: Apache-2.0
// Alarms that come of positions: a party says just now that it protects a group which nobody
// protected before, and an activity that may still happen touches a presence of it. Whoever planned
// it by a caution is told that it is a conflict.
#include <algorithm>

#include "check/activity.h"
#include "check/presence.h"
#include "node/noticing_pass.h"

namespace entente::node {
namespace {

using registry::DealingVersion;

/// Whether this version says that it protects a group, and is not past what it says itself.
bool protects(const DealingVersion& version, Instant now) {
    const auto* said =
        version.said ? std::get_if<statement::Position>(version.said.get()) : nullptr;
    return said != nullptr && said->group && said->stand == statement::Stand::is_protected &&
           (!said->until || *said->until > now);
}

/// Whether the record is the one party's word by which the group is protected.
bool alone(const view::GroupStands& stands, const RecordId& record) {
    const auto protecting = [](const view::GroupWord& one) { return one.protects; };
    const auto& words = stands.words;
    const auto first = std::find_if(words.begin(), words.end(), protecting);
    return first != words.end() && first->id == record &&
           std::count_if(words.begin(), words.end(), protecting) == 1;
}

}  // namespace

void Noticing::position_alarms(Pass& pass) const {
    const index::Index* const activities = of_.node->activities();
    if (pass.stood.empty() || activities == nullptr) return;
    const registry::Snapshot& snapshot = of_.node->snapshot();
    const view::View view(snapshot, {snapshot.party()});
    index::Scratch scratch;
    for (const auto& [slot, number] : pass.stood) {
        const registry::Dealing& dealing = snapshot.dealings().at(slot);
        const registry::LogState& log = snapshot.log(dealing.log);
        const DealingVersion* now_said = nullptr;
        bool before = false;
        for (const DealingVersion& version : dealing.versions) {
            if (version.number == number) now_said = &version;
            before |= version.number < number && protects(version, pass.moment);
        }
        if (now_said == nullptr || before || !protects(*now_said, pass.moment)) continue;
        for (const registry::Slot presence : view.presences_by(slot)) {
            const view::Seen seen = view.at(presence);
            const auto stands = seen.group_stands(pass.moment);
            if (!stands || !alone(*stands, dealing.id)) continue;
            for (const view::DealingSlot one :
                 check::touched(view, *activities, scratch, seen, pass.moment)) {
                const view::SeenActivity activity = view.activity(one);
                Notice notice;
                notice.what = watch::what::alarm;
                notice.party = log.party;
                notice.origin = log.origin;
                notice.index = now_said->position.index;
                notice.leaf = now_said->position.leaf;
                notice.detail = view::name(activity.state(pass.moment));
                notice.record = seen.id();
                notice.version = seen.version();
                notice.time = pass.moment;
                notice.activity = activity.id();
                pass.causes.push_back({"alarm/" + activity.id().text() + "/" + log.origin.v + "/" +
                                           std::to_string(notice.index.v) + "/" + seen.id().text(),
                                       notice, presence});
            }
        }
    }
}

}  // namespace entente::node
