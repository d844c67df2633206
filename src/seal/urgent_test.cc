// SPDX-License-Identifier: Apache-2.0
// Urgent statements in their boxes: opened as they were sealed, by nobody else, unchanged.
#include "seal/urgent.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/limits.h"
#include "base/sha256.h"

namespace entente::seal {
namespace {

const Random sevens = [](std::uint8_t* out, std::size_t size) { std::fill_n(out, size, 7); };

SealingSecret recipient(const char* name = "ru") {
    return SealingSecret::from(Secret::from(sha256(name).view()).value());
}
SecretKey duty(const char* name = "fr") {
    return SecretKey::from_seed(Secret::from(sha256(name).view()).value());
}

Urgent urgent() {
    Urgent out;
    out.charter = "joint-abcdefghijklmnop";
    out.origin = {"joint-abcdefghijklmnop/exercise/fr"};
    out.author = PartyId{"fr"};
    out.recipient = PartyId{"ru"};
    out.sent = instant(1'448'539'200'000);
    out.desks = {"duty", "opérations"};
    out.entry = "{\"c\":[]}";
    out.bodies = {SaltedBody{sha256("salt 1"), "{\"head\":1}"}, std::nullopt,
                  SaltedBody{sha256("salt 3"), Bytes(limits::body_bytes_max, 'x')}};
    return out;
}

Bytes sealed(const Urgent& one = urgent()) {
    return seal_urgent(one, duty(), recipient().public_key(), sevens);
}

/// A box as a stranger makes one: any bytes, for the recipient.
Bytes boxed(const Bytes& content) { return seal_to(recipient().public_key(), content, sevens); }

TEST(Urgent, OpensAsItWasSealed) {
    const auto opened = open_urgent(sealed(), recipient());
    ASSERT_TRUE(opened) << opened.error().detail;
    EXPECT_EQ(opened->urgent, urgent());
    EXPECT_TRUE(verify_urgent(duty().public_key(), *opened));
}

TEST(Urgent, IsOpenedByItsRecipientAlone) {
    EXPECT_EQ(open_urgent(sealed(), recipient("us")).error().code, Errc::bad_signature);
    EXPECT_EQ(sealed().find("duty"), Bytes::npos) << "a relay reads nothing";
}

TEST(Urgent, IsNobodysButWhoSignedIt) {
    const auto opened = open_urgent(sealed(), recipient()).value();
    EXPECT_EQ(verify_urgent(duty("us").public_key(), opened).error().code, Errc::bad_signature);
    auto other = opened;
    other.signed_hash = sha256("another");
    EXPECT_FALSE(verify_urgent(duty().public_key(), other));
}

TEST(Urgent, AChangeAnywhereIsFound) {
    const Bytes good = sealed();
    for (std::size_t i = 0; i < good.size(); i += 1 + good.size() / 500) {
        Bytes bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        EXPECT_FALSE(open_urgent(bad, recipient())) << i;
    }
    EXPECT_FALSE(open_urgent(good.substr(0, good.size() - 1), recipient()));
    EXPECT_FALSE(open_urgent({}, recipient()));
}

TEST(Urgent, WhatAStrangerPutsIntoABoxIsRefusedByItsForm) {
    const auto inside = recipient().open(sealed()).value();
    // Cut anywhere, what stands before the signature is not of one piece.
    for (std::size_t i = 0; i + 1 < inside.size(); i += 1 + inside.size() / 300) {
        EXPECT_FALSE(open_urgent(boxed(inside.substr(0, i)), recipient())) << i;
    }
    Bytes version = inside;
    version[17] = '2';
    EXPECT_FALSE(open_urgent(boxed(version + Bytes(1, 'x')), recipient()));
    EXPECT_EQ(open_urgent(Bytes(limits::urgent_bytes_max + 1, 'x'), recipient()).error().code,
              Errc::too_large);
    Urgent many = urgent();
    many.desks.assign(urgent_desks_max + 1, "duty");
    EXPECT_FALSE(open_urgent(sealed(many), recipient()));
    Urgent nobody = urgent();
    nobody.recipient = PartyId{"Nobody!"};
    EXPECT_FALSE(open_urgent(sealed(nobody), recipient()));
}

TEST(Urgent, TheLargestStatementFits) {
    Urgent largest = urgent();
    for (auto& body : largest.bodies) {
        body = SaltedBody{sha256("salt"), Bytes(limits::body_bytes_max, 'x')};
    }
    largest.entry = Bytes(limits::entry_bytes_max, 'x');
    largest.desks.assign(urgent_desks_max, Bytes(limits::text_bytes_max, 'd'));
    EXPECT_TRUE(open_urgent(sealed(largest), recipient()));
}

}  // namespace
}  // namespace entente::seal
