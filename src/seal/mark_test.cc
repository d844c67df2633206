// SPDX-License-Identifier: Apache-2.0
#include "seal/mark.h"

#include <gtest/gtest.h>

#include "base/encode.h"

namespace entente::seal {
namespace {

constexpr BytesView use = "entente/vault/cosignature/v1\n";

/// The bytes 0 to 31.
Secret counting() {
    Secret out;
    for (std::size_t i = 0; i < out.bytes.size(); ++i) out.bytes[i] = static_cast<std::uint8_t>(i);
    return out;
}

// By Python's hashlib, which shares no code with libsodium:
//     key = blake2b(use, key=bytes(range(32)), digest_size=32).digest()
//     blake2b(b"verified", key=key, digest_size=16).hexdigest()
TEST(Mark, IsBlake2bUnderAKeyOfItsOwn) {
    const Vault vault(counting());
    EXPECT_EQ(to_hex(vault.derive(use).view()),
              "5250282547313350a6fa955ba34ffa717a0bae76724388625c0af9a1e75e5ff8");
    EXPECT_EQ(to_hex(Marker(vault, use).mark("verified")), "c0af0587b8c3f45e0ba835ec74f85ada");
}

TEST(Mark, IsOfTheseBytesThisUseAndThisVault) {
    const Vault vault(counting());
    Secret changed = counting();
    changed.bytes[31] ^= 1;
    const Marker marker(vault, use);
    const Bytes mark = marker.mark("verified");
    EXPECT_TRUE(marker.is_mark("verified", mark));
    EXPECT_TRUE(Marker(Vault(counting()), use).is_mark("verified", mark));
    EXPECT_FALSE(marker.is_mark("verifiee", mark));
    EXPECT_FALSE(marker.is_mark("", mark));
    EXPECT_FALSE(Marker(vault, "entente/vault/other/v1\n").is_mark("verified", mark));
    EXPECT_FALSE(Marker(Vault(changed), use).is_mark("verified", mark));
}

TEST(Mark, WithAnyBitChangedOrAnotherLengthIsNone) {
    const Marker marker(Vault(counting()), use);
    const Bytes mark = marker.mark("verified");
    for (std::size_t bit = 0; bit < mark.size() * 8; ++bit) {
        Bytes other = mark;
        other[bit / 8] = static_cast<char>(other[bit / 8] ^ 1 << bit % 8);
        EXPECT_FALSE(marker.is_mark("verified", other)) << bit;
    }
    EXPECT_FALSE(marker.is_mark("verified", ""));
    EXPECT_FALSE(marker.is_mark("verified", mark + mark));
    EXPECT_FALSE(marker.is_mark("verified", BytesView(mark).substr(1)));
}

}  // namespace
}  // namespace entente::seal
