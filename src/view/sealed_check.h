// SPDX-License-Identifier: Apache-2.0
// A sealed check as a reader of the register sees it: one's own, or one that was opened to them.
// Points into the snapshot that it was taken from.
#pragma once

#include <optional>

#include "registry/snapshot.h"

namespace entente::view {

struct SeenCheck {
    RecordId id;
    PartyId party;
    bool own = false;
    Hash leaf;  // of the entry that says it
    EntryIndex entry;
    Instant time;  // its author's claim
    std::string actor;
    const statement::SealedCheck* check = nullptr;  // null: not open, or not understood
};

/// Nothing for a dealing that is none.
std::optional<SeenCheck> sealed_check(const registry::Snapshot& snapshot,
                                      registry::DealingSlot slot);

}  // namespace entente::view
