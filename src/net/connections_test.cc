// SPDX-License-Identifier: Apache-2.0
// Who makes room for whom.
#include "net/connections.h"

#include <gtest/gtest.h>

#include <vector>

namespace entente::net {
namespace {

struct Place {
    Connections all;
    std::vector<int> closed;

    Place(std::size_t most, std::size_t most_of_a_party) : all(most, most_of_a_party) {}
    Connections::At add(int number, Doing doing) {
        const auto at = all.add();
        at->close = [this, number] { closed.push_back(number); };
        if (doing == Doing::waiting) all.waits(at);
        at->doing = doing;
        return at;
    }
};

TEST(Connections, HaveRoomUntilTheyAreFull) {
    Place place(2, 9);
    place.add(1, Doing::working);
    EXPECT_TRUE(place.all.make_room());
    const auto second = place.add(2, Doing::working);
    EXPECT_FALSE(place.all.make_room()) << "all are busy";
    place.all.remove(second);
    EXPECT_TRUE(place.all.make_room());
    EXPECT_TRUE(place.closed.empty());
    EXPECT_EQ(place.all.size(), 1u);
}

TEST(Connections, CloseStrangersFirstThenWhoWaitsLongestThenWhoIsSlow) {
    Place place(5, 9);
    place.add(1, Doing::reading);
    const auto early = place.add(2, Doing::waiting);
    place.add(3, Doing::waiting);
    place.add(4, Doing::greeting);
    place.add(5, Doing::streaming);
    place.all.waits(early);  // after another request
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(place.all.make_room());
    EXPECT_EQ(place.closed, (std::vector<int>{4, 3, 2, 1}));
    EXPECT_FALSE(place.all.make_room()) << "none is closed twice";
}

TEST(Connections, OfOnePartyMakeRoomForItselfOnly) {
    Place place(100, 2);
    const auto first = place.add(1, Doing::waiting);
    const auto other = place.add(2, Doing::waiting);
    const auto second = place.add(3, Doing::working);
    EXPECT_TRUE(place.all.belongs_to(first, "ru"));
    EXPECT_TRUE(place.all.belongs_to(other, "un"));
    EXPECT_TRUE(place.all.belongs_to(second, "ru"));
    const auto third = place.add(4, Doing::greeting);
    EXPECT_TRUE(place.all.belongs_to(third, "ru"));
    EXPECT_EQ(place.closed, (std::vector<int>{1}));
    place.all.remove(first);
    third->doing = Doing::working;
    EXPECT_FALSE(place.all.belongs_to(place.add(5, Doing::greeting), "ru"));
    EXPECT_TRUE(place.all.belongs_to(place.add(6, Doing::greeting), "un"));
    EXPECT_EQ(place.closed, (std::vector<int>{1}));
}

TEST(Connections, EndWithoutCuttingOffAnAnswer) {
    Place place(9, 9);
    int woken = 0;
    place.add(1, Doing::working);
    place.add(2, Doing::waiting);
    place.add(3, Doing::greeting);
    place.add(4, Doing::streaming)->wake = [&] { ++woken; };
    place.all.finish();
    EXPECT_EQ(place.closed, (std::vector<int>{2, 3}));
    EXPECT_EQ(woken, 1);
}

}  // namespace
}  // namespace entente::net
