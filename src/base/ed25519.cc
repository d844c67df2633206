// SPDX-License-Identifier: Apache-2.0
#include "base/ed25519.h"

#include <sodium.h>

#include <algorithm>

#include "base/assert.h"

namespace entente {
namespace {

const unsigned char* raw(BytesView b) { return reinterpret_cast<const unsigned char*>(b.data()); }

// libsodium picks its fast code paths here; it may be called from any thread, any number of times.
void start_sodium() {
    static const int started = sodium_init();
    ASSERT(started >= 0);
}

}  // namespace

Secret::~Secret() { sodium_memzero(bytes.data(), bytes.size()); }

Secret Secret::generate(const Random& random) {
    Secret out;
    random(out.bytes.data(), out.bytes.size());
    return out;
}

Result<Secret> Secret::from(BytesView v) {
    Secret out;
    if (v.size() != out.bytes.size()) {
        return fail(Errc::malformed, "a secret key has 32 bytes, not " + std::to_string(v.size()));
    }
    std::copy_n(raw(v), v.size(), out.bytes.begin());
    return out;
}

Result<PublicKey> PublicKey::from(BytesView v) {
    PublicKey out;
    if (v.size() != out.bytes.size()) {
        return fail(Errc::malformed,
                    "an Ed25519 public key has 32 bytes, not " + std::to_string(v.size()));
    }
    std::copy_n(raw(v), v.size(), out.bytes.begin());
    start_sodium();
    if (crypto_core_ed25519_is_valid_point(out.bytes.data()) != 1) {
        return fail(Errc::refused,
                    "weak Ed25519 public key (not a canonical point of the prime-order group); "
                    "ask its owner to make another");
    }
    return out;
}

SecretKey SecretKey::generate(const Random& random) { return from_seed(Secret::generate(random)); }

SecretKey SecretKey::from_seed(const Secret& seed) {
    start_sodium();
    SecretKey out;
    crypto_sign_seed_keypair(out.public_key_.bytes.data(), out.expanded_.data(), seed.bytes.data());
    return out;
}

SecretKey::~SecretKey() { sodium_memzero(expanded_.data(), expanded_.size()); }

Secret SecretKey::seed() const {
    Secret out;
    crypto_sign_ed25519_sk_to_seed(out.bytes.data(), expanded_.data());
    return out;
}

Bytes SecretKey::sign(BytesView message) const {
    Bytes out(crypto_sign_BYTES, '\0');
    crypto_sign_detached(reinterpret_cast<unsigned char*>(out.data()), nullptr, raw(message),
                         message.size(), expanded_.data());
    return out;
}

bool verify(const PublicKey& key, BytesView message, BytesView signature) {
    if (signature.size() != crypto_sign_BYTES) return false;
    start_sodium();
    return crypto_sign_verify_detached(raw(signature), raw(message), message.size(),
                                       key.bytes.data()) == 0;
}

}  // namespace entente
