// SPDX-License-Identifier: Apache-2.0
// Which keys of a party count at an index of its log: those of its card in the charter, and what
// the key entries of the log added and took away (PROTOCOL 7).
//
//     KeyRing ring(charter, party);
//     ring.apply(index, entry);                             // every key entry of the log, in order
//     ring.in_force(key_role::mirror, index);               // newest first
#pragma once

#include <optional>
#include <vector>

#include "statement/charter.h"
#include "statement/key_entry.h"

namespace entente::statement {

struct HeldKey {
    std::string role;
    PublicKey key;
    EntryIndex from;                  // the first index that it speaks for
    std::optional<EntryIndex> until;  // the first that it does not any more
    std::optional<EntryIndex> entry;  // which entry gave it; absent: the charter
    std::string name;
};

class KeyRing {
  public:
    /// Precondition: the charter names the party, and was checked.
    KeyRing(const Charter& charter, const PartyId& party);

    /// Entries of other kinds, and key entries that the root did not sign, change nothing.
    void apply(EntryIndex index, const OpenEntry& entry);

    const std::vector<HeldKey>& keys() const { return keys_; }
    /// Keys of the role that speak at this index, the newest first.
    std::vector<PublicKey> in_force(std::string_view role, EntryIndex index) const;

  private:
    void give(const char* role, BytesView key);

    Origin origin_;
    PublicKey root_;
    std::vector<HeldKey> keys_;
};

}  // namespace entente::statement
