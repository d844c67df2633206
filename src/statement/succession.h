// SPDX-License-Identifier: Apache-2.0
// A party's successor log (PROTOCOL 7, 25, 26): a key entry of role `log` in which the root names
// the new log by its origin, its key, and the last head under the key before. It stands among the
// first entries of the new log, and is good by itself, whoever hands it over.
//
//     const Bytes entry = encode_entry(succession_entry(charter, next, root));
//     TRY(next, read_succession(entry, charter));         // signed by the root that it names
#pragma once

#include "statement/charter.h"
#include "statement/key_entry.h"

namespace entente::statement {

/// The number of this log among the party's: 1 of the one without a number, 2, 3 …; 0 of a name
/// that is none of its logs'.
std::uint32_t log_number(const Charter& charter, const PartyId& party, const Origin& origin);
/// The name of the party's log with this number.
Origin log_name(const Charter& charter, const PartyId& party, std::uint32_t number);

struct Succession {
    PartyId party;
    std::uint32_t number = 2;  // of the new log
    PublicKey key;             // of the new log
    LogHead last;              // of the log before, under its own key
    bool operator==(const Succession&) const = default;
};

/// The new log's verifier key.
std::string vkey_of(const Charter& charter, const Succession& succession);

OpenEntry succession_entry(const Charter& charter, const Succession& succession,
                           const SecretKey& root);
/// Errc::malformed for an entry that names no successor of a party of this charter;
/// Errc::bad_signature if the root that the charter names for that party did not sign it.
Result<Succession> read_succession(const OpenEntry& entry, const Charter& charter);
/// The same of an entry's bytes.
Result<Succession> read_succession(BytesView entry, const Charter& charter);

}  // namespace entente::statement
