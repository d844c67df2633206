// SPDX-License-Identifier: Apache-2.0
// Purge marks (PROTOCOL 12, 20): what is taken back is gone, in whatever order it and its mark
// come.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "registry/exchange_for_test.h"

namespace entente::registry {
namespace {

using test::Exchange;
using test::Made;
using test::noon;
namespace act = statement::act;

constexpr unsigned head = 1, coarse = 3, exact = 5;

/// PROTOCOL 12, 20: a purge mark is one more element of the set, and its place in it is nowhere.
TEST(Joint, PurgeMarksComeInAnyOrder) {
    std::set<Hash> hashes;
    std::vector<int> order = {0, 1, 2, 3, 4};
    do {
        Exchange e;
        const Made first = e.fr().make({.act = act::add});
        const Made second = e.fr().make({.act = act::amend, .version = 2});
        const auto marked = [&](const Made& made) {
            Understood u = made.open(coarse);
            u.closed = 4;
            e.registry().apply(e.log(), u);
        };
        for (const int step : order) {
            if (step == 0) e.hear(first, coarse);
            if (step == 1) e.hear(first, exact);
            if (step == 2) marked(first);
            if (step == 3) e.hear(second, exact);
            if (step == 4) marked(second);
            if (order[0] % 2 == 0) e.settled();
        }
        for (const Version& version : e.record().versions) EXPECT_TRUE(version.coarse_only);
        EXPECT_EQ(e.record().versions.size(), 2u);
        hashes.insert(e.settled().hash());
        e.registry().reopen(e.log(), first.position.leaf, 4);
        e.hear(first, exact);
        EXPECT_FALSE(e.record().versions[0].coarse_only);
        EXPECT_TRUE(e.record().versions[1].coarse_only);
    } while (std::next_permutation(order.begin(), order.end()));
    EXPECT_EQ(hashes.size(), 1u);
}

/// The same of an area that was taken back before it came: whether its head had come first, and
/// whether the register was made anew since, is no matter.
TEST(Joint, AnAreaTakenBackBeforeItCameIsNowhereInAnyOrder) {
    std::set<Hash> hashes;
    std::vector<int> order = {0, 1, 2, 3};
    do {
        Exchange e;
        const Made add = e.fr().make({.act = act::add});
        for (const int step : order) {
            if (step == 0 || step == 1) e.hear(add, head);
            if (step >= 2) {
                Understood u = add.open(head);
                u.closed = step == 2 ? 4 : 6;
                e.registry().apply(e.log(), u);
            }
            if (order[0] % 2 == 0) e.settled();
        }
        EXPECT_EQ(e.settled().unplaced(), 0u);
        hashes.insert(e.settled().hash());
        e.registry().reopen(e.log(), add.position.leaf, 6);
        e.hear(add, head);
        EXPECT_EQ(e.settled().unplaced(), 1u) << "given again, and not come yet";
    } while (std::next_permutation(order.begin(), order.end()));
    EXPECT_EQ(hashes.size(), 1u);
}

TEST(Joint, WhereTheLastAreaIsPurgedNothingIsLeftOpen) {
    Exchange e;
    const Made add = e.say({.act = act::add});
    e.say({.act = act::withdraw, .version = 2, .approvals = "o"});
    e.final(100, noon);
    Understood u = add.open(head);
    u.closed = 6;
    e.registry().apply(e.log(), u);
    EXPECT_EQ(e.settled().unplaced(), 0u);
    EXPECT_TRUE(e.record().versions[0].places.empty());
}

/// PROTOCOL 12: what a party knows is no place that protects, before it is taken back or after.
TEST(Kinds, ADealingThatIsTakenBackMakesNoRecord) {
    for (const bool mark_first : {true, false}) {
        Exchange e;
        const Made told = e.fr().make({.kind = "activity", .act = act::withdraw});
        const auto marked = [&](const Made& made) {
            Understood u = made.open(head);
            u.closed = 6;
            e.registry().apply(e.log(), u);
        };
        if (!mark_first) e.hear(told, head);
        marked(told);
        if (mark_first) e.hear(told, head);
        EXPECT_EQ(e.settled().size(), 0u) << mark_first;
        EXPECT_EQ(e.settled().dealings().size(), 1u);
        EXPECT_EQ(e.settled().unplaced(), 0u);
        const Made where = e.say({.kind = "activity", .act = act::add, .record = 1});
        EXPECT_FALSE(e.settled().at(0).newest().places.empty());
        marked(where);
        EXPECT_EQ(e.settled().size(), 1u) << "one that had shown a place is closed as a place is";
        EXPECT_TRUE(e.settled().at(0).newest().places.empty());
    }
}

}  // namespace
}  // namespace entente::registry
