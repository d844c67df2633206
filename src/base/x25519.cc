// SPDX-License-Identifier: Apache-2.0
#include "base/x25519.h"

#include <sodium.h>

#include <algorithm>

#include "base/assert.h"

namespace entente {
namespace {

const unsigned char* raw(BytesView b) { return reinterpret_cast<const unsigned char*>(b.data()); }

}  // namespace

Bytes x25519_public(const Secret& secret) {
    Bytes out(crypto_scalarmult_BYTES, '\0');
    const int made =
        crypto_scalarmult_base(reinterpret_cast<unsigned char*>(out.data()), secret.bytes.data());
    ASSERT(made == 0);
    return out;
}

Result<Secret> x25519_shared(const Secret& secret, BytesView key) {
    if (key.size() != crypto_scalarmult_BYTES) {
        return fail(Errc::malformed,
                    "an X25519 key has 32 bytes, not " + std::to_string(key.size()));
    }
    Secret out;
    // libsodium refuses an all-zero result, as RFC 7748 section 6.1 lets it.
    if (crypto_scalarmult(out.bytes.data(), secret.bytes.data(), raw(key)) != 0) {
        return fail(Errc::refused,
                    "weak X25519 key (of small order); ask its owner to make another");
    }
    return out;
}

Result<void> check_x25519(BytesView key) {
    // Whether a point has small order shows with any clamped scalar: the cofactor is in all of
    // them.
    Secret any;
    any.bytes.fill(0x55);
    TRY(shared, x25519_shared(any, key));
    (void)shared;
    // The top bit is ignored (RFC 7748 section 5): the same key must not come in two spellings.
    if ((static_cast<unsigned char>(key[31]) & 0x80) != 0) {
        return fail(Errc::refused,
                    "an X25519 key whose top bit is set is another's, written twice");
    }
    return {};
}

}  // namespace entente
