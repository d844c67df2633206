// SPDX-License-Identifier: Apache-2.0
// X25519 keys (RFC 7748) as libsodium has them: what a party's bodies are sealed to, and what the
// common secret of two parties comes of (PROTOCOL 9, 10). What is derived from that secret is the
// caller's. Not for signatures: base/ed25519.h has those, and one secret is never both.
//
//     const Bytes mine = x25519_public(secret);
//     TRY(common, x25519_shared(secret, theirs));   // the same on the other side
#pragma once

#include "base/ed25519.h"

namespace entente {

/// The public key of a secret: 32 bytes.
Bytes x25519_public(const Secret& secret);

/// Refuses what is not 32 bytes, and keys of small order: with such a one every common secret is 0.
Result<void> check_x25519(BytesView key);

/// X25519(secret, key). Errc::refused as check_x25519.
Result<Secret> x25519_shared(const Secret& secret, BytesView key);

}  // namespace entente
