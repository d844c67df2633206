// SPDX-License-Identifier: Apache-2.0
// X25519 keys (RFC 7748): agreement between two parties, and sealed boxes to one of them as
// libsodium's crypto_box_seal makes them. What is agreed or sealed, and under which prefix it is
// hashed, is the caller's (seal/slot.h, seal/parcel.h).
//
// Example:
//     SealingSecret b = SealingSecret::generate(random);
//     Bytes box = seal_to(b.public_key(), "message", random);
//     TRY(message, b.open(box));
#pragma once

#include "base/ed25519.h"

namespace entente {

/// A party's public sealing key.
struct SealingKey {
    std::array<std::uint8_t, 32> bytes{};

    auto operator<=>(const SealingKey&) const = default;
    BytesView view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
    /// Refuses what is not 32 bytes, every point of small order (an agreement with it is known to
    /// everybody), and every second spelling of a point (RFC 7748 would read it; here a key has one
    /// form). The door through which a key is enrolled.
    static Result<SealingKey> from(BytesView v);
};

class SealingSecret {
  public:
    static SealingSecret generate(const Random& random);
    /// Any 32 bytes are a secret: RFC 7748 clamps them.
    static SealingSecret from(const Secret& secret);

    const SealingKey& public_key() const { return public_key_; }
    const Secret& secret() const { return secret_; }
    /// The same for both sides. Never zero, because no SealingKey has small order. Hash it before
    /// use.
    Secret agree(const SealingKey& other) const;
    /// The content of a box sealed to this key. Errc::bad_signature for any other bytes.
    Result<Bytes> open(BytesView box) const;

  private:
    SealingSecret() = default;
    Secret secret_;
    SealingKey public_key_;
};

constexpr std::size_t sealed_box_overhead = 48;  // ephemeral key, tag

/// A box that only the owner of the key opens; it does not say who sealed it.
Bytes seal_to(const SealingKey& to, BytesView message, const Random& random);

// The same by bytes, for those who keep keys as they travel.

/// The public key of a secret: 32 bytes.
Bytes x25519_public(const Secret& secret);
/// As SealingKey::from.
Result<void> check_x25519(BytesView key);
/// X25519(secret, key), of a key that SealingKey::from takes.
Result<Secret> x25519_shared(const Secret& secret, BytesView key);

}  // namespace entente
