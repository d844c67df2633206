// SPDX-License-Identifier: Apache-2.0
// Live tracks against times worked out by hand, and what they take and refuse. There is no clock:
// `now` is an argument.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "base/random.h"
#include "watch/leg.h"
#include "watch/live_for_test.h"

namespace entente::watch::test {
namespace {

TEST(Live, TellsWhenAFlightEnteredAndLeft) {
    Live live = with({zone(box(-1, 0.0250, 1, 0.0752))});
    std::vector<Alert> alerts;
    for (std::int64_t s = 0; s <= 100; ++s) {
        const double lng = 0.001 * static_cast<double>(s);
        const auto taken = take(live, {flight(fix(1000 * s, 0, lng))}, 1000 * s);
        EXPECT_EQ(taken.accepted, 1u);
        alerts.insert(alerts.end(), taken.alerts.begin(), taken.alerts.end());
    }
    ASSERT_EQ(kinds(alerts), (std::vector<Kind>{Kind::will_enter, Kind::entered, Kind::left}));
    EXPECT_EQ(alerts[0].time, at(10'000)) << "once it is known how it moves";
    EXPECT_NEAR(static_cast<double>(alerts[0].warning->count()), 15'000, 255);
    EXPECT_EQ(*alerts[0].entry, alerts[0].time + *alerts[0].warning);
    EXPECT_NEAR(static_cast<double>(millis(alerts[1].time) - begin_ms), 25'000, 7);
    EXPECT_NEAR(static_cast<double>(millis(alerts[2].time) - begin_ms), 75'200, 7);
    EXPECT_EQ(*alerts[2].inside, alerts[2].time - alerts[1].time);
    EXPECT_FALSE(alerts[2].begun_before);
    for (const Alert& one : alerts) {
        EXPECT_EQ(one.party + "/" + one.zone + "/" + one.version, "aa/z/1");
        EXPECT_EQ(one.by + "/" + one.track, "EXERCISE air/f1");
        EXPECT_EQ(one.id.size(), 16u);
    }
}

/// The dispute of November 2015, with shapes of our own: one boundary as two parties assert it.
TEST(Live, TellsEachVersionOfABoundaryByItself) {
    Live live = with({zone(box(35.85, 36.025, 35.95, 36.075), "border", "tr", "7"),
                      zone(box(35.91, 36.025, 35.95, 36.075), "border", "ru", "3"),
                      zone(box(35.80, 36.050, 35.95, 36.075), "border", "tr", "8")});
    std::vector<Alert> alerts;
    for (std::int64_t s = 0; s <= 34; ++s) {
        const double lng = 36 + 0.1 * static_cast<double>(s) / 34;
        const auto taken = take(live, {flight(fix(1000 * s, 35.9, lng))}, 1000 * s);
        for (const Alert& one : taken.alerts) {
            if (one.kind != Kind::will_enter) alerts.push_back(one);
        }
    }
    ASSERT_EQ(alerts.size(), 4u);
    std::map<std::string, std::vector<Alert>> of;
    for (const Alert& one : alerts) of[one.party + one.version].push_back(one);
    ASSERT_EQ(kinds(of["tr7"]), (std::vector<Kind>{Kind::entered, Kind::left}));
    EXPECT_NEAR(static_cast<double>(of["tr7"][1].inside->count()), 17'000, 9);
    ASSERT_EQ(kinds(of["tr8"]), (std::vector<Kind>{Kind::entered, Kind::left}));
    EXPECT_NEAR(static_cast<double>(of["tr8"][1].inside->count()), 8'500, 9);
    EXPECT_EQ(of.count("ru3"), 0u);
}

TEST(Live, FindsWhatIsInsideFromTheFirstPositionOn) {
    Live live = with({zone(box(-1, -1, 1, 1))});
    const auto first = take(live, {flight(fix(0, 0, 0))}, 0);
    ASSERT_EQ(kinds(first.alerts), std::vector<Kind>{Kind::found_inside});
    EXPECT_TRUE(first.alerts[0].begun_before);
    const auto out = take(live, {flight(fix(30'000, 0, 1.5))}, 30'000);
    ASSERT_EQ(kinds(out.alerts), std::vector<Kind>{Kind::left});
    EXPECT_TRUE(out.alerts[0].begun_before) << "for at least so long";
    EXPECT_NEAR(static_cast<double>(out.alerts[0].inside->count()), 20'000, 4);
}

TEST(Live, SaysOfAGapThatItIsNotKnown) {
    Live live = with({zone(box(-1, -1, 1, 1))});
    take(live, {flight(fix(0, 0, 0)), flight(fix(1000, 0, 0.001))}, 1000);
    const auto far = take(live, {flight(fix(62'000, 0, 5))}, 62'000);
    ASSERT_EQ(kinds(far.alerts), std::vector<Kind>{Kind::lost}) << "never that it left";
    EXPECT_EQ(far.alerts[0].time, at(1000));
    EXPECT_EQ(*far.alerts[0].inside, Duration(1000));
}

TEST(Live, SaysOfSilenceThatItIsNotKnownAndTakesItBack) {
    Live live = with({zone(box(-1, -1, 1, 1))});
    take(live, {flight(fix(0, 0, 0))}, 0);
    EXPECT_TRUE(live.tick(at(60'000), nothing.asked).empty());
    const auto lost = live.tick(at(60'001), nothing.asked);
    ASSERT_EQ(kinds(lost), std::vector<Kind>{Kind::lost});
    EXPECT_TRUE(live.tick(at(70'000), nothing.asked).empty()) << "once";
    // A repeat of what is known is no sign of life, and no older position is.
    EXPECT_TRUE(take(live, {flight(fix(0, 0, 0))}, 71'000).alerts.empty());
    // What was on its way for long shows that it went on being inside.
    const auto back = take(live, {flight(fix(50'000, 0, 0.001))}, 72'000);
    ASSERT_EQ(kinds(back.alerts), std::vector<Kind>{Kind::corrected});
    EXPECT_EQ(back.alerts[0].corrects, lost[0].id);
    const auto again = live.tick(at(140'000), nothing.asked);
    ASSERT_EQ(kinds(again), std::vector<Kind>{Kind::lost});
    EXPECT_EQ(again[0].time, at(50'000));
    EXPECT_EQ(live.tracks(), 1u);
    live.tick(at(672'001), nothing.asked);
    EXPECT_EQ(live.tracks(), 0u) << "forgotten after idle_max";
    const auto anew = take(live, {flight(fix(680'000, 0, 0))}, 680'000);
    EXPECT_EQ(kinds(anew.alerts), std::vector<Kind>{Kind::found_inside});
}

TEST(Live, CorrectsWhatALatePositionShowsOtherwise) {
    Live live = with({zone(box(-1, 0.01, 1, 1))});
    auto taken = take(live, {flight(fix(0, 0, 0)), flight(fix(20'000, 0, 0.02))}, 20'000);
    ASSERT_EQ(kinds(taken.alerts), std::vector<Kind>{Kind::entered});
    const std::string told = taken.alerts[0].id;
    // It had flown faster at first.
    taken = take(live, {flight(fix(5000, 0, 0.015))}, 21'000);
    EXPECT_EQ(taken.late, 1u);
    ASSERT_EQ(kinds(taken.alerts), (std::vector<Kind>{Kind::corrected, Kind::entered}));
    EXPECT_EQ(taken.alerts[0].corrects, told);
    EXPECT_NEAR(static_cast<double>(millis(taken.alerts[1].time) - begin_ms), 3333, 4);
}

TEST(Live, GivesWhatComesToHoldAgainAnIdOfItsOwn) {
    Live live = with({zone(box(-1, -1, 1, 1))});
    take(live, {flight(fix(0, 0, 0))}, 0);
    std::set<std::string> ids;
    // Silent, then late positions that reach neither over the silence nor up to a later one.
    for (const Alert& one : live.tick(at(70'000), nothing.asked)) ids.insert(one.id);
    for (const Alert& one : take(live, {flight(fix(60'000, 0, 0))}, 80'000).alerts) {
        ids.insert(one.id);
    }
    for (const Alert& one : live.tick(at(200'000), nothing.asked)) ids.insert(one.id);
    EXPECT_EQ(ids.size(), 3u);
}

TEST(Live, WillEnterIsTakenBackOnceItTurnedAway) {
    Live live = with({zone(box(-1, 0.1, 1, 0.2))});
    std::vector<Alert> alerts;
    for (std::int64_t s = 0; s <= 60; ++s) {
        const double lng = s <= 20 ? 0.001 * static_cast<double>(s) : 0.02;
        const double lat = s <= 20 ? 0 : 0.001 * static_cast<double>(s - 20);
        const auto taken = take(live, {flight(fix(1000 * s, lat, lng))}, 1000 * s);
        alerts.insert(alerts.end(), taken.alerts.begin(), taken.alerts.end());
    }
    ASSERT_EQ(kinds(alerts), (std::vector<Kind>{Kind::will_enter, Kind::turned_away}));
    EXPECT_NEAR(static_cast<double>(alerts[0].warning->count()), 90'000, 260);
    EXPECT_GE(alerts[1].time, at(30'000)) << "not at the first position of a turn";
}

// -- what it takes and what not --

TEST(Live, CountsRepeatsAndRefusesWithAReason) {
    Live live = with({});
    std::vector<Position> batch = {flight(fix(0, 0, 0)),
                                   flight(fix(0, 0, 0)),
                                   flight(fix(200'000, 0, 0)),
                                   flight(fix(-90'000'000, 0, 0)),
                                   flight(fix(1000, 91, 0)),
                                   flight(fix(1000, 0, 181)),
                                   flight(fix(1000, 0, 0, 10'000'001)),
                                   flight(fix(1000, 0, 0), ""),
                                   flight(fix(1000, 0, 0), std::string(65, 'x')),
                                   flight(fix(1000, 0, 0), "\xff")};
    const auto taken = take(live, batch, 100'000);
    EXPECT_EQ(taken.accepted, 1u);
    EXPECT_EQ(taken.repeated, 1u);
    const char* says[] = {"ahead_max",
                          "past_max",
                          "±90°",
                          "±180°",
                          "altitude_dm_max",
                          "track_name_bytes_max",
                          "track_name_bytes_max",
                          "UTF-8"};
    ASSERT_EQ(taken.refused.size(), std::size(says));
    for (std::size_t i = 0; i < std::size(says); ++i) {
        EXPECT_EQ(taken.refused[i].position, i + 2);
        EXPECT_NE(taken.refused[i].error.detail.find(says[i]), std::string::npos)
            << taken.refused[i].error.detail;
    }
    EXPECT_EQ(take(live, batch, 100'000).repeated, 2u);
}

TEST(Live, HoldsTheLastPositionsOnly) {
    Live live = with({zone(box(-1, -1, 1, 1))});
    std::vector<Position> day;
    for (std::int64_t s = 0; s < 3600; ++s) day.push_back(flight(fix(1000 * s, 0, 0)));
    const auto taken = take(live, day, 3'600'000);
    EXPECT_EQ(taken.accepted, day.size()) << "within one call all";
    EXPECT_EQ(kinds(taken.alerts), std::vector<Kind>{Kind::found_inside});
    const auto held = static_cast<std::int64_t>(live_fixes_max);
    const auto late = take(
        live,
        {flight(fix(1000 * (3600 - held), 0, 0.1)), flight(fix(1000 * (3600 - held) + 1, 0, 0))},
        3'600'000);
    EXPECT_EQ(late.accepted, 1u);
    ASSERT_EQ(late.refused.size(), 1u);
    EXPECT_NE(late.refused[0].error.detail.find("live_fixes_max"), std::string::npos);
    EXPECT_TRUE(late.alerts.empty());
    const auto out = take(live, {flight(fix(3'630'000, 0, 2))}, 3'630'000);
    ASSERT_EQ(kinds(out.alerts), std::vector<Kind>{Kind::left});
    EXPECT_GT(*out.alerts[0].inside, Duration(3'600'000)) << "since the first, long forgotten";
}

TEST(Live, BoundsTracksAndPlacesAtOneTime) {
    Live live = with({});
    std::vector<Position> batch;
    for (std::size_t i = 0; i <= live_tracks_max; ++i) {
        batch.push_back(flight(fix(0, 0, 0), "t" + std::to_string(i)));
    }
    auto taken = take(live, batch, 0);
    EXPECT_EQ(taken.accepted, live_tracks_max);
    ASSERT_EQ(taken.refused.size(), 1u);
    EXPECT_NE(taken.refused[0].error.detail.find("live_tracks_max"), std::string::npos);
    live.tick(at(601'000), nothing.asked);
    EXPECT_EQ(live.tracks(), 0u);
    batch.clear();
    for (int i = 0; i < 5; ++i) batch.push_back(flight(fix(602'000, 0, 0.001 * i)));
    taken = take(live, batch, 602'000);
    EXPECT_EQ(taken.accepted, places_at_once_max);
    ASSERT_EQ(taken.refused.size(), 1u);
    EXPECT_NE(taken.refused[0].error.detail.find("places_at_once_max"), std::string::npos);
}

TEST(Live, RefusesBadBoundaries) {
    Live live;
    auto bad = box(-1, -1, 1, 1);
    std::get<geo::Area>(bad.shape).polygons[0].outer.points.resize(2);
    const auto refused = live.set_boundaries({zone(bad, "z9")});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().detail.find("aa: z9, version 1"), std::string::npos);
    const auto good = zone(box(-1, -1, 1, 1));
    EXPECT_FALSE(live.set_boundaries({good, good}));
}

TEST(Live, HeedsHeightsFromOneReferenceOnly) {
    auto low = box(-1, -1, 1, 1);
    low.band = {{}, {10'000}, AltitudeReference::amsl};
    Live live = with({zone(low)});
    const auto high = [&](std::int64_t s, AltitudeReference reference) {
        Position one = flight(fix(1000 * s, 0, 0, 50'000));
        one.reference = reference;
        return take(live, {one}, 1000 * s).alerts;
    };
    EXPECT_TRUE(high(0, AltitudeReference::amsl).empty());
    // On the way between heights that cannot be compared every height counts.
    EXPECT_EQ(kinds(high(1, AltitudeReference::agl)),
              (std::vector<Kind>{Kind::entered, Kind::left}));
}

// -- boundaries that change --

TEST(Live, TellsOfNewBoundariesAndRepeatsNothingOfOld) {
    Live live = with({zone(box(-1, -1, 1, 1), "old")});
    ASSERT_EQ(kinds(take(live, {flight(fix(0, 0, 0))}, 0).alerts),
              std::vector<Kind>{Kind::found_inside});
    take(live, {flight(fix(1000, 0, 0.1))}, 1000);
    const auto set =
        live.set_boundaries({zone(box(-1, -1, 1, 1), "old"), zone(box(-1, 0.05, 1, 1), "new"),
                             zone(box(5, 5, 6, 6), "far")});
    ASSERT_TRUE(set);
    ASSERT_EQ(kinds(*set), std::vector<Kind>{Kind::found_inside});
    EXPECT_EQ((*set)[0].zone, "new");
    EXPECT_EQ((*set)[0].time, at(1000));
    auto taken = take(live, {flight(fix(2000, 0, 0.2))}, 2000);
    EXPECT_TRUE(taken.alerts.empty());
    ASSERT_TRUE(live.set_boundaries({zone(box(-1, -1, 1, 1), "old")}));
    taken = take(live, {flight(fix(32'000, 0, 3))}, 32'000);
    ASSERT_EQ(kinds(taken.alerts), std::vector<Kind>{Kind::left});
    EXPECT_EQ(taken.alerts[0].zone, "old");
    EXPECT_GT(*taken.alerts[0].inside, Duration(9'000)) << "since before the sets changed";
}

TEST(Live, AVersionInPlaceOfAnotherIsNotTakenForIt) {
    Live live = with({zone(box(-1, -1, 1, 1), "b", "aa", "1"), zone(box(-1, -1, 1, 1), "c")});
    ASSERT_EQ(take(live, {flight(fix(0, 0, 0))}, 0).alerts.size(), 2u);
    // Version 2 is elsewhere: of version 1 nothing more is said, and the track is not in version 2.
    auto set = live.set_boundaries(
        {zone(box(-1, 1.05, 1, 2), "b", "aa", "2"), zone(box(-1, -1, 1, 1), "c")});
    ASSERT_TRUE(set);
    EXPECT_TRUE(set->empty());
    auto taken = take(live, {flight(fix(10'000, 0, 1.02))}, 10'000);
    ASSERT_EQ(kinds(taken.alerts), (std::vector<Kind>{Kind::left, Kind::will_enter}));
    EXPECT_EQ(taken.alerts[0].zone, "c");
    EXPECT_EQ(taken.alerts[1].version, "2");
    // The next one takes the place of a version that was expected: nothing turned away from it.
    set = live.set_boundaries({zone(box(-1, 1.01, 1, 2), "b", "aa", "3")});
    ASSERT_TRUE(set);
    ASSERT_EQ(kinds(*set), std::vector<Kind>{Kind::found_inside});
    EXPECT_EQ((*set)[0].version, "3");
    taken = take(live, {flight(fix(30'000, 0, 1.03))}, 30'000);
    EXPECT_TRUE(taken.alerts.empty());
}

TEST(Live, LatePositionsCountForWhatStaysAndAccuseNothingThatIsNew) {
    Live live = with({zone(box(-1, -1, 1, 1), "old")});
    take(live, {flight(fix(0, 0, 0))}, 0);
    take(live, {flight(fix(20'000, 0, 0.2))}, 20'000);
    take(live, {flight(fix(40'000, 0, 0.4))}, 40'000);
    const auto set =
        live.set_boundaries({zone(box(-1, -1, 1, 1), "old"), zone(box(-1, -1, 1, 1), "new")});
    ASSERT_TRUE(set);
    ASSERT_EQ(kinds(*set), std::vector<Kind>{Kind::found_inside});
    // It had been outside of both between: of the new one nothing is said of that time.
    const auto late = take(live, {flight(fix(10'000, 0, 2))}, 41'000);
    EXPECT_EQ(late.late, 1u);
    ASSERT_EQ(kinds(late.alerts), (std::vector<Kind>{Kind::left, Kind::entered}));
    for (const Alert& one : late.alerts) EXPECT_EQ(one.zone, "old");
    // The way to the position since which it is asked about is none of it either.
    EXPECT_TRUE(take(live, {flight(fix(39'000, 0, 0.39))}, 41'000).alerts.empty());
    const auto out = take(live, {flight(fix(80'000, 0, 2))}, 80'000);
    ASSERT_EQ(kinds(out.alerts), (std::vector<Kind>{Kind::left, Kind::left}));
    for (const Alert& one : out.alerts) EXPECT_EQ(one.begun_before, one.zone == "new") << one.zone;
}

TEST(Live, WhatIsForeseenDoesNotWaitBecauseBoundariesChange) {
    Live live = with({});
    take(live, {flight(fix(0, 0, 0)), flight(fix(10'000, 0, 0.01))}, 10'000);
    ASSERT_TRUE(live.set_boundaries({zone(box(-1, 0.05, 1, 1))}));
    EXPECT_EQ(kinds(take(live, {flight(fix(11'000, 0, 0.011))}, 11'000).alerts),
              std::vector<Kind>{Kind::will_enter});
}

/// Boundaries that come and go change nothing of what is told of one that stays, whatever order
/// positions come in.
TEST(Live, OthersThatComeAndGoChangeNothingOfOneThatStays) {
    const std::uint64_t seeds = std::getenv("ENTENTE_LONG") != nullptr ? 100 : 8;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        Rng rng{seed};
        const auto chance = [&](std::uint64_t of) { return static_cast<int>(rng.below(of)); };
        const Boundary stays = zone(box(-0.1, -0.1, 0.1, 0.1), "stays", "bb");
        Live alone = with({stays}), among = with({stays});
        std::int64_t now = 0;
        for (int step = 0; step < 120; ++step) {
            now += 1000 * (1 + chance(8));
            if (chance(3) == 0) {
                std::vector<Boundary> all;
                for (int k = chance(4); k > 0; --k) {
                    const double at = 0.05 * chance(4);
                    all.push_back(zone(box(-0.2, -at, 0.2, at + 0.02), "v" + std::to_string(k),
                                       "aa", std::to_string(chance(3))));
                }
                all.insert(all.begin() + chance(all.size() + 1), stays);
                const auto set = among.set_boundaries(std::move(all));
                ASSERT_TRUE(set);
                for (const Alert& one : *set) EXPECT_NE(one.zone, "stays");
            }
            std::vector<Position> batch;
            for (int k = 1 + chance(3); k > 0; --k) {
                const std::int64_t time = now - 1000 * chance(40);
                batch.push_back(
                    flight(fix(time, 0.01 * (chance(30) - 15), 0.01 * (chance(30) - 15)),
                           "f" + std::to_string(chance(2))));
            }
            const auto of_it = [](std::vector<Alert> alerts) {
                std::erase_if(alerts, [](const Alert& one) { return one.zone != "stays"; });
                return alerts;
            };
            const Taken one = take(alone, batch, now), other = take(among, batch, now);
            ASSERT_EQ(one.refused.size(), other.refused.size()) << seed << " " << step;
            ASSERT_EQ(of_it(one.alerts), of_it(other.alerts)) << seed << " " << step;
            ASSERT_EQ(of_it(alone.tick(at(now), nothing.asked)),
                      of_it(among.tick(at(now), nothing.asked)));
        }
    }
}

TEST(Live, BoundariesComeAndGoWithoutEnd) {
    Live live = with({});
    take(live, {flight(fix(0, 0, 0))}, 0);
    const std::size_t times = boundaries_max + 10;
    for (std::size_t i = 0; i < times; ++i) {
        const auto set = live.set_boundaries({zone(box(5, 5, 6, 6), "b", "aa", std::to_string(i))});
        ASSERT_TRUE(set) << set.error().detail;
    }
}

TEST(Live, TellsVersionsOfOneNumberApartByTheEntryThatAssertsThem) {
    Boundary one = zone(box(-1, -1, 1, 1)), other = one;
    one.leaf = "one", other.leaf = "other";
    one.name = other.name = "EXERCISE border";
    Live live = with({one, other, zone(box(-1, -1, 1, 1))});
    const auto alerts = take(live, {flight(fix(0, 0, 0))}, 0).alerts;
    ASSERT_EQ(alerts.size(), 3u);
    EXPECT_EQ(alerts[0].name, "EXERCISE border");
    EXPECT_EQ(alerts[1].leaf, "other");
    EXPECT_EQ(alerts[2].name, "");
    EXPECT_NE(alerts[0].id, alerts[1].id);
    EXPECT_NE(alerts[0].id, alerts[2].id);
}

TEST(Live, LeavesOutWhatProtectsNoMore) {
    Protected one({{4, circle(0, 0, 1000), {}}});
    one.asked.protects = [](auto, const auto&) { return false; };
    Live live = with({});
    EXPECT_TRUE(take(live, {flight(fix(0, 0, 0))}, 0, one).alerts.empty());
}

TEST(Leg, WhatIsNotLookedAtCountsAsInside) {
    const Zone area(box(10, 20, 11, 40));
    // Over the edge: from a third of the way on it is inside.
    const Fix from = fix(0, 9.999, 21), to = fix(60'000, 10.002, 21);
    const auto exact = inside(area, from, to, AltitudeReference::amsl);
    ASSERT_FALSE(exact.empty());
    EXPECT_GT(exact.front().first, from.time);
    for (const std::size_t given : {0u, 1u, 5u, 20u}) {
        std::size_t looks = given;
        const auto some = inside(area, from, to, AltitudeReference::amsl, looks);
        EXPECT_EQ(looks, 0u);
        for (const Interval& one : exact) {
            EXPECT_TRUE(std::any_of(some.begin(), some.end(), [&](const Interval& whole) {
                return whole.first <= one.first && one.first <= whole.last;
            })) << given;
        }
        EXPECT_LE(some.front().first, exact.front().first);
        EXPECT_GE(some.back().last, exact.back().last);
    }
    std::size_t enough = 1000;
    const auto same = inside(area, from, to, AltitudeReference::amsl, enough);
    EXPECT_GT(enough, 0u);
    EXPECT_EQ(same.size(), exact.size());
}

/// Some legs along an edge, of which each would take a look for every millisecond of a minute and
/// of each zone: 24 million, six times what a call has.
TEST(Live, LegsAlongEdgesCountAsInsideRatherThanBeLookedAtForEver) {
    std::vector<Boundary> zones;
    for (int i = 0; i < 20; ++i) {
        zones.push_back(zone(box(10, 20, 11, 40), "z" + std::to_string(i)));
    }
    Live live = with(std::move(zones));
    std::vector<Position> batch;  // a centimetre outside: the rounding of a position leaves it open
    for (std::int64_t i = 0; i < 20; ++i) {
        const double lng = 21 + 0.01 * static_cast<double>(i);
        batch.push_back(flight(fix(60'000 * (i - 20), 10.0 - 1e-7, lng)));
    }
    const auto taken = take(live, batch, 0);
    EXPECT_EQ(taken.accepted, batch.size());
    std::set<std::string> entered;
    for (const Alert& one : taken.alerts) {
        if (one.kind == Kind::entered || one.kind == Kind::found_inside) entered.insert(one.zone);
    }
    EXPECT_EQ(entered.size(), 20u) << "what is not decided is told";
}

}  // namespace
}  // namespace entente::watch::test
