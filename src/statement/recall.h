// SPDX-License-Identifier: Apache-2.0
// Taking back what was released (PROTOCOL 12, doc/protocol/exchange.md "Recall"): the exact bodies
// of a recall, which asks a party to destroy bodies of one record, and of a purge, by which that
// party says entry by entry what it did. Neither protects anything; each is version 1 of a record
// of its own and uses slots 1 and 3. What is asked back is not withdrawn: it protects as before.
//
//     TRYV(validate(recall));
//     const Bytes body = encode_recall(recall);
//     TRY(read, decode_recall(body));
#pragma once

#include <vector>

#include "statement/body.h"

namespace entente::statement {

constexpr const char* recall_kind = "recall";
constexpr const char* purge_kind = "purge";

struct Recall {
    BodyKeys keys;
    PartyId to;                          // who is to destroy them
    RecordId of;                         // whose versions these are
    std::vector<Hash> entries;           // leaf hashes of the versions
    std::array<bool, slot_count> slots;  // never the head: it tells that newer versions exist
    std::string reason;
    bool operator==(const Recall&) const = default;
};

enum class Outcome : std::uint8_t {
    purged,   // the bodies' keys are destroyed, or never were there
    held,     // in no answer, list, map or pack any more, and kept: something cites it
    refused,  // as it was
};
constexpr std::size_t outcome_count = 3;
const char* name(Outcome outcome);
/// An unknown one is an error that lists the known ones.
Result<Outcome> parse_outcome(std::string_view text);

struct Purged {
    Hash entry;  // leaf hash of the version
    Outcome outcome = Outcome::purged;
    std::string reason;  // of held and refused
    bool operator==(const Purged&) const = default;
};

struct Purge {
    BodyKeys keys;
    PartyId to;   // whose recall it answers
    Hash recall;  // leaf hash of that
    std::vector<Purged> outcomes;
    std::vector<std::string> beyond;  // what the purge did not reach: `backups`, …
    bool operator==(const Purge&) const = default;
};

/// What no purge reaches, by the words that stand in a purge: copies that left the store.
inline const std::vector<std::string> beyond_reach = {"backups", "exports", "packs", "read_backs"};

/// Whether it may be said: entries there, each once, within limits; coarse or exact asked for.
Result<void> validate(const Recall& recall);
Result<void> validate(const Purge& purge);

Bytes encode_recall(const Recall& recall);
Bytes encode_purge(const Purge& purge);
/// Form and limits. Members that are not known are passed over.
Result<Recall> decode_recall(BytesView bytes);
Result<Purge> decode_purge(BytesView bytes);

}  // namespace entente::statement
