// SPDX-License-Identifier: Apache-2.0
// What a recall takes away of what had been said of groups (PROTOCOL 12, 17): a presence that was
// none may be a conflict by that, for nobody's word protects less than silence does. Afterwards it
// is known no more what was said, so what it was to the presences is noted before. Pure.
#pragma once

#include <set>
#include <vector>

#include "view/view.h"

namespace entente::node {

struct Forgotten {
    registry::LogNumber log = 0;
    registry::Position entry;               // of which the body was destroyed or closed
    std::vector<registry::Slot> presences;  // of the groups that it was about
    std::set<registry::Slot> cautions;      // of these such as were no conflict before
};

/// What is known of this version, before it is forgotten.
Forgotten before_forgetting(const registry::Snapshot& snapshot, registry::DealingSlot dealing,
                            const registry::Position& entry, Instant now);

/// What the versions of a record say of presences, as far as they may protect still.
std::vector<const statement::Presence*> presences_said(const registry::Record& record,
                                                       const registry::LogState& log, Instant now);
/// Whether one of the record's presences is a conflict now; as it was without what is `unheard`.
bool is_conflict(const registry::Snapshot& snapshot, registry::Slot presence, Instant now,
                 const view::Unheard& unheard = {});

}  // namespace entente::node
