// SPDX-License-Identifier: Apache-2.0
// What protects soon and no unit has confirmed: which records and legs are listed, and in which
// order.
#include "node/stuck.h"

#include <gtest/gtest.h>

#include "view/history_for_test.h"

namespace entente::node {
namespace {

using statement::Rung;
using view::test::History;
using view::test::noon;
using view::test::Said;
constexpr auto hour = std::chrono::hours(1);

Ladder ladder_of(int record, const char* party, std::vector<Rung> rungs) {
    Ladder out{History::id(record), 1, {}, PartyId{party}, 7, {}, 0, {}, false, {}};
    for (const Rung rung : rungs) out.steps.push_back({rung, "", "", "", "", noon, {}, {}, {}});
    return out;
}

/// Record 0 protects always, 1 from the third hour to the fourth, 2 until an hour ago.
History three() {
    History h;
    h.say({});
    for (int i = 1; i < 3; ++i) {
        Said said;
        said.record = said.at = i;
        said.where = {registry::test::circle_at(i, 10)};
        geo::Window& window = said.where->front().volume.window;
        if (i == 1) window = {noon + 3 * hour, noon + 4 * hour};
        if (i == 2) window = {{}, noon - hour};
        h.say(said);
    }
    return h;
}

TEST(Stuck, ListsWhatProtectsSoonAndNoUnitHasConfirmed) {
    const History h = three();
    const view::View view = view::test::view_of(h);
    const std::vector<Ladder> ladders = {ladder_of(0, "ru", {Rung::received, Rung::loaded}),
                                         ladder_of(0, "un", {Rung::confirmed}),
                                         ladder_of(1, "ru", {}), ladder_of(2, "ru", {})};
    const auto day = stuck(ladders, view, noon, 24 * hour);
    ASSERT_EQ(day.size(), 2u);
    EXPECT_EQ(day[0].record, History::id(0));
    EXPECT_EQ(day[0].rung, Rung::loaded);
    EXPECT_EQ(day[0].from, noon) << "it protects now";
    EXPECT_EQ(day[1].record, History::id(1));
    EXPECT_EQ(day[1].from, noon + 3 * hour);
    EXPECT_EQ(stuck(ladders, view, noon, 3 * hour).size(), 1u) << "the end does not belong to it";
    EXPECT_EQ(stuck(ladders, view, noon + 4 * hour, 3 * hour).size(), 1u);
}

TEST(Stuck, WhatWasRefusedOrCameBackFromElsewhereStandsFirstWhateverElseWasSaid) {
    const History h = three();
    const view::View view = view::test::view_of(h);
    Ladder elsewhere = ladder_of(1, "ru", {Rung::loaded, Rung::confirmed});
    elsewhere.steps[0].at = LoadedAt{History::id(1), Metres{900}, true};
    const auto found = stuck({ladder_of(0, "fr", {Rung::opened}),
                              ladder_of(0, "un", {Rung::confirmed, Rung::refused}), elsewhere},
                             view, noon, 24 * hour);
    ASSERT_EQ(found.size(), 3u);
    EXPECT_TRUE(found[0].refused);
    EXPECT_TRUE(found[1].differs);
    EXPECT_EQ(found[2].rung, Rung::opened);
}

TEST(Stuck, OfAMovementEachLegCountsForItself) {
    History h;
    Said convoy;
    convoy.kind = "movement";
    convoy.where.emplace();
    for (std::uint32_t number : {1u, 2u, 3u}) {
        statement::Leg leg;
        leg.number = number;
        leg.window = {noon + (12 * number) * hour, noon + (12 * number + 1) * hour};
        geo::Place line;
        line.volume.shape = geo::Corridor{{{0, 0}, {0, 1'000'000}}, {100}};
        convoy.where->push_back(place_of(leg, line));
        convoy.legs.push_back(leg);
    }
    h.say(convoy);
    Ladder ladder = ladder_of(0, "ru", {Rung::opened});
    ladder.legs = {{1, Rung::opened, false, false, {}},
                   {2, Rung::confirmed, false, false, {"wing"}},
                   {3, Rung::opened, false, false, {}}};
    const auto found = stuck({ladder}, view::test::view_of(h), noon, 24 * hour);
    ASSERT_EQ(found.size(), 1u) << "leg 3 begins in 36 hours";
    EXPECT_EQ(found[0].leg, 1u);
    EXPECT_EQ(found[0].from, noon + 12 * hour);
    EXPECT_EQ(stuck({ladder}, view::test::view_of(h), noon, 48 * hour).size(), 2u);
}

TEST(Stuck, OfAnAmendedLegTheHoursBeforeCountUntilTheAmendmentActs) {
    History h(hour);
    statement::Leg leg;
    const auto say = [&](const char* act, std::uint32_t version, Instant start) {
        leg.window = {start, start + hour};
        geo::Place line;
        line.volume.shape = geo::Corridor{{{0, 0}, {0, 1'000'000}}, {100}};
        Said convoy;
        convoy.kind = "movement";
        convoy.act = act;
        convoy.version = version;
        convoy.time = noon;
        convoy.approvals = "o";
        convoy.where = {place_of(leg, line)};
        convoy.legs = {leg};
        h.say(convoy);
    };
    say("add", 1, noon + 2 * hour);
    say("amend", 2, noon + 50 * hour);
    Ladder ladder = ladder_of(0, "ru", {});
    ladder.legs = {{1, Rung::offered, false, false, {}}};
    const auto at = [&](Instant now) {
        return stuck({ladder}, view::test::view_of(h), now, 24 * hour);
    };
    ASSERT_EQ(at(noon).size(), 1u);
    EXPECT_EQ(at(noon)[0].from, noon + 2 * hour);
    EXPECT_TRUE(at(noon + hour).empty()) << "the amendment acts";
    EXPECT_EQ(at(noon + 30 * hour).size(), 1u);
}

}  // namespace
}  // namespace entente::node
