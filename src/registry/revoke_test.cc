// SPDX-License-Identifier: Apache-2.0
// An officer's key that is taken away (PROTOCOL 7): what it approved from the named index on does
// not count, in whatever order the entries come, and only the root can take it.
#include <gtest/gtest.h>

#include "registry/exchange_for_test.h"

namespace entente::registry::test {
namespace {

namespace act = statement::act;

/// fr protects a place and withdraws it with officer 'o'.
struct Withdrawn {
    Exchange e;
    EntryIndex index;  // of the withdrawal

    Withdrawn() {
        e.say({.act = act::add});
        index = e.say({.act = act::withdraw, .version = 2, .approvals = "o"}).position.index;
        e.final(100, noon);
    }
    void revoke(std::uint64_t from, char signer) {
        KeyEntry key{"officer", test::key('o').public_key(), from, true, "", {}};
        e.registry().apply(e.log(), e.fr().position("revoke"),
                           make_key_entry(key, e.fr().origin(), test::key(signer)));
    }
};

TEST(Revocation, ReachesBackToTheIndexThatItNames) {
    for (const std::uint64_t ahead : {0u, 1u, 2u}) {
        Withdrawn world;
        ASSERT_EQ(world.e.ends()[0], noon);
        const std::uint64_t from = world.index.v + 1 - ahead;
        world.revoke(from, 'r');
        EXPECT_EQ(world.e.ends()[0], from > world.index.v ? noon : never) << ahead;
    }
}

TEST(Revocation, IsTheRootsAlone) {
    for (const char signer : {'o', 's'}) {
        Withdrawn world;
        world.revoke(0, signer);
        EXPECT_EQ(world.e.ends()[0], noon) << signer;
    }
}

TEST(Revocation, HoldsUntilTheKeyIsGivenAgain) {
    Withdrawn world;
    world.revoke(0, 'r');
    world.e.key(world.e.log(), world.e.fr(), 'o');
    EXPECT_EQ(world.e.ends()[0], never) << "a key given today does not approve the past";
    world.e.say({.act = act::add, .record = 1});
    world.e.say({.act = act::withdraw, .record = 1, .version = 2, .approvals = "o"});
    EXPECT_EQ(world.e.ends(1)[0], noon);
}

}  // namespace
}  // namespace entente::registry::test
