// SPDX-License-Identifier: Apache-2.0
// X25519 against RFC 7748, and the keys that no party may have.
#include "base/x25519.h"

#include <gtest/gtest.h>

#include "base/encode.h"

namespace entente {
namespace {

Secret secret(const char* hex) { return Secret::from(from_hex(hex).value()).value(); }

// RFC 7748 section 6.1.
TEST(X25519, AgreesWithRfc7748) {
    const Secret a = secret("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    const Secret b = secret("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    EXPECT_EQ(to_hex(x25519_public(a)),
              "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    EXPECT_EQ(to_hex(x25519_public(b)),
              "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    for (const auto& common :
         {x25519_shared(a, x25519_public(b)), x25519_shared(b, x25519_public(a))}) {
        EXPECT_EQ(to_hex(common.value().view()),
                  "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    }
}

// All points of small order on the curve and its twist, in every spelling of 255 bits.
TEST(X25519, RefusesKeysOfSmallOrder) {
    const char* const weak[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    const Secret any = secret("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    for (const char* hex : weak) {
        EXPECT_FALSE(check_x25519(from_hex(hex).value())) << hex;
        EXPECT_FALSE(x25519_shared(any, from_hex(hex).value())) << hex;
    }
    const Bytes good = x25519_public(any);
    EXPECT_TRUE(check_x25519(good));
    Bytes twice = good;
    twice[31] = static_cast<char>(twice[31] | 0x80);
    EXPECT_FALSE(check_x25519(twice)) << "the same key in a second spelling";
    EXPECT_FALSE(check_x25519(good.substr(1)));
    EXPECT_FALSE(x25519_shared(any, good + "x"));
}

}  // namespace
}  // namespace entente
