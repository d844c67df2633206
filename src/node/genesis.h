// SPDX-License-Identifier: Apache-2.0
// The beginning of a party alone (PROTOCOL 8): its keys, its solo charter, and the two entries that
// every log of its begins with: entry 0 adopts the charter, entry 1 gives its officer key the right
// to sign relaxations. An edge writes the keys to disk and says which to keep offline.
#pragma once

#include "statement/charter.h"
#include "tlog/key.h"

namespace entente::node {

struct Genesis {
    statement::Charter charter;
    std::string charter_file;
    SecretKey root;
    SecretKey root_next;
    SecretKey officer;
    tlog::LogKey log;
    Secret vault;
    std::vector<Bytes> entries;
};

struct Founding {
    PartyId party;
    std::string name;
    bool exercise = false;
    statement::CharterTerms terms = statement::default_terms();
};

Result<Genesis> found(const Founding& founding, const Random& random);

/// Reads a charter file for a node: form, the party's root signature, and that it names the party.
Result<statement::Charter> read_charter(std::string_view file);

/// The entry that adopts a charter version by hash, and its reading.
Bytes charter_entry(const statement::Charter& charter, const Hash& hash);
Result<Hash> adopted_charter(BytesView entry);

}  // namespace entente::node
