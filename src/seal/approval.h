// SPDX-License-Identifier: Apache-2.0
// An officer's signature under a relaxation (PROTOCOL 5): detached Ed25519 over
// "entente/v1/approve\n" || SHA-256(canonical head body without `approvals`) || D2 || D3.
// How many officers are needed, and who is one, is the charter's (PROTOCOL 15).
#pragma once

#include "base/ed25519.h"

namespace entente::seal {

/// What an officer approves: one version of one record, with all its bodies.
struct Approved {
    Hash head;    // SHA-256 of the canonical head body without `approvals`
    Hash coarse;  // D2 of the entry
    Hash exact;   // D3 of the entry
};

Bytes approval_message(const Approved& what);
/// 64 bytes.
Bytes sign_approval(const SecretKey& officer, const Approved& what);
/// Errc::bad_signature if it is not this officer's.
Result<void> verify_approval(const PublicKey& officer, const Approved& what, BytesView signature);

}  // namespace entente::seal
