// SPDX-License-Identifier: Apache-2.0
// The charter: the signed agreement that says who is in and on what terms (PROTOCOL 8). TOML that a
// person can read; adopted by hash in entry 0 of every log. This file knows its form and what in it
// contradicts itself; who must have signed it is in charter_chain.h. doc/protocol/charter.md.
//
// A version's hash is SHA-256("entente/charter/v1\n" || the file before the line `[signatures]`).
// Two forms: that of several parties, which states everything; and the *solo* form, that of a party
// alone, which leaves out what only several need (there the defaults below hold).
//
//     TRY(charter, parse_charter(file));
//     const CharterParty* ru = charter.party(PartyId{"ru"});
//     charter.witness_name(ru->id);          // whose cosignatures ru->witness verifies
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "base/units.h"
#include "statement/protection.h"

namespace entente::statement {

/// A party's card: its `[[party]]`. In the solo form all from `witness` on is empty.
struct CharterParty {
    PartyId id;
    std::string name;
    Bytes root;             // Ed25519 public key
    Hash root_next;         // SHA-256 of its successor, pre-committed (PROTOCOL 7)
    std::string log;        // verifier key of its log; the key's name is the origin
    int officers = 1;       // signatures that a relaxation needs (PROTOCOL 15)
    std::string witness{};  // verifier key (cosignature 0x04): "consistent"
    std::string mirror{};   // another one: "stored and served"
    Bytes sealing{};        // X25519 public key: bodies are sealed to it, slots blinded with it
    Bytes channel{};        // Ed25519 public key of its TLS certificate
    Bytes duty{};           // Ed25519 public key of urgent statements (PROTOCOL 28)
    std::string address{};  // `https://host:port`; empty: nobody can call its node
    std::string relay{};    // the party that relays for it (PROTOCOL 28), or empty
    std::string sponsor{};  // the party that vouched for it, or empty
    bool operator==(const CharterParty&) const = default;
};

/// A witness that is no party, asked like the others; its word makes nothing final.
struct OutsideWitness {
    std::string name;  // a-z, 0-9, '-', '.'
    std::string vkey;  // cosignature 0x04
    std::string url;   // C2SP tlog-witness submission prefix
    bool operator==(const OutsideWitness&) const = default;
};

/// One whole number for each class, in the order of ProtectionClass. 0: no limit.
using ByClass = std::array<std::int64_t, protection_class_count>;

struct CharterTerms {
    Duration reduce_delay{};  // a relaxation acts this long after it was said
    int quorum = 1;           // root signatures that change the charter
    Duration beat_every = std::chrono::seconds(60);
    Duration age_limit = std::chrono::minutes(15);  // an older view is incomplete (PROTOCOL 23)
    Duration absent_after = std::chrono::hours(72);
    Metres policy_distance{500};  // things this near, outside a plan, are cautions
    int relaxations_min = 100;    // within 24 h without the root's signature: the larger of
    int relaxations_percent = 1;  // these two
    std::array<Decimetres, protection_class_count> buffers{};  // where a place states none
    std::array<Decimetres, protection_class_count> accuracies{};
    // From here on only several parties need it: the solo form does not state it.
    Duration receipt_due = std::chrono::hours(1);  // `received` or `missing` is owed (PROTOCOL 11)
    Duration heads_every =
        std::chrono::hours(1);  // the others' heads stand in a beat (PROTOCOL 27)
    Duration stop_next_desk = std::chrono::minutes(2);  // an unanswered STOP goes to the next desk
    Duration stop_escalate = std::chrono::minutes(10);  // and then to all of them at once
    ByClass budget_records{};                           // of one party (PROTOCOL 19)
    ByClass budget_area_km2{};                          // of all records of one party
    ByClass extent_m{};                                 // of one place, across
    // The same of STOPs, whatever they are about; 0: no limit.
    std::int64_t stop_extent_m = 0;  // of one place
    std::int64_t stop_area_km2 = 0;  // of all STOPs of one party
    bool operator==(const CharterTerms&) const = default;
};

struct Charter {
    std::string id;  // `<name>-<16 base32 characters>`
    bool exercise = false;
    std::uint32_t version = 1;
    std::optional<Hash> previous;  // the hash of the version before; absent in version 1
    bool solo = false;             // in the solo form
    std::vector<CharterParty> parties;
    std::vector<OutsideWitness> witnesses;
    CharterTerms terms;
    std::vector<std::string> points_agreed;
    std::vector<std::string> points_of_difference;
    std::map<std::string, Bytes> signatures;  // party -> root signature over charter_message()
    bool operator==(const Charter&) const = default;

