// SPDX-License-Identifier: Apache-2.0
// From what a person wants to say to an entry that can be logged: bodies, commitments, approvals,
// vault row. Pure given a Random, so an edge may compose many at once on several threads. Each
// composed statement is read back the way a stranger would read it before it is handed on.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/ed25519.h"
#include "node/ports.h"
#include "registry/registry.h"
#include "seal/vault.h"
#include "statement/field_pack.h"
#include "statement/recall.h"
#include "statement/receipt.h"

namespace entente::node {

/// Who speaks, and with which keys.
struct Author {
    Origin origin;
    std::string charter;  // its id
    const statement::CharterTerms* terms = nullptr;
    const seal::Vault* vault = nullptr;
    const SecretKey* officer = nullptr;  // signs what may relax; absent: nobody does
    const SecretKey* root = nullptr;     // beside the officer, where many relax at once
};

/// One thing to say. `protection` counts for add and amend, `until` for confirm, `leg` and `at` for
/// start and end.
struct Draft {
    std::string act;  // statement::act
    std::string actor;
    statement::Protection protection;
    std::optional<Instant> until;
    std::optional<RecordId> was = {};  // of add: the record that is stated once more (PROTOCOL 8)
    std::optional<std::uint32_t> leg = {};  // of a movement, by its number
    std::optional<Instant> at = {};         // when it started; absent: now
};

/// A statement that is ready for the log.
struct Composed {
    RecordId id;
    Bytes entry;
    seal::Sealed sealed;
    registry::Understood understood;  // its index is set when it is logged
    bool held = false;  // composed earlier: officers have signed it since (node/proposal.h)
};

/// `record` is what the draft follows: null for add. Errors are for the person who typed it:
/// Errc::refused or malformed with what to do.
Result<Composed> compose(const Author& author, const Draft& draft, const registry::Record* record,
                         Instant now, const Random& random);

/// A receipt as a statement of its own; its `keys` are filled in.
Result<Composed> compose_receipt(const Author& author, statement::Receipt receipt,
                                 const std::string& actor, Instant now, const Random& random);

/// The same of a recall and of what was done about one (PROTOCOL 12).
Result<Composed> compose_recall(const Author& author, statement::Recall recall,
                                const std::string& actor, Instant now, const Random& random);
Result<Composed> compose_purge(const Author& author, statement::Purge purge,
                               const std::string& actor, Instant now, const Random& random);

/// That something was given to a device.
Result<Composed> compose_field_pack(const Author& author, statement::FieldPack given,
                                    const std::string& actor, Instant now, const Random& random);

/// What an amendment will state: the new places, and each place now stated that the new ones do not
/// hold: a moved site keeps both until the move is confirmed (DESIGN 3).
Result<statement::Protection> amended(const statement::Protection& wanted,
                                      const registry::Record& record,
                                      const statement::CharterTerms& terms);

}  // namespace entente::node
