// SPDX-License-Identifier: Apache-2.0
// What a party knows through its life, as entries: added, corrected, withdrawn, with its label and,
// where a kind may be torn, the tear line for those who are given it coarsely. Nothing of it waits
// for finality: a position that protects no more is held back where it is read (view/positions.h).
//
//     StatementDraft draft{"add", actor, report, label, "lorries about"};
//     TRY(composed, compose_statement(author, draft, nullptr, now, random));
#pragma once

#include "node/compose.h"
#include "registry/dealings.h"
#include "statement/label.h"

namespace entente::node {

struct StatementDraft {
    std::string act;  // add, amend, withdraw
    std::string actor;
    statement::Dealt said = {};  // counts for add and amend
    std::optional<statement::Label> label = {};
    /// The words of the tear line; absent: there is none, and nobody can be given it coarsely.
    std::optional<std::string> tear = {};
};

/// `dealing` is what the draft follows: null for add. Errors are for the person who typed it:
/// Errc::refused or malformed with what to do.
Result<Composed> compose_statement(const Author& author, StatementDraft draft,
                                   const registry::Dealing* dealing, Instant now,
                                   const Random& random);

}  // namespace entente::node
