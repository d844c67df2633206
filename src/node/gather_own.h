// SPDX-License-Identifier: Apache-2.0
// What a party's own beats in one of its logs told others: in the log in force, or in one before.
// Internal to gather.cc.
#pragma once

#include <optional>
#include <vector>

#include "node/exchange.h"

namespace entente::node {

struct OwnBeats {
    std::optional<OwnBeat> newest;
    std::vector<OwnBeat> told;  // those that were the first to tell of releases

    /// The first beat whose slot for this party says that the release with this number, of this
    /// entry, is made; null where that is not known.
    const OwnBeat* first_with(const PartyId& to, EntryIndex entry, std::uint64_t number) const;
};

/// Of the log with this number, `told` from the entry `begin` on.
Result<OwnBeats> own_beats(Store& store, const Origin& origin, std::uint32_t number,
                           EntryIndex begin, TreeSize size);

/// Nearly all of a log is sealed entries, and reading one takes longer than this.
inline bool is_sealed(BytesView entry) { return entry.starts_with("{\"c\":"); }

}  // namespace entente::node
