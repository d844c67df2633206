// SPDX-License-Identifier: Apache-2.0
// One entry of an evidence file with the bodies that are shown: commitments, keys of bodies, record
// ids, tags, coarse openings and approvals. That the entry is in the log is facts.cc's.
#pragma once

#include <map>

#include "evidence/facts.h"

namespace entente::evidence {

/// Whose log it is. Entries are read in order: keys that the root gave are remembered.
struct EntryContext {
    const statement::Charter& charter;
    const statement::CharterParty& party;
    const Origin& origin;
    std::map<PublicKey, std::uint64_t> officers;  // from which index on
};

/// Errc::bad_proof for a body that is not the entry's own; nothing of slots.
Result<ProvenEntry> read_entry(const ShownEntry& shown, EntryContext& context);

}  // namespace entente::evidence
