// SPDX-License-Identifier: Apache-2.0
// What a record protected in the past: each version with the time from which and until which it
// did, whether or not it still does. A check asks what protects at a moment from now on; who looks
// back at an incident asks this. It points into the snapshot that it was taken from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "registry/snapshot.h"

namespace entente::view {

/// One version that states places. It protected in [time, until), in the hours of its places; both
/// by claims of its author: what of that is proven an evidence file says.
struct PastVersion {
    const registry::Version* version;
    /// When a later version covered it, or when what ended it acted; registry::never while neither.
    Instant until;
};

struct Past {
    const registry::Record* record;
    std::vector<PastVersion> versions;  // in the order of their author's log
    /// The record, of a log that its party kept before, that this one goes on from (PROTOCOL 8).
    std::optional<RecordId> was;
};

/// Takes time for each version of the record.
Past past(const registry::Snapshot& snapshot, registry::Slot slot);

}  // namespace entente::view
