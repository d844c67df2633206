// SPDX-License-Identifier: Apache-2.0
#include "mirror/subtrees.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "mirror/world.h"

namespace entente::mirror {
namespace {

using test::World;

constexpr std::size_t sizes_max = 70;

// Held entries, a proof from there to one head and a proof from that to a newer one are all that a
// mirror has: every proof between them must follow. The oracle is the whole tree.
TEST(Subtrees, ProofsFollowFromWhatIsHeldAndTwoProofs) {
    const World world(sizes_max);
    const std::size_t step = test::is_long() ? 1 : 5;
    for (std::size_t held = 1; held <= sizes_max; held += step) {
        tlog::Tree own = world.tree();
        own.truncate({held});
        for (std::size_t head = held; head <= sizes_max; ++head) {
            for (std::size_t newer = head; newer <= sizes_max; newer += step) {
                Subtrees known(&own);
                if (held < head) known.put_proof({{held}, {head}}, world.proof(held, head));
                if (head < newer) known.put_proof({{head}, {newer}}, world.proof(head, newer));
                ASSERT_EQ(known.root({0, newer}), world.tree().root({newer}));
                for (const std::size_t older : {std::size_t{1}, held / 2 + 1, held, head}) {
                    ASSERT_EQ(known.consistency_proof({{older}, {newer}}),
                              world.tree().consistency_proof({older}, {newer}).value())
                        << held << " " << head << " " << newer << " from " << older;
                }
                ASSERT_EQ(known.inclusion_proof({held - 1}, {newer}),
                          world.tree().inclusion_proof({held - 1}, {newer}).value());
            }
        }
    }
}

TEST(Subtrees, APathLeadsToBothRoots) {
    const World world(sizes_max);
    const Subtrees known(&world.tree());
    for (std::size_t m = 1; m < sizes_max; ++m) {
        for (std::size_t n = m + 1; n <= sizes_max; ++n) {
            const auto roots = tlog::growth_roots({m}, {n}, *known.path({{m}, {n}})).value();
            ASSERT_EQ(roots.old_root, world.tree().root({m}));
            ASSERT_EQ(roots.new_root, world.tree().root({n}));
        }
    }
}

TEST(Subtrees, SettlingForgetsTheLeftAndKeepsTheProofs) {
    const World world(sizes_max);
    for (std::size_t size = 1; size <= sizes_max; ++size) {
        Subtrees known;
        for (std::size_t i = 0; i < sizes_max; ++i) {
            known.put({i, i + 1}, world.tree().leaf({i}));
        }
        known.settle({size});
        EXPECT_LE(known.known(), sizes_max - size + 7) << size;
        EXPECT_EQ(known.root({0, sizes_max}), world.tree().root());
        EXPECT_EQ(known.consistency_proof({{size}, {sizes_max}}),
                  world.tree().consistency_proof({size}, {sizes_max}).value());
    }
}

TEST(Subtrees, WhatIsNotKnownIsNothingAndFoundSoAtOnce) {
    const World world(8);
    Subtrees known;
    EXPECT_EQ(known.root({0, 0}), tlog::empty_root());
    EXPECT_FALSE(known.root({0, std::uint64_t{1} << 62}));
    known.put({0, 4}, world.tree().root({4}));
    EXPECT_FALSE(known.root({0, std::uint64_t{1} << 62}));
    EXPECT_FALSE(known.root({0, 8}));
    EXPECT_FALSE(known.root({0, 2}));
    EXPECT_FALSE(known.path({{3}, {8}}));
    EXPECT_FALSE(known.inclusion_proof({1}, {8}));
    known.put({4, 8}, world.tree().range_root(4, 8));
    EXPECT_EQ(known.root({0, 8}), world.tree().root());
    tlog::Tree empty;
    EXPECT_FALSE(Subtrees(&empty).root({0, 1}));
}

TEST(CompleteRoot, IsTheTrees) {
    const World world(64);
    for (std::size_t n = 1; n <= 64; n *= 2) {
        std::vector<Hash> leaves;
        for (std::size_t i = 0; i < n; ++i) leaves.push_back(world.tree().leaf({i}));
        EXPECT_EQ(complete_root(leaves), world.tree().root({n}));
    }
}

}  // namespace
}  // namespace entente::mirror
