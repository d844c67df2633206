// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "seal/approval.h"
#include "seal/commitment.h"
#include "seal/vault.h"

namespace entente::seal {
namespace {

const Hash leaf = sha256("leaf");

Vault vault_of(std::uint64_t seed) {
    Rng rng(seed);
    return Vault(Secret::generate(rng.bytes()));
}

SaltedBody body_of(std::string text) { return {.salt = sha256(text), .body = std::move(text)}; }

Bodies three() { return {body_of("head"), body_of(Bytes(700, 'c')), body_of(Bytes(1300, 'e'))}; }

std::vector<Bodies> shapes() {
    const SaltedBody empty{.salt = sha256("salt"), .body = ""};
    return {three(),
            {body_of("h"), std::nullopt, std::nullopt},
            {std::nullopt, body_of("c"), std::nullopt},
            {body_of("h"), std::nullopt, body_of("e")},
            {empty, empty, empty},
            {std::nullopt, std::nullopt, std::nullopt},
            {std::nullopt, std::nullopt, body_of(Bytes(limits::body_bytes_max, 'x'))}};
}

TEST(Commitment, IsTheHashOfItsParts) {
    const Hash salt = sha256("salt");
    EXPECT_EQ(commitment(salt, "body"),
              sha256(std::string("entente/commit/v1\n") + Bytes(salt.view()) + "body"));
    // Made with Python's hashlib, so that another implementer finds the same.
    EXPECT_EQ(to_hex(commitment(Hash{}, "").view()),
              "30ff6cb4245dcb2d20bb47dca463b1f8c65733fedc6486b6b36469d6140787f9");
    EXPECT_NE(commitment(salt, "body"), commitment(sha256("other"), "body"));
    EXPECT_NE(commitment(salt, "body"), commitment(salt, "bodz"));
}

TEST(Vault, OpensWhatItSealed) {
    Rng rng(1);
    const Random random = rng.bytes();
    const Vault vault = vault_of(7);
    for (const Bodies& bodies : shapes()) {
        const Sealed row = vault.seal(leaf, bodies, random);
        const Opened opened = vault.open(leaf, row.wrapped_keys, row.ciphertexts).value();
        EXPECT_EQ(opened.bodies, bodies);
        EXPECT_EQ(vault.states(leaf, row.wrapped_keys).value(), opened.states);
        for (std::size_t slot = 0; slot < slot_count; ++slot) {
            EXPECT_EQ(opened.states[slot], bodies[slot] ? SlotState::sealed : SlotState::unused);
        }
    }
}

TEST(Vault, NothingRepeatsAndNothingShows) {
    Rng rng(2);
    const Random random = rng.bytes();
    const Vault vault = vault_of(7);
    const Sealed one = vault.seal(leaf, three(), random);
    const Sealed two = vault.seal(leaf, three(), random);
    EXPECT_NE(one.wrapped_keys, two.wrapped_keys);
    EXPECT_NE(one.ciphertexts.substr(13, 20), two.ciphertexts.substr(13, 20));
    EXPECT_EQ(one.ciphertexts.find("head"), Bytes::npos);
    EXPECT_EQ(one.ciphertexts.find("cccc"), Bytes::npos);
    EXPECT_EQ(one.ciphertexts.size(), 13u + 3 * (32 + 16) + 4 + 700 + 1300);
    EXPECT_EQ(one.wrapped_keys.size(), 4u + 24 + 3 * 32 + 16);
}

TEST(Vault, EveryFlippedBitIsRefused) {
    Rng rng(3);
    const Random random = rng.bytes();
    const Vault vault = vault_of(7);
    const Bodies bodies = {body_of("head"), std::nullopt, body_of("exact body")};
    Sealed row = vault.seal(leaf, bodies, random);
    for (Bytes* part : {&row.wrapped_keys, &row.ciphertexts}) {
        for (std::size_t bit = 0; bit < part->size() * 8; ++bit) {
            char& c = (*part)[bit / 8];
            const char old = c;
            c = static_cast<char>(old ^ (1 << bit % 8));
            const auto opened = vault.open(leaf, row.wrapped_keys, row.ciphertexts);
            ASSERT_FALSE(opened) << bit;
            ASSERT_TRUE(opened.error().code == Errc::malformed ||
                        opened.error().code == Errc::bad_signature);
            c = old;
        }
    }
    EXPECT_TRUE(vault.open(leaf, row.wrapped_keys, row.ciphertexts));
}

TEST(Vault, EveryOtherLengthIsRefused) {
    Rng rng(4);
    const Random random = rng.bytes();
    const Vault vault = vault_of(7);
    const Sealed row = vault.seal(leaf, {body_of("h"), body_of(""), body_of("e")}, random);
    for (std::size_t size = 0; size < row.wrapped_keys.size(); ++size) {
        EXPECT_FALSE(vault.open(leaf, row.wrapped_keys.substr(0, size), row.ciphertexts));
    }
    for (std::size_t size = 0; size < row.ciphertexts.size(); ++size) {
        EXPECT_FALSE(vault.open(leaf, row.wrapped_keys, row.ciphertexts.substr(0, size)));
    }
    EXPECT_FALSE(vault.open(leaf, row.wrapped_keys + "x", row.ciphertexts));
    EXPECT_FALSE(vault.open(leaf, row.wrapped_keys, row.ciphertexts + "x"));
    EXPECT_FALSE(vault.open(leaf, row.wrapped_keys, Bytes(1'000'000, '\1')));
}

TEST(Vault, ARowIsOfOneEntryOneVaultAndItsSlots) {
    Rng rng(5);
    const Random random = rng.bytes();
    const Vault vault = vault_of(7);
    const Bodies bodies = {body_of("aaaa"), body_of("bbbb"), std::nullopt};
    const Sealed row = vault.seal(leaf, bodies, random);
    const Sealed other = vault.seal(sha256("other leaf"), bodies, random);
    const auto code = [](const auto& result) { return result.error().code; };
    EXPECT_EQ(code(vault.open(sha256("other leaf"), row.wrapped_keys, row.ciphertexts)),
              Errc::bad_signature);
    EXPECT_EQ(code(vault_of(8).open(leaf, row.wrapped_keys, row.ciphertexts)), Errc::bad_signature);
    EXPECT_EQ(code(vault.open(leaf, row.wrapped_keys, other.ciphertexts)), Errc::bad_signature);
    EXPECT_EQ(code(vault.open(leaf, other.wrapped_keys, row.ciphertexts)), Errc::bad_signature);
    // Two ciphertexts of one length change places.
    const std::size_t length = 32 + 4 + 16;
    const Bytes swapped = row.ciphertexts.substr(0, 13) + row.ciphertexts.substr(13 + length) +
                          row.ciphertexts.substr(13, length);
    EXPECT_EQ(code(vault.open(leaf, row.wrapped_keys, swapped)), Errc::bad_signature);
}

TEST(Vault, APurgedBodyIsGoneAndTheOthersStay) {
    Rng rng(6);
    const Random random = rng.bytes();
    const Vault vault = vault_of(7);
    const Sealed row = vault.seal(leaf, three(), random);
    const Bytes purged = vault.purge(leaf, row.wrapped_keys, 2, random).value();
    EXPECT_EQ(purged.size(), row.wrapped_keys.size() - 32);  // one key fewer is in it
    Opened opened = vault.open(leaf, purged, row.ciphertexts).value();
    EXPECT_EQ(opened.states, (std::array{SlotState::sealed, SlotState::sealed, SlotState::purged}));
    EXPECT_EQ(opened.bodies[0], three()[0]);
    EXPECT_EQ(opened.bodies[1], three()[1]);
    EXPECT_FALSE(opened.bodies[2]);
    // Again, and the rest.
    const Bytes twice = vault.purge(leaf, purged, 2, random).value();
    EXPECT_EQ(vault.states(leaf, twice).value(), opened.states);
    Bytes all = vault.purge(leaf, purged, 0, random).value();
    all = vault.purge(leaf, all, 1, random).value();
    opened = vault.open(leaf, all, row.ciphertexts).value();
    for (const auto& body : opened.bodies) EXPECT_FALSE(body);
    for (SlotState state : opened.states) EXPECT_EQ(state, SlotState::purged);
    // A store may drop the ciphertext as well.
    Bytes without = row.ciphertexts.substr(0, row.ciphertexts.size() - (32 + 1300 + 16));
    for (std::size_t i = 9; i < 13; ++i) without[i] = '\0';
    EXPECT_TRUE(vault.open(leaf, purged, without));
    EXPECT_FALSE(vault.open(leaf, row.wrapped_keys, without));
}

TEST(Vault, AStateCannotBeChangedWithoutTheKey) {
    Rng rng(8);
    const Random random = rng.bytes();
    const Vault vault = vault_of(7);
    const Sealed row = vault.seal(leaf, {body_of("h"), std::nullopt, std::nullopt}, random);
    Bytes marked = row.wrapped_keys;
    marked[2] = 2;  // unused -> purged: would hide that nothing was ever there
    EXPECT_EQ(vault.states(leaf, marked).error().code, Errc::bad_signature);
    EXPECT_EQ(vault.purge(leaf, row.wrapped_keys, 1, random).error().code, Errc::not_found);
    EXPECT_EQ(vault.purge(leaf, "short", 1, random).error().code, Errc::malformed);
    marked = row.wrapped_keys;
    marked[0] = 2;
    EXPECT_EQ(vault.states(leaf, marked).error().code, Errc::malformed);
}

TEST(Vault, AnyBytesAreAnswered) {
    Rng rng(9);
    const Random random = rng.bytes();
    const Vault vault = vault_of(7);
    const Sealed row = vault.seal(leaf, three(), random);
    for (int round = 0; round < 20'000; ++round) {
        Bytes keys = row.wrapped_keys;
        Bytes bodies = row.ciphertexts;
        for (Bytes* part : {&keys, &bodies}) {
            part->resize(rng.below(part->size() + 20), '\x01');
            for (std::uint64_t n = rng.below(4); n > 0 && !part->empty(); --n) {
                (*part)[rng.below(std::min<std::size_t>(part->size(), 20))] =
                    static_cast<char>(rng.below(256));
            }
        }
        const bool same = keys == row.wrapped_keys && bodies == row.ciphertexts;
        ASSERT_EQ(vault.open(leaf, keys, bodies).has_value(), same);
    }
}

// Rows on disk outlive the program that wrote them. The hash of this one was computed from the
// layout in vault.h by a ChaCha20-Poly1305 of another hand (Python, from RFC 8439 and the XChaCha
// draft).
TEST(Vault, WritesRowsOfVersion1) {
    const Vault vault(Secret::from(Bytes(32, 'k')).value());
    const Random nines = [](std::uint8_t* out, std::size_t size) { std::fill_n(out, size, 9); };
    const Bodies bodies = {SaltedBody{Hash{}, "head"}, std::nullopt, SaltedBody{Hash{}, "exact"}};
    const Sealed row = vault.seal(Hash{}, bodies, nines);
    EXPECT_EQ(to_hex(sha256({row.wrapped_keys, row.ciphertexts}).view()),
              "8da825d10bdceb4e5ab0dcccb4b32e0667e7ecdd0a1c0a01724e318e8e5d0394");
}

TEST(Approval, SignsExactlyWhatItSays) {
    Rng rng(10);
    const SecretKey officer = SecretKey::generate(rng.bytes());
    const SecretKey other = SecretKey::generate(rng.bytes());
    const Approved what{.head = sha256("head"), .coarse = sha256("c"), .exact = sha256("e")};
    const Bytes message = approval_message(what);
    EXPECT_EQ(message, "entente/v1/approve\n" + Bytes(what.head.view()) +
                           Bytes(what.coarse.view()) + Bytes(what.exact.view()));
    const Bytes signature = sign_approval(officer, what);
    EXPECT_EQ(signature.size(), 64u);
    EXPECT_TRUE(verify_approval(officer.public_key(), what, signature));
    EXPECT_EQ(verify_approval(other.public_key(), what, signature).error().code,
              Errc::bad_signature);
    EXPECT_FALSE(verify_approval(officer.public_key(), what, ""));
    for (Approved wrong : {Approved{what.coarse, what.head, what.exact},
                           Approved{what.head, what.exact, what.coarse},
                           Approved{what.head, what.coarse, what.coarse}}) {
        EXPECT_FALSE(verify_approval(officer.public_key(), wrong, signature));
    }
    Bytes flipped = signature;
    for (std::size_t bit = 0; bit < flipped.size() * 8; ++bit) {
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(verify_approval(officer.public_key(), what, flipped)) << bit;
        flipped[bit / 8] = signature[bit / 8];
    }
}

}  // namespace
}  // namespace entente::seal
