// SPDX-License-Identifier: Apache-2.0
// Live tracks where somebody says very much: what is told of the others, and that no position is
// refused for it.
#include <algorithm>
#include <set>

#include "watch/live_for_test.h"

namespace entente::watch::test {
namespace {

using Of = Share::Of;

/// Slots below `hostile` are of one party, the others of another; over its budget where `over`.
struct Two : Protected {
    index::Slot hostile;
    bool over = false;
    Two(std::vector<index::Item> all, index::Slot first)
        : Protected(std::move(all)), hostile(first) {
        asked.whose = [this](index::Slot slot) -> Whose {
            return slot < hostile ? Whose{"xx", over} : Whose{"yy", false};
        };
    }
    Two(const Two&) = delete;
};

/// Many theatre-wide circles of one, with lower slots than a hospital that came later.
std::vector<index::Item> many_and_a_hospital(index::Slot number) {
    std::vector<index::Item> out;
    for (index::Slot slot = 0; slot < number; ++slot)
        out.push_back({slot, circle(0, 0, 5'000'000), {}});
    out.push_back({number, circle(0, 1, 1000), {}});
    return out;
}

std::vector<std::string> records(const std::vector<Alert>& alerts) {
    std::vector<std::string> out;
    for (const Alert& one : alerts) {
        out.push_back(one.record.empty() ? one.party + ": " + one.more : one.record);
    }
    return out;
}

TEST(Live, WhatStandsForManyProtectionsOutlastsBoundariesThatChange) {
    std::vector<index::Item> items;
    for (index::Slot slot = 0; slot < protections_at_once_max + 50; ++slot) {
        items.push_back({slot, circle(0, 0, 1000), {}});
    }
    const Protected all(items);
    Live live = with({});
    take(live, {flight(fix(0, 0, 0))}, 0, all);
    ASSERT_TRUE(live.set_boundaries({zone(box(5, 5, 6, 6))}));
    // From fix to fix: the leg that leaves them is inside to its end.
    auto alerts = take(live, {flight(fix(30'000, 0, 1))}, 30'000, all).alerts;
    const auto later = take(live, {flight(fix(60'000, 0, 2))}, 60'000, all).alerts;
    alerts.insert(alerts.end(), later.begin(), later.end());
    std::vector<Kind> of_many;
    for (const Alert& one : alerts) {
        if (one.more == many) of_many.push_back(one.kind);
    }
    EXPECT_EQ(of_many, std::vector<Kind>{Kind::left});
}

TEST(Live, NamesTheRestWhereAProtectionOneByOneIsTooMany) {
    std::vector<index::Item> items;
    for (index::Slot slot = 0; slot < protections_at_once_max + 50; ++slot) {
        items.push_back({slot, circle(0, 0, 1000), {}});
    }
    const Protected all(items);
    Live live = with({});
    const auto taken = take(live, {flight(fix(0, 0, 0))}, 0, all);
    ASSERT_EQ(taken.alerts.size(), protections_at_once_max + 1);
    EXPECT_EQ(std::count_if(taken.alerts.begin(), taken.alerts.end(),
                            [](const Alert& one) { return one.more == many; }),
              1);
}

TEST(Live, OnePartysManyRecordsHideNothingOfAnother) {
    constexpr index::Slot number = protections_at_once_max + 50;
    const Two all(many_and_a_hospital(number), number);
    Live live = with({});
    const auto first = records(take(live, {flight(fix(0, 0, 0))}, 0, all).alerts);
    EXPECT_EQ(first.size(), protections_at_once_max + 1);
    EXPECT_EQ(std::count(first.begin(), first.end(), "xx: " + std::string(many)), 1);
    const auto later = take(live, {flight(fix(30'000, 0, 1))}, 30'000, all).alerts;
    EXPECT_EQ(records(later), std::vector<std::string>{"record-" + std::to_string(number)});
    EXPECT_EQ(later.at(0).share, (Share{"yy", Of::protections}));
}

TEST(Live, WhatIsOverABudgetIsCountedBesideWhatIsNot) {
    constexpr index::Slot number = protections_at_once_max + 50;
    Two all(many_and_a_hospital(number), number);
    // The hospital is of the same party, and the rest is over its budget.
    all.asked.whose = [&](index::Slot slot) { return Whose{"xx", slot < number}; };
    Live live = with({});
    const auto told = take(live, {flight(fix(0, 0, 1))}, 0, all).alerts;
    const auto named = records(told);
    EXPECT_EQ(named.size(), over_budget_at_once_max + 2);
    EXPECT_EQ(std::count(named.begin(), named.end(), "record-" + std::to_string(number)), 1);
    EXPECT_EQ(std::count(named.begin(), named.end(), "xx: " + std::string(many_over_budget)), 1);
    EXPECT_EQ(std::count_if(told.begin(), told.end(),
                            [](const Alert& one) {
                                return one.share == Share{"xx", Of::over_budget};
                            }),
              over_budget_at_once_max + 1);
}

TEST(Live, WhatATrackIsInIsNamedOnAndNotSaidToBeLeft) {
    constexpr index::Slot number = protections_at_once_max;
    Two all(many_and_a_hospital(number), number);
    Live live = with({});
    EXPECT_EQ(take(live, {flight(fix(0, 0, 0))}, 0, all).alerts.size(), number);
    all.over = true;  // from now on there is room for few of them
    const auto later = take(live, {flight(fix(30'000, 0, 0.5))}, 30'000, all).alerts;
    EXPECT_TRUE(later.empty()) << records(later).front();
}

TEST(Live, OnePartysManyZonesRefuseNoPositionAndHideNoOthers) {
    constexpr std::size_t tracks = 40, zones = 2 * alerts_of_share_max / tracks;
    std::vector<Boundary> all;
    for (std::size_t i = 0; i < zones; ++i) {
        all.push_back(zone(box(-1, -1, 1, 1), "z" + std::to_string(i), "xx"));
    }
    all.push_back(zone(box(-1, -1, 1, 1), "border", "yy"));
    std::vector<Position> batch;
    for (std::size_t i = 0; i < tracks; ++i)
        batch.push_back(flight(fix(0, 0, 0), std::to_string(i)));
    const auto look = [&](const std::vector<Alert>& alerts) {
        std::set<std::string> border, heard, untold;
        for (const Alert& one : alerts) {
            if (one.party == "yy") border.insert(one.track);
            if (one.party == "xx") heard.insert(one.track);
            if (one.kind != Kind::untold) continue;
            EXPECT_EQ(one.party + ": " + one.more, "xx: " + std::string(many_alerts));
            EXPECT_EQ(one.share, (Share{"xx", Of::zones_of_files}));
            EXPECT_TRUE(untold.insert(one.track).second) << "once for each track";
        }
        EXPECT_EQ(border.size(), tracks);
        EXPECT_EQ(heard.size(), tracks) << "of each track something is told";
        EXPECT_EQ(untold.size(), tracks / 2);
        EXPECT_EQ(alerts.size(), tracks + alerts_of_share_max + 2 * untold.size());
    };
    Live live = with(all);
    const auto taken = take(live, batch, 0);
    EXPECT_EQ(taken.accepted, batch.size());
    EXPECT_TRUE(taken.refused.empty());
    look(taken.alerts);

    // The same where the tracks were there first.
    Live other = with({});
    take(other, batch, 0);
    const auto set = other.set_boundaries(all);
    ASSERT_TRUE(set) << set.error().detail;
    look(*set);
    EXPECT_TRUE(take(other, {flight(fix(1000, 0, 0), "0")}, 1000).alerts.empty());
}

TEST(Live, WhatIsForeseenOfManyZonesIsBoundedInTheSameWay) {
    constexpr std::size_t tracks = 25, zones = 2 * alerts_of_share_max / tracks;
    std::vector<Boundary> all;
    for (std::size_t i = 0; i < zones; ++i) {
        all.push_back(zone(box(-1, 0.02, 1, 1), "z" + std::to_string(i), "xx"));
    }
    Live live = with(std::move(all));
    std::vector<Position> batch;
    for (std::size_t i = 0; i < tracks; ++i) {
        for (std::int64_t s = 0; s <= 10; ++s) {
            const double lng = 0.001 * static_cast<double>(s);
            batch.push_back(flight(fix(1000 * s, 0, lng), std::to_string(i)));
        }
    }
    const auto taken = take(live, batch, 10'000);
    EXPECT_TRUE(taken.refused.empty());
    std::set<std::string> heard;
    for (const Alert& one : taken.alerts) {
        if (one.kind == Kind::will_enter) heard.insert(one.track);
    }
    EXPECT_EQ(heard.size(), tracks);
    EXPECT_LE(taken.alerts.size(), alerts_of_share_max + 2 * tracks);
}

TEST(Live, OneTrackThatComesAndGoesWithoutEndMakesNoMoreThanItsShare) {
    std::vector<index::Item> items;
    for (index::Slot slot = 0; slot < 200; ++slot) {
        items.push_back({slot, circle(0, 0, 1000), Metres{0}});
    }
    const Protected all(std::move(items));
    Live live = with({});
    std::vector<Position> batch;  // in and out, each behind a gap
    for (std::int64_t i = 0; i < 400; ++i) {
        batch.push_back(flight(fix(61'000 * i - 61'000 * 400, i % 2 == 0 ? 0 : 1, 0)));
    }
    const auto taken = take(live, batch, 0, all);
    EXPECT_EQ(taken.alerts.size(), alerts_of_share_max + 2);
    EXPECT_EQ(taken.alerts.back().kind, Kind::untold);
    EXPECT_TRUE(taken.refused.empty());
    EXPECT_EQ(taken.accepted, batch.size());
}

Boundary stated(const Volume4D& volume, const std::string& id, const std::string& party) {
    Boundary out = zone(volume, id, party);
    out.leaf = "leaf of " + id;
    return out;
}

std::size_t count_of(const std::vector<Alert>& alerts, Kind kind, const std::string& more) {
    return static_cast<std::size_t>(
        std::count_if(alerts.begin(), alerts.end(),
                      [&](const Alert& one) { return one.kind == kind && one.more == more; }));
}

TEST(Live, OfOnePartysStatedZonesSomeAreNamedAndTheRestIsOne) {
    std::vector<Boundary> all;
    for (std::size_t i = 0; i < 3 * zones_at_once_max; ++i) {
        all.push_back(stated(box(-1, -1, 1, 1), "z" + std::to_string(i), "xx"));
    }
    all.push_back(stated(box(-1, -1, 1, 1), "border", "yy"));
    Live live = with(all);
    const auto first = take(live, {flight(fix(0, 0, 0))}, 0).alerts;
    EXPECT_EQ(first.size(), zones_at_once_max + 2);
    EXPECT_EQ(count_of(first, Kind::found_inside, many_zones), 1u);
    EXPECT_EQ(std::count_if(first.begin(), first.end(),
                            [](const Alert& one) { return one.zone == "border"; }),
              1);
    // One more of the same party is one of the rest, which was told; another's is told.
    all.push_back(stated(box(-1, -1, 1, 1), "more", "xx"));
    all.push_back(stated(box(-1, -1, 1, 1), "other", "yy"));
    const auto set = live.set_boundaries(all);
    ASSERT_TRUE(set);
    ASSERT_EQ(set->size(), 1u);
    EXPECT_EQ(set->front().zone, "other");
    EXPECT_TRUE(take(live, {flight(fix(1000, 0, 0))}, 1000).alerts.empty());
    // Those that it is in stay named where earlier ones, that it was not told of, could be.
    all.erase(all.begin());
    ASSERT_TRUE(live.set_boundaries(all));
    const auto next = take(live, {flight(fix(2000, 0, 0))}, 2000).alerts;
    EXPECT_EQ(next.size(), 1u) << "there is room for one more";
    // The leg of a minute is over before it leaves what was not looked at.
    take(live, {flight(fix(60'000, 0, 2))}, 60'000);
    const auto out = take(live, {flight(fix(61'000, 0, 2.01))}, 61'000).alerts;
    EXPECT_EQ(count_of(out, Kind::left, many_zones), 1u);
}

TEST(Live, WhatIsForeseenOfOnePartysStatedZonesIsBounded) {
    std::vector<Boundary> all;
    for (std::size_t i = 0; i < 3 * zones_at_once_max; ++i) {
        all.push_back(stated(box(-1, 0.02, 1, 1), "z" + std::to_string(i), "xx"));
    }
    all.push_back(stated(box(-1, 0.02, 1, 1), "border", "yy"));
    Live live = with(all);
    std::vector<Alert> alerts;
    for (std::int64_t s = 0; s <= 15; ++s) {
        const double lng = 0.001 * static_cast<double>(s);
        const auto one = take(live, {flight(fix(1000 * s, 0, lng))}, 1000 * s).alerts;
        alerts.insert(alerts.end(), one.begin(), one.end());
    }
    EXPECT_EQ(alerts.size(), zones_at_once_max + 2);
    EXPECT_EQ(count_of(alerts, Kind::will_enter, many_zones), 1u);
    EXPECT_EQ(count_of(alerts, Kind::will_enter, ""), zones_at_once_max + 1);
}

/// A track along edges of one party's zones, a centimetre outside, uses up all of that party's
/// looks; another's are looked at as ever.
TEST(Live, WhoseZonesTakeTooManyLooksHaveThemCountAsInside) {
    std::vector<Boundary> all;
    for (int i = 0; i < 20; ++i)
        all.push_back(stated(box(10, 20, 11, 40), std::to_string(i), "xx"));
    all.push_back(stated(box(-1, -1, 1, 1), "far", "xx"));
    all.push_back(stated(box(-1, -1, 1, 0.5), "border", "yy"));
    Live live = with(std::move(all));
    const auto b = [](std::int64_t ms, double lng) { return flight(fix(ms, 0, lng), "b"); };
    EXPECT_EQ(take(live, {b(0, 0.4)}, 0).alerts.size(), 2u);
    // And one that comes to where nothing was known of it.
    std::vector<Position> batch{b(60'000, 0.6), flight(fix(60'000, 10.5, 30), "c")};
    for (std::int64_t i = 0; i < 20; ++i) {
        const double lng = 21 + 0.01 * static_cast<double>(i);
        batch.push_back(flight(fix(60'000 * (i - 19), 10.0 - 1e-7, lng), "a"));
    }
    const auto taken = take(live, batch, 60'000);
    EXPECT_EQ(taken.accepted, batch.size());
    std::vector<std::string> of_c;
    for (const Alert& one : taken.alerts) {
        if (one.track == "c") of_c.push_back(one.party + one.zone + ": " + one.more);
    }
    EXPECT_EQ(of_c, std::vector<std::string>{"xx: " + std::string(many_zones)});
    std::vector<Alert> of_b;
    for (const Alert& one : taken.alerts) {
        if (one.track == "b" && one.kind != Kind::will_enter) of_b.push_back(one);
    }
    ASSERT_EQ(kinds(of_b), std::vector<Kind>{Kind::left})
        << "nothing is left that is not looked at";
    EXPECT_EQ(of_b[0].zone, "border");
    EXPECT_NEAR(static_cast<double>(of_b[0].inside->count()), 30'000, 9);
    // A second later there are looks again.
    const auto later = take(live, {b(61'000, 0.61), b(120'000, 1.5)}, 120'000).alerts;
    EXPECT_EQ(
        std::count_if(later.begin(), later.end(),
                      [](const Alert& one) { return one.kind == Kind::left && one.zone == "far"; }),
        1);
}

/// What was told of a zone stands when a late position comes for whose look nothing is left.
TEST(Live, ALatePositionTakesNothingBackThatItCannotLookAt) {
    std::vector<Boundary> all;
    for (int i = 0; i < 20; ++i)
        all.push_back(stated(box(10, 20, 11, 40), std::to_string(i), "xx"));
    all.push_back(stated(box(-1, -1, 1, 1), "far", "xx"));
    Live live = with(std::move(all));
    const auto d = [](std::int64_t ms, double lng) { return flight(fix(ms, 0, lng), "d"); };
    const auto first = take(live, {d(0, -2), d(60'000, 0)}, 60'000).alerts;
    ASSERT_EQ(kinds(first), std::vector<Kind>{Kind::entered});
    std::vector<Position> batch{d(15'000, -1.5), d(45'000, -0.5)};
    for (std::int64_t i = 0; i < 20; ++i) {
        const double lng = 21 + 0.01 * static_cast<double>(i);
        batch.push_back(flight(fix(60'000 * (i - 19), 10.0 - 1e-7, lng), "a"));
    }
    const auto taken = take(live, batch, 60'000);
    EXPECT_EQ(taken.late, 2u);
    for (const Alert& one : taken.alerts) {
        if (one.track != "d") continue;
        EXPECT_NE(one.kind, Kind::corrected);
        EXPECT_NE(one.zone, "far") << name(one.kind);
    }
    const auto later = take(live, {d(120'000, 1.5)}, 120'000).alerts;
    ASSERT_EQ(count_of(later, Kind::left, ""), 1u);
    EXPECT_EQ(later.front().zone, "far");
    EXPECT_NEAR(static_cast<double>(later.front().inside->count()), 70'000, 60);
}

}  // namespace
}  // namespace entente::watch::test
