// SPDX-License-Identifier: Apache-2.0
// Ed25519 keys and signatures (RFC 8032) as libsodium has them: the accepted set lies inside
// OpenSSL's, so what we accept outside tools accept too (PROTOCOL 7). What a key is for, and under
// which prefix it signs, is the caller's: tlog for notes, seal for approvals.
//
// Example:
//     SecretKey key = SecretKey::generate(os_random());
//     Bytes signature = key.sign("message");
//     bool good = verify(key.public_key(), "message", signature);
#pragma once

#include <array>
#include <compare>
#include <cstdint>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"

namespace entente {

/// 32 secret bytes that are wiped when they go. Copies are wiped each for itself.
struct Secret {
    std::array<std::uint8_t, 32> bytes{};

    Secret() = default;
    Secret(const Secret&) = default;
    Secret& operator=(const Secret&) = default;
    ~Secret();
    BytesView view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
    static Secret generate(const Random& random);
    /// Anything but 32 bytes is refused.
    static Result<Secret> from(BytesView v);
};

struct PublicKey {
    std::array<std::uint8_t, 32> bytes{};

    auto operator<=>(const PublicKey&) const = default;
    BytesView view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
    /// Refuses what is not 32 bytes, and every key that libsodium calls weak (not canonical, of
    /// small order, or outside the prime-order group): under such a key one signature can fit
    /// several messages, and libraries differ on it. The door through which a key is enrolled.
    static Result<PublicKey> from(BytesView v);
};

class SecretKey {
  public:
    static SecretKey generate(const Random& random);
    static SecretKey from_seed(const Secret& seed);
    ~SecretKey();
    SecretKey(const SecretKey&) = default;
    SecretKey& operator=(const SecretKey&) = default;

    const PublicKey& public_key() const { return public_key_; }
    Secret seed() const;
    /// 64 bytes; the same each time.
    Bytes sign(BytesView message) const;

  private:
    SecretKey() = default;
    std::array<std::uint8_t, 64> expanded_{};  // libsodium's form: seed || public key
    PublicKey public_key_;
};

/// Whether `signature` is this key's over `message`. Any length of signature may be asked.
bool verify(const PublicKey& key, BytesView message, BytesView signature);

}  // namespace entente
