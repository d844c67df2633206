// SPDX-License-Identifier: Apache-2.0
#include "node/forgotten.h"

#include <algorithm>

#include "check/presence.h"

namespace entente::node {

std::vector<const statement::Presence*> presences_said(const registry::Record& record,
                                                       const registry::LogState& log, Instant now) {
    std::vector<const statement::Presence*> out;
    for (const registry::Version& version : record.versions) {
        const auto* content = version.content.get();
        if (content == nullptr || !content->protection.presence) continue;
        if (log.end_of(version) > now) out.push_back(&*content->protection.presence);
    }
    return out;
}

bool is_conflict(const registry::Snapshot& snapshot, registry::Slot presence, Instant now,
                 const view::Unheard& unheard) {
    const registry::Record& record = snapshot.at(presence);
    const registry::LogState& log = snapshot.log(record.log);
    const auto said = presences_said(record, log, now);
    return std::any_of(said.begin(), said.end(), [&](const statement::Presence* one) {
        const auto stands = view::group_stands(snapshot, one->group, now, now, unheard);
        return check::because_of(log.party, *one, stands) != check::Because::nobody_protects;
    });
}

Forgotten before_forgetting(const registry::Snapshot& snapshot, registry::DealingSlot dealing,
                            const registry::Position& entry, Instant now) {
    Forgotten out{snapshot.dealings().at(dealing).log, entry, {}, {}};
    out.presences = view::presences_of(snapshot, view::groups_by(snapshot, dealing));
    for (const registry::Slot presence : out.presences) {
        if (!is_conflict(snapshot, presence, now)) out.cautions.insert(presence);
    }
    return out;
}

}  // namespace entente::node
