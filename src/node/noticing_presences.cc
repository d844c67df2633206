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
using Versions = std::set<std::pair<registry::DealingSlot, std::uint32_t>>;

/// Whether this version says that it protects that group, and is not past what it says itself.
bool protects(const DealingVersion& version, const view::GroupStands& stands, Instant now) {
    const auto* said =
        version.said ? std::get_if<statement::Position>(version.said.get()) : nullptr;
    const auto& groups = stands.groups;
    return said != nullptr && said->group && said->stand == statement::Stand::is_protected &&
           std::find(groups.begin(), groups.end(), *said->group) != groups.end() &&
           (!said->until || *said->until > now);
}

/// Whether nobody protected the group before this pass, and of the words that now do the record is
/// the first: however many come at once, one of them rings.
bool begins(const view::GroupStands& stands, const RecordId& record,
            const registry::Dealings& dealings, const Versions& fresh, Instant now) {
    const RecordId* first = nullptr;
    for (const view::GroupWord& word : stands.words) {
        if (!word.protects) continue;
        const auto slot = dealings.find(word.id);
        for (const DealingVersion& version : dealings.at(*slot).versions) {
            const bool is_fresh = fresh.contains({*slot, version.number});
            if (!is_fresh && protects(version, stands, now)) return false;
        }
        if (first == nullptr) first = &word.id;
    }
    return first != nullptr && *first == record;
}

const DealingVersion* first_that_protects(const registry::Dealing& dealing,
                                          const view::GroupStands& stands, Instant now) {
    const auto& all = dealing.versions;
    const auto first = std::find_if(all.begin(), all.end(), [&](const DealingVersion& one) {
        return protects(one, stands, now);
    });
    return first == all.end() ? nullptr : &*first;
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
        for (const registry::Slot presence : view.presences_by(slot)) {
            const view::Seen seen = view.at(presence);
            const auto stands = seen.group_stands(pass.moment);
            if (!stands ||
                !begins(*stands, dealing.id, snapshot.dealings(), pass.stood, pass.moment))
                continue;
            const DealingVersion* now_said = first_that_protects(dealing, *stands, pass.moment);
            if (now_said == nullptr || now_said->number != number) continue;
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
