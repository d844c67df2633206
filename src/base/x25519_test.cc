// SPDX-License-Identifier: Apache-2.0
// X25519 against RFC 7748, and the keys that no party may have.
#include "base/x25519.h"

#include <gtest/gtest.h>
#include <sodium.h>

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

Bytes hex(std::string_view text) { return from_hex(text).value(); }
SealingSecret secret_of(std::string_view text) {
    return SealingSecret::from(Secret::from(hex(text)).value());
}

// RFC 7748 section 5.2: one iteration, k = u = 9.
TEST(X25519, MultipliesAsTheRfcDoes) {
    const auto nine = "0900000000000000000000000000000000000000000000000000000000000000";
    const SealingKey u = SealingKey::from(hex(nine)).value();
    EXPECT_EQ(to_hex(secret_of(nine).agree(u).view()),
              "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
}

// The points of small order that libsodium, RFC 7748 section 7 and Bernstein's page list, and other
// spellings of good points.
TEST(SealingKey, RefusesWeakKeys) {
    const Bytes ff(30, '\xff');
    const Bytes weak[] = {
        Bytes(32, '\0'),
        "\1" + Bytes(31, '\0'),
        hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
        hex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
        "\xec" + ff + "\x7f",               // p - 1
        "\xed" + ff + "\x7f",               // p, which is 0
        "\xee" + ff + "\x7f",               // p + 1
        "\xf6" + ff + "\x7f",               // p + 9: 9 spelled otherwise
        "\x09" + Bytes(30, '\0') + "\x80",  // 9 with the bit that RFC 7748 masks
        "\xff" + ff + "\xff",
    };
    for (const Bytes& bytes : weak) {
        const auto key = SealingKey::from(bytes);
        ASSERT_FALSE(key) << to_hex(bytes);
        EXPECT_EQ(key.error().code, Errc::refused);
    }
    EXPECT_EQ(SealingKey::from(Bytes(31, '\1')).error().code, Errc::malformed);
    EXPECT_EQ(SealingKey::from(Bytes(33, '\1')).error().code, Errc::malformed);
    EXPECT_TRUE(SealingKey::from("\xeb" + ff + "\x7f"));  // p - 2 is a point like others
}

TEST(SealingKey, TakesEveryKeyThatIsMade) {
    Rng rng(3);
    for (int i = 0; i < 500; ++i) {
        const SealingSecret secret = SealingSecret::generate(rng.bytes());
        EXPECT_EQ(SealingKey::from(secret.public_key().view()).value(), secret.public_key());
    }
}

TEST(SealedBox, OpensForItsOwnerOnly) {
    Rng rng(4);
    const Random random = rng.bytes();
    const SealingSecret to = SealingSecret::generate(random);
    const SealingSecret other = SealingSecret::generate(random);
    for (const Bytes& message : {Bytes(), Bytes("m"), Bytes(100'000, 'x')}) {
        const Bytes box = seal_to(to.public_key(), message, random);
        EXPECT_EQ(box.size(), message.size() + sealed_box_overhead);
        EXPECT_EQ(to.open(box).value(), message);
        EXPECT_EQ(other.open(box).error().code, Errc::bad_signature);
        EXPECT_NE(seal_to(to.public_key(), message, random), box);
    }
    const Bytes box = seal_to(to.public_key(), "message", random);
    for (std::size_t bit = 0; bit < box.size() * 8; ++bit) {
        Bytes bad = box;
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(to.open(bad)) << bit;
    }
    for (std::size_t size = 0; size < box.size(); ++size) {
        EXPECT_FALSE(to.open(BytesView(box).substr(0, size)));
    }
    EXPECT_FALSE(to.open(box + "x"));
}

// Both ways with libsodium's own.
TEST(SealedBox, IsLibsodiums) {
    Rng rng(5);
    const SealingSecret to = SealingSecret::generate(rng.bytes());
    const auto raw = [](const auto& bytes) {
        return reinterpret_cast<const unsigned char*>(bytes.data());
    };
    const Bytes message = "message";
    Bytes theirs(message.size() + crypto_box_SEALBYTES, '\0');
    ASSERT_EQ(crypto_box_seal(reinterpret_cast<unsigned char*>(theirs.data()), raw(message),
                              message.size(), to.public_key().bytes.data()),
              0);
    EXPECT_EQ(to.open(theirs).value(), message);
    const Bytes ours = seal_to(to.public_key(), message, rng.bytes());
    Bytes opened(message.size(), '\0');
    ASSERT_EQ(
        crypto_box_seal_open(reinterpret_cast<unsigned char*>(opened.data()), raw(ours),
                             ours.size(), to.public_key().bytes.data(), to.secret().bytes.data()),
        0);
    EXPECT_EQ(opened, message);
}

}  // namespace
}  // namespace entente
