// SPDX-License-Identifier: Apache-2.0
// The form of a commit and of a proposed head, checked in one place for every store and signer.
// Not trust: stores check form and compare-and-swap, never meaning or signatures.
#pragma once

#include "node/ports.h"

namespace entente::store {

/// Errc::malformed unless the commit carries one log on from `expected` to `next` without a gap:
/// one origin, an epoch that does not fall, exactly the entries from the old size to the new one,
/// each within limits::entry_bytes_max, and no new root where nothing was added. A log that does
/// not exist yet has size 0.
Result<void> check_form(const node::Commit& commit);

/// Errc::malformed unless what is to be added keeps the limits of node/ports.h, in a commit or
/// alone. Called by check_form(commit), too.
Result<void> check_form(const node::Additions& additions);

/// Errc::stale unless the stored head is the expected one: both absent, or the same size, root and
/// epoch.
Result<void> check_expected(const node::Commit& commit,
                            const std::optional<node::StoredHead>& stored);

/// The errors that all stores, or all signers, word alike.
tl::unexpected<Error> missing_entry(const Origin& origin, EntryIndex index);
tl::unexpected<Error> other_document(const Hash& hash);
tl::unexpected<Error> no_entry_for(const node::StoredBodies& bodies);
tl::unexpected<Error> not_the_next(const node::StoredRelease& release, std::uint64_t next);
/// For people: `release 7 of ORIGIN to PARTY`.
std::string release_name(const Origin& author, const PartyId& recipient, std::uint64_t number);
tl::unexpected<Error> nothing_proposed();

/// PROTOCOL 26: Errc::refused for a head smaller than `last`, or of its size with another root; and
/// for any other head than the pending `next`, which must be settled or dropped first (to overwrite
/// it would forget a head whose commit may have succeeded).
Result<void> check_proposal(const node::SignerState& state, const node::SignedHead& next);

/// PROTOCOL 16, 26: Errc::stale if `held` is not what was expected, Errc::refused for a head
/// smaller than it, or of its size with another root.
Result<void> check_cosigned(const Origin& origin, const std::optional<node::SignedHead>& held,
                            const std::optional<node::SignedHead>& expected,
                            const node::SignedHead& next);

/// Errc::refused unless the text is C2SP tlog-checkpoint's for this head of the log of that name:
/// otherwise what is remembered would not be what was signed.
Result<void> check_text(const std::string& name, const node::SignedHead& next, BytesView text);

}  // namespace entente::store
