// SPDX-License-Identifier: Apache-2.0
#include "base/x25519.h"

#include <sodium.h>

#include <algorithm>

#include "base/assert.h"

namespace entente {
namespace {

static_assert(crypto_box_SEALBYTES == sealed_box_overhead);
static_assert(crypto_scalarmult_BYTES == 32 && crypto_scalarmult_SCALARBYTES == 32);

const unsigned char* raw(BytesView b) { return reinterpret_cast<const unsigned char*>(b.data()); }

void start_sodium() {
    static const int started = sodium_init();
    ASSERT(started >= 0);
}

/// Whether it is below p = 2^255 - 19, so that no other 32 bytes mean the same point.
bool is_canonical(const SealingKey& key) {
    if ((key.bytes[31] & 0x80) != 0) return false;
    if (key.bytes[31] != 0x7f || key.bytes[0] < 0xed) return true;
    return !std::all_of(key.bytes.begin() + 1, key.bytes.begin() + 31,
                        [](std::uint8_t b) { return b == 0xff; });
}

/// A clamped secret is a multiple of the cofactor, so that it takes exactly the points of small
/// order to zero, which libsodium reports.
bool has_small_order(const SealingKey& key) {
    const unsigned char any[crypto_scalarmult_SCALARBYTES] = {1};
    unsigned char out[crypto_scalarmult_BYTES];
    return crypto_scalarmult(out, any, key.bytes.data()) != 0;
}

}  // namespace

Result<SealingKey> SealingKey::from(BytesView v) {
    SealingKey out;
    if (v.size() != out.bytes.size()) {
        return fail(Errc::malformed, "a sealing key has 32 bytes, not " + std::to_string(v.size()));
    }
    start_sodium();
    std::copy_n(raw(v), v.size(), out.bytes.begin());
    if (!is_canonical(out) || has_small_order(out)) {
        return fail(Errc::refused,
                    "weak X25519 public key (a second spelling, or a point of small order); ask "
                    "its owner to make another");
    }
    return out;
}

SealingSecret SealingSecret::generate(const Random& random) {
    return from(Secret::generate(random));
}

SealingSecret SealingSecret::from(const Secret& secret) {
    start_sodium();
    SealingSecret out;
    out.secret_ = secret;
    const int made = crypto_scalarmult_base(out.public_key_.bytes.data(), secret.bytes.data());
    ASSERT(made == 0);
    return out;
}

Secret SealingSecret::agree(const SealingKey& other) const {
    Secret out;
    const int agreed =
        crypto_scalarmult(out.bytes.data(), secret_.bytes.data(), other.bytes.data());
    ASSERT(agreed == 0);  // SealingKey::from has refused the others
    return out;
}

Result<Bytes> SealingSecret::open(BytesView box) const {
    if (box.size() >= sealed_box_overhead) {
        Bytes out(box.size() - sealed_box_overhead, '\0');
        if (crypto_box_seal_open(reinterpret_cast<unsigned char*>(out.data()), raw(box), box.size(),
                                 public_key_.bytes.data(), secret_.bytes.data()) == 0) {
            return out;
        }
    }
    return fail(Errc::bad_signature, "the sealed box is not to this key, or was altered");
}

// crypto_box_seal with the ephemeral key out of our own chance: nonce = BLAKE2b-192 of both public
// keys, then crypto_box.
Bytes seal_to(const SealingKey& to, BytesView message, const Random& random) {
    const SealingSecret ephemeral = SealingSecret::generate(random);
    unsigned char nonce[crypto_box_NONCEBYTES];
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, sizeof nonce);
    for (const SealingKey* key : {&ephemeral.public_key(), &to}) {
        crypto_generichash_update(&state, key->bytes.data(), key->bytes.size());
    }
    crypto_generichash_final(&state, nonce, sizeof nonce);
    Bytes out(ephemeral.public_key().view());
    out.resize(sealed_box_overhead + message.size());
    const int sealed =
        crypto_box_easy(reinterpret_cast<unsigned char*>(out.data()) + 32, raw(message),
                        message.size(), nonce, to.bytes.data(), ephemeral.secret().bytes.data());
    ASSERT(sealed == 0);
    return out;
}

Bytes x25519_public(const Secret& secret) {
    return Bytes(SealingSecret::from(secret).public_key().view());
}

Result<void> check_x25519(BytesView key) {
    TRY(good, SealingKey::from(key));
    static_cast<void>(good);
    return {};
}

Result<Secret> x25519_shared(const Secret& secret, BytesView key) {
    TRY(other, SealingKey::from(key));
    return SealingSecret::from(secret).agree(other);
}

}  // namespace entente
