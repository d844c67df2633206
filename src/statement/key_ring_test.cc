// SPDX-License-Identifier: Apache-2.0
// Which keys count where: the card's from the beginning, a given one after its entry, a revoked one
// no more from the index that the revocation names.
#include "statement/key_ring.h"

#include <gtest/gtest.h>

#include "statement/charter_for_test.h"
#include "statement/vkey.h"

namespace entente::statement {
namespace {

struct Ring {
    samples::World world = samples::world();
    const samples::Founder& fr = world.founders[0];
    Origin origin = world.charter.origin(PartyId{"fr"});
    KeyRing ring{world.charter, PartyId{"fr"}};

    void say(std::uint64_t index, const KeyEntry& key) {
        ring.apply({index}, make_key_entry(key, origin, fr.root));
    }
    std::size_t count(const char* role, std::uint64_t index) {
        return ring.in_force(role, {index}).size();
    }
};

PublicKey key(char letter) {
    return SecretKey::from_seed(Secret::from(Bytes(32, letter)).value()).public_key();
}

TEST(KeyRing, BeginsWithTheCard) {
    Ring r;
    EXPECT_EQ(r.ring.in_force(key_role::log, {0}), std::vector<PublicKey>{r.fr.log.public_key()});
    EXPECT_EQ(r.ring.in_force(key_role::mirror, {9}),
              std::vector<PublicKey>{r.fr.mirror.public_key()});
    EXPECT_EQ(r.ring.in_force(key_role::sealing, {0})[0].view(), r.fr.party.sealing);
    EXPECT_EQ(r.ring.in_force(key_role::channel, {0})[0].view(), r.fr.party.channel);
    EXPECT_EQ(r.ring.in_force(key_role::duty, {0})[0].view(), r.fr.party.duty);
    EXPECT_EQ(r.count(key_role::officer, 0), 0u);
}

TEST(KeyRing, RightsGoByIndex) {
    Ring r;
    r.say(4, {key_role::officer, key('o'), 2, false, "A", {}});
    for (std::uint64_t i = 0; i < 10; ++i) EXPECT_EQ(r.count(key_role::officer, i), i > 4) << i;
    r.say(7, {key_role::officer, key('o'), 6, true, "", {}});
    for (std::uint64_t i = 0; i < 10; ++i) {
        EXPECT_EQ(r.count(key_role::officer, i), i > 4 && i < 6) << i;
    }
    r.say(8, {key_role::officer, key('o'), 0, false, "A", {}});
    for (std::uint64_t i = 0; i < 12; ++i) {
        EXPECT_EQ(r.count(key_role::officer, i), i == 5 || i > 8) << i;
    }
    r.say(9, {key_role::officer, key('o'), 0, true, "", {}});
    for (std::uint64_t i = 0; i < 12; ++i) EXPECT_EQ(r.count(key_role::officer, i), 0u) << i;
}

TEST(KeyRing, TheNewestComesFirst) {
    Ring r;
    r.say(3, {key_role::mirror, key('m'), 10, false, "", {}});
    EXPECT_EQ(r.ring.in_force(key_role::mirror, {10}),
              (std::vector<PublicKey>{key('m'), r.fr.mirror.public_key()}));
    r.say(4, {key_role::mirror, r.fr.mirror.public_key(), 10, true, "", {}});
    EXPECT_EQ(r.ring.in_force(key_role::mirror, {9}),
              std::vector<PublicKey>{r.fr.mirror.public_key()});
    EXPECT_EQ(r.ring.in_force(key_role::mirror, {10}), std::vector<PublicKey>{key('m')});
}

TEST(KeyRing, OnlyTheRootIsHeard) {
    Ring r;
    const KeyEntry given{key_role::officer, key('o'), 0, false, "", {}};
    r.ring.apply({1}, make_key_entry(given, r.origin, r.fr.duty));
    r.ring.apply({2}, make_key_entry(given, Origin{"joint/xx"}, r.fr.root));
    r.ring.apply({3}, OpenEntry{"beat", {}});
    EXPECT_EQ(r.count(key_role::officer, 9), 0u);
}

}  // namespace
}  // namespace entente::statement
