// SPDX-License-Identifier: Apache-2.0
// The beginning of a party (PROTOCOL 8): its keys, its place in a charter, and the entries that
// every log of its begins with: entry 0 adopts the charter, the next ones give its officers the
// right to sign relaxations. A party alone founds its solo charter at once; under a charter of
// several it enrols first (keys and a card, no log yet), and has a log once all have signed.
// An edge writes the keys to disk and says which to keep offline.
#pragma once

#include <functional>
#include <optional>
#include <span>

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
    int officers = 1;  // signatures that a relaxation needs
};

Result<Genesis> found(const Founding& founding, const Random& random);

/// What a party says of itself before it is in a charter of several.
struct Applicant {
    PartyId party;
    std::string name;
    std::string address;
    std::string relay;
    std::string sponsor;
    int officers = statement::joint_officers_default;  // so many keys are made, and needed
};

/// All keys of a party under one charter's id. A party in two exchanges has two sets.
struct Enrolment {
    statement::Card card;
    SecretKey root;
    SecretKey root_next;
    tlog::LogKey log;
    SecretKey witness;
    SecretKey mirror;
    Secret sealing;
    SecretKey channel;
    SecretKey duty;
    std::vector<SecretKey> officers;
    Secret vault;
    /// The officers' key entries. They are signed now, while the root is at hand: what they say
    /// does not depend on what the charter will say.
    std::vector<Bytes> key_entries;
};

/// `draft` lends its id; who is in it does not matter yet.
Result<Enrolment> enrol(const statement::Charter& draft, const Applicant& applicant,
                        const Random& random);

/// The entries that the party's log begins with. Errc::refused if a key entry is not its root's, or
/// if they give fewer officers than the charter says a relaxation needs.
Result<std::vector<Bytes>> founding_entries(const statement::Charter& charter, const Hash& hash,
                                            const PartyId& party,
                                            std::span<const Bytes> key_entries);

/// The file of an earlier version by its hash, or nothing.
using EarlierCharter = std::function<Result<std::optional<Bytes>>(const Hash&)>;

/// A charter as a node believes it: every version back to the first is signed by whom it needs.
struct Chain {
    statement::Charter charter;
    std::vector<Hash> hashes;  // of versions 1, 2 …; the last is that of `charter`
};
/// Errc::not_found names the version that is missing.
Result<Chain> read_chain(std::string_view file, const EarlierCharter& earlier);
/// The same; `earlier` may be left out for a first version.
Result<statement::Charter> read_charter(std::string_view file, const EarlierCharter& earlier = {});

/// The entry that adopts a charter version by hash, and its reading.
Bytes charter_entry(const statement::Charter& charter, const Hash& hash);
Result<Hash> adopted_charter(BytesView entry);

}  // namespace entente::node
