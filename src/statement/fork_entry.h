// SPDX-License-Identifier: Apache-2.0
// Fork entries (PROTOCOL 25): by one a party logs that another log's key is convicted, so that the
// proof outlives everybody's stores. The proof is opaque here: mirror/fork.h makes and verifies it.
//
// A proof that is too large for an entry stands in it by its hash; peers hand it on as a document.
#pragma once

#include "statement/entry.h"

namespace entente::statement {

constexpr const char* fork_kind = "fork";

struct ForkEntry {
    Origin origin;  // whose log forked
    Hash hash;      // SHA-256 of the proof
    Bytes proof;    // empty where it does not fit
    bool operator==(const ForkEntry&) const = default;
};

/// With the proof where the entry can hold it.
ForkEntry fork_entry(const Origin& origin, BytesView proof);

/// Precondition: it was made by fork_entry, with an origin that notes can carry.
Bytes encode_fork_entry(const ForkEntry& entry);
/// Form, limits, and that a proof that is there has the hash; not whether it convicts.
Result<ForkEntry> decode_fork_entry(const OpenEntry& entry);

}  // namespace entente::statement
