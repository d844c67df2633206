// SPDX-License-Identifier: Apache-2.0
// A version that waits for officers (PROTOCOL 15). Everything about it is fixed when it is
// proposed, its time too, so that officers sign what is logged and nothing else; only their
// approvals are added at the end. Drawn once, its entry is the same however often it is completed:
// after a crash it is found in the log again by its leaf.
//
//     TRY(proposed, propose(author, draft, &record, now, random));
//     Approval one = approve(officer_key, proposed);
//     Composed ready = complete(author, proposed, {one, two}, random);
//
// compose() is these three at once, with the keys that the node itself has.
#pragma once

#include "node/compose.h"
#include "seal/approval.h"
#include "view/view.h"

namespace entente::node {

struct Proposed {
    statement::Head head;                             // without approvals
    Hash head_salt;                                   // of the head as it will be
    seal::Bodies bodies;                              // coarse and exact, where it states a place
    seal::Approved what;                              // what officers sign
    std::optional<statement::Protection> protection;  // what the exact body states
};

/// Errors as compose().
Result<Proposed> propose(const Author& author, const Draft& draft, const registry::Record* record,
                         Instant now, const Random& random);
statement::Approval approve(const SecretKey& key, const Proposed& proposed);
Composed complete(const Author& author, Proposed proposed,
                  const std::vector<statement::Approval>& approvals, const Random& random);

/// Whether officers must agree: it ends or lessens something that protects, or changes the class.
bool needs_officers(const Proposed& proposed, const view::Seen& record,
                    const statement::CharterTerms& terms, Instant now);

/// The proposal as the local store keeps it: its bodies under the vault's key.
seal::Sealed seal_proposed(const seal::Vault& vault, const Proposed& proposed,
                           const Random& random);
/// Errc::bad_signature or bad_proof where it is not the one that is signed.
Result<Proposed> open_proposed(const seal::Vault& vault, const seal::Approved& what,
                               const seal::Sealed& sealed);

}  // namespace entente::node
