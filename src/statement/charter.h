// SPDX-License-Identifier: Apache-2.0
// The charter: the signed agreement that says who is in and on what terms (PROTOCOL 8). TOML that a
// person can read; adopted by hash in entry 0 of every log. This file knows its form; who must have
// signed it is the registry's and the node's business.
//
// A version's hash is SHA-256("entente/charter/v1\n" || the file before the line `[signatures]`).
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "base/units.h"
#include "statement/protection.h"

namespace entente::statement {

struct CharterParty {
    PartyId id;
    std::string name;
    Bytes root;        // Ed25519 public key
    Hash root_next;    // SHA-256 of its successor, pre-committed (PROTOCOL 7)
    std::string log;   // verifier key of its log; the key's name is the origin
    int officers = 1;  // signatures that a relaxation needs (PROTOCOL 15)
    bool operator==(const CharterParty&) const = default;
};

struct CharterTerms {
    Duration reduce_delay{};  // a relaxation acts this long after it was said
    int quorum = 1;
    Duration beat_every = std::chrono::seconds(60);
    Duration age_limit = std::chrono::minutes(15);  // an older view is incomplete (PROTOCOL 23)
    Duration absent_after = std::chrono::hours(72);
    Metres policy_distance{500};  // things this near, outside a plan, are cautions
    int relaxations_min = 100;    // within 24 h without the root's signature: the larger of
    int relaxations_percent = 1;  // these two
    std::array<Decimetres, protection_class_count> buffers{};  // where a place states none
    std::array<Decimetres, protection_class_count> accuracies{};
    bool operator==(const CharterTerms&) const = default;
};

struct Charter {
    std::string id;  // `<name>-<16 base32 characters>`
    bool exercise = false;
    std::uint32_t version = 1;
    std::vector<CharterParty> parties;
    CharterTerms terms;
    std::vector<std::string> points_agreed;
    std::vector<std::string> points_of_difference;
    std::map<std::string, Bytes> signatures;  // party -> root signature over signed_message()
    bool operator==(const Charter&) const = default;

    const CharterParty* party(const PartyId& id) const;
    Origin origin(const PartyId& party) const;
};

/// The terms of a new charter: the defaults above and the default buffers by class.
CharterTerms default_terms();

/// The file, with comments for a person. Ends with the `[signatures]` table.
std::string format_charter(const Charter& charter);
/// Reads a file of at most charter_bytes_max; unknown keys are refused, absent terms too: a charter
/// says everything.
Result<Charter> parse_charter(std::string_view file);

/// How many bytes of the file are signed: all before the first line `[signatures]`. Errc::malformed
/// if there is no such line.
Result<std::size_t> signed_size(std::string_view file);
/// Errc::malformed if the line `[signatures]` is missing.
Result<Hash> charter_hash(std::string_view file);
/// What a root signs: `entente/v1/charter\n` || hash.
Bytes charter_message(const Hash& hash);

}  // namespace entente::statement
