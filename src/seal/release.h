// SPDX-License-Identifier: Apache-2.0
// One leaf of the list of an author's releases to a recipient (PROTOCOL 9;
// doc/protocol/exchange.md, "Releases"):
//
//     entente/release/v1
//     <entry index> <leaf hash> <slots> <label hash>
//
// The tree of these leaves is tlog::Tree's, kept by node.
#pragma once

#include "base/ids.h"
#include "seal/vault.h"

namespace entente::seal {

// What a recipient gets by tier; the head is always among it. The exact body opens the coarse one's
// commitment, so that it needs no coarse body.
constexpr SlotSet tier_none{true, false, false};
constexpr SlotSet tier_coarse{true, true, false};
constexpr SlotSet tier_exact{true, false, true};

struct Release {
    EntryIndex entry;
    Hash leaf;  // of the author's log
    SlotSet slots = tier_none;
    Hash label;  // SHA-256 of the head's label; of nothing where it has none
    bool operator==(const Release&) const = default;
};

/// Precondition: the head is among the slots.
Bytes format_release(const Release& release);
/// Only what format_release makes, within limits::release_leaf_bytes_max.
Result<Release> parse_release(BytesView leaf);

}  // namespace entente::seal
