// SPDX-License-Identifier: Apache-2.0
// The attempts to reach the desks that a STOP is addressed to, as a reader of the register sees
// them. Points into the snapshot that it was taken from.
#pragma once

#include "view/replies.h"

namespace entente::view {

struct SeenAttempt {
    PartyId party;
    Hash leaf;     // of the entry that says it
    Instant time;  // its author's claim
    std::string actor;
    const statement::Attempt* attempt;
};

/// In order of when they began. Nothing for what is no STOP, or for one that nobody was called by.
std::vector<SeenAttempt> attempts_for(const registry::Snapshot& snapshot, const RecordId& stop);

}  // namespace entente::view