    const CharterParty* party(const PartyId& id) const;
    /// The name of the party's log: what its verifier key says, or for who is not in it what it
    /// would begin with.
    Origin origin(const PartyId& party) const;
    /// `<id>[/exercise]/<party>`: what every name of the party's begins with.
    std::string base_name(const PartyId& party) const;
    std::string witness_name(const PartyId& party) const;
    std::string mirror_name(const PartyId& party) const;
};

/// The terms of a new solo charter: the defaults above and the default buffers by class.
CharterTerms default_terms();
/// The terms of a new charter of several: reduce_delay 60 min (PROTOCOL 15), and STOPs as wide as a
/// theatre of war and not as the world (PROTOCOL 19).
CharterTerms default_joint_terms();
/// Signatures that a relaxation needs in a new charter of several (PROTOCOL 15).
constexpr int joint_officers_default = 2;
/// More than half: the quorum of a new charter of so many parties.
int majority(std::size_t parties);

/// Of two versions' terms what restrains more, limit by limit: what holds until all parties have
/// adopted the newer one (PROTOCOL 8). What is over a budget is only a caution, so of budgets it is
/// the larger. Quorum and the intervals of beats are `now`'s.
CharterTerms stricter(const CharterTerms& before, const CharterTerms& now);

/// `<name>-` and 16 base32 characters of chance. Errc::malformed unless the name is 1 to 64 of a-z,
/// 0-9 and '-', beginning with a letter.
Result<std::string> charter_id(std::string_view name, BytesView ten_random_bytes);

/// The file, with comments for a person. Ends with the `[signatures]` table.
std::string format_charter(const Charter& charter);
/// Reads a file of at most charter_bytes_max; unknown keys are refused, absent terms too: a charter
/// says everything. What it says is checked (check_charter).
Result<Charter> parse_charter(std::string_view file);
/// The same, where the parties are still to be named: there may be none.
Result<Charter> parse_draft(std::string_view file);

/// One party's `[[party]]` as a file of its own, which travels to whoever puts the charter
/// together. It names the charter that its keys were made for.
struct Card {
    std::string charter;  // its id
    bool exercise = false;
    CharterParty party;
    bool operator==(const Card&) const = default;
};
std::string format_card(const Card& card);
Result<Card> parse_card(std::string_view file);

/// What a charter may not say: weak keys, one key in two places, names of keys that are not the
/// party's, a sponsor or relay that is no party, a quorum that cannot be reached.
Result<void> check_charter(const Charter& charter);
Result<void> check_card(const Card& card);

/// How many bytes of the file are signed: all before the first line `[signatures]`. Errc::malformed
/// if there is no such line.
Result<std::size_t> signed_size(std::string_view file);
/// Errc::malformed if the line `[signatures]` is missing.
Result<Hash> charter_hash(std::string_view file);
/// What a root signs: `entente/v1/charter\n` || hash.
Bytes charter_message(const Hash& hash);
/// The file with one more signature, or another one in its place; not a byte above the line
/// `[signatures]` changes.
Result<std::string> with_signature(std::string_view file, const PartyId& party,
                                   BytesView signature);

}  // namespace entente::statement
