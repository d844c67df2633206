// SPDX-License-Identifier: Apache-2.0
// The fold as small histories: what is said, and what protects until when (PROTOCOL 4, 15, 17, 18,
// 20). Statements are made by hand here, so that they can be wrong in every way.
#include "registry/registry.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/sha256.h"
#include "geo/coarse.h"
#include "registry/history_for_test.h"

namespace entente::registry {
namespace {

using statement::Slot;
using test::History;
using test::noon;
using test::Said;
namespace act = statement::act;

constexpr auto hour = std::chrono::hours(1);

/// When each version stops protecting, in order of the log.
std::vector<Instant> untils(const History& history, int record = 0) {
    std::vector<Instant> out;
    for (const Version& version : history.record(record).versions) out.push_back(version.until);
    return out;
}

std::vector<Instant> list(std::initializer_list<Instant> all) { return all; }

TEST(Fold, WhatCoversReplacesAtOnce) {
    History h;
    h.say({.act = act::add, .radius_dm = 100});
    h.say({.act = act::amend, .version = 2, .radius_dm = 200});
    h.say({.act = act::confirm, .version = 3, .radius_dm = 200});
    EXPECT_EQ(untils(h), list({at_once, at_once, never}));
}

TEST(Fold, WhatShrinksWaits) {
    for (const Duration delay : {Duration(0), Duration(hour)}) {
        History h(delay);
        h.say({.act = act::add, .radius_dm = 200});
        h.say({.act = act::amend,
               .version = 2,
               .time = noon + 5 * hour,
               .radius_dm = 100,
               .approvals = "o"});
        EXPECT_EQ(untils(h), list({noon + 5 * hour + delay, never}));
    }
}

TEST(Fold, WithoutSignaturesARelaxationNeverActs) {
    History h(hour);
    h.say({.act = act::add, .radius_dm = 200});
    h.say({.act = act::amend, .version = 2, .radius_dm = 100});
    h.say({.act = act::withdraw, .version = 3});
    h.say({.act = act::withdraw, .version = 4, .approvals = "s"});  // a stranger's signature
    EXPECT_EQ(untils(h), list({never, never, at_once, never})) << "a withdrawal has no places";
}

TEST(Fold, AWithdrawalActsAfterTheDelay) {
    for (const Duration delay : {Duration(0), Duration(hour)}) {
        for (const char* by : {"o", "r"}) {
            History h(delay);
            h.say({.act = act::add});
            h.say({.act = act::withdraw, .version = 2, .time = noon + hour, .approvals = by});
            EXPECT_EQ(untils(h)[0], noon + hour + delay) << by;
        }
    }
}

TEST(Fold, ALaterAddedPlaceDoesNotUndoAWithdrawal) {
    History h;
    h.say({.act = act::add, .at = 0});
    h.say({.act = act::withdraw, .version = 2, .time = noon + hour, .approvals = "o"});
    h.say({.act = act::amend, .version = 3, .time = noon + 2 * hour, .at = 5});
    EXPECT_EQ(untils(h), list({noon + hour, at_once, never}));
}

TEST(Fold, AMovedSiteKeepsBothPlaces) {
    History h;
    h.say({.act = act::add, .at = 0});
    h.say({.act = act::amend, .version = 2, .at = 5, .earlier_at = 0});
    EXPECT_EQ(untils(h), list({at_once, never}));
    EXPECT_EQ(h.record().newest().places.size(), 2u);
    h.say({.act = act::confirm_move, .version = 3, .time = noon + hour, .at = 5});
    EXPECT_EQ(untils(h), list({at_once, never, never})) << "nobody signed the end of the old place";
    h.say({.act = act::confirm_move, .version = 4, .time = noon + hour, .at = 5, .approvals = "o"});
    EXPECT_EQ(untils(h), list({at_once, noon + hour, at_once, never}));
}

TEST(Fold, AWindowOrBandThatShrinksIsARelaxation) {
    History h;
    h.say({.act = act::add, .end = noon + 48 * hour});
    h.say({.act = act::amend, .version = 2, .end = noon + 24 * hour});
    EXPECT_EQ(untils(h), list({never, never}));
    h.say({.act = act::amend, .version = 3});
    EXPECT_EQ(untils(h), list({at_once, at_once, never}));
}

TEST(Fold, TwoOfficersAreTwoPeople) {
    History h(Duration(0), 2);
    h.say({.act = act::add});
    h.key('o', 0, 'r');  // the same officer enrolled a second time is still one
    h.say({.act = act::withdraw, .version = 2, .approvals = "oo"});
    EXPECT_EQ(untils(h)[0], never);
    h.key('p', 0, 'r');
    h.say({.act = act::withdraw, .version = 3, .approvals = "o"});
    EXPECT_EQ(untils(h)[0], never);
    h.say({.act = act::withdraw, .version = 4, .approvals = "op"});
    EXPECT_EQ(untils(h)[0], noon);
}

TEST(Fold, AKeyCountsOnlyFromItsIndexAndOnlyIfTheRootGaveIt) {
    History h;
    h.say({.act = act::add});
    h.key('p', 1000, 'r');
    h.key('s', 0, 's');  // signed by a stranger
    for (const char* by : {"p", "s"}) {
        const auto number = static_cast<std::uint32_t>(h.record().versions.size() + 1);
        h.say({.act = act::withdraw, .version = number, .approvals = by});
    }
    EXPECT_EQ(untils(h)[0], never);
    h.skip_to(1000);
    h.say({.act = act::withdraw, .version = 4, .approvals = "p"});
    EXPECT_EQ(untils(h)[0], noon);
}

TEST(Fold, AKeyIsNoRightOverWhatWasSaidBeforeIt) {
    History h;
    h.say({.act = act::add});
    h.say({.act = act::withdraw, .version = 2, .approvals = "p"});
    h.key('p', 0, 'r');
    EXPECT_EQ(untils(h)[0], never);
}

TEST(Fold, ATagUsedTwiceProtectsInAllItsVersions) {
    History h;
    h.say({.act = act::add, .radius_dm = 100});
    h.say({.act = act::amend, .version = 2, .radius_dm = 300});
    h.say({.act = act::amend, .version = 2, .radius_dm = 300, .at = 7});
    h.say({.act = act::withdraw, .version = 2, .approvals = "o"});
    EXPECT_EQ(untils(h), list({at_once, never, never, never}));
    h.say({.act = act::add, .version = 1, .radius_dm = 900, .at = 7});
    EXPECT_EQ(untils(h)[2], never) << "an older version that comes later ends nothing";
}

TEST(Fold, WhatIsNotUnderstoodProtectsAndEndsNothing) {
    History h;
    h.say({.act = act::add, .radius_dm = 100});
    h.say({.kind = "enclave", .act = act::amend, .version = 2, .radius_dm = 50, .approvals = "o"});
    EXPECT_EQ(untils(h), list({never, never}));
    EXPECT_FALSE(h.record().newest().understood);
    EXPECT_EQ(h.record().newest().places.size(), 2u) << "of the exact and of the coarse body";
    EXPECT_EQ(h.registry().snapshot().unplaced(), 0u);

    History other;
    other.say({.act = act::add, .radius_dm = 100});
    other.say({.act = "suspend", .version = 2, .radius_dm = 50, .approvals = "o"});
    EXPECT_EQ(untils(other), list({never, never})) << "an act that nobody here knows";
}

TEST(Fold, WithoutAPlaceItIsCounted) {
    History h;
    h.say({.kind = "enclave", .act = act::add, .bodies = 0});
    EXPECT_EQ(h.registry().snapshot().unplaced(), 1u);
    EXPECT_FALSE(h.record().newest().understood);
    h.say({.act = act::withdraw, .version = 2, .approvals = "o"});
    EXPECT_EQ(h.registry().snapshot().unplaced(), 1u) << "a withdrawal needs no place";
}

TEST(Fold, OnlyTheCoarseBodyOpenProtectsItsArea) {
    History h;
    h.say({.act = act::add, .bodies = 1});
    const Version& version = h.record().newest();
    EXPECT_TRUE(version.coarse_only);
    ASSERT_EQ(version.places.size(), 1u);
    EXPECT_EQ(version.places[0].reach().v, 0) << "the area holds buffer and accuracy already";
    EXPECT_EQ(h.registry().snapshot().unplaced(), 0u);
}

TEST(Fold, InvalidGeometryProtectsItsPaddedBox) {
    const geo::Ring crossing{{{0, 0}, {10'000, 10'000}, {10'000, 0}, {0, 10'000}}, geo::Pole::none};
    geo::Place place;
    place.volume.shape = geo::Area{{{crossing, {}}}};
    place.volume.band = {10, 5, geo::AltitudeReference::w84};  // reversed: all heights
    place.volume.window = {noon, noon - hour};                 // reversed: always
    place.buffer = Decimetres{-100};                           // no buffer: the class's default
    place.accuracy = Decimetres{std::int64_t{1} << 52};        // more than any: the limit
    History h;
    h.say({.act = act::add, .where = {{place}}});
    ASSERT_EQ(h.record().newest().places.size(), 1u);
    const Reached& got = h.record().newest().places[0];
    EXPECT_TRUE(geo::validate(got.place.volume));
    EXPECT_EQ(got.place.volume.band, geo::Band{});
    EXPECT_EQ(got.place.volume.window, geo::Window{});
    EXPECT_EQ(got.buffer.v, 500) << "hospital";
    EXPECT_EQ(got.accuracy.v, 100'000);
    EXPECT_TRUE(geo::area_covers(std::get<geo::Area>(got.place.volume.shape),
                                 geo::Circle{{5'000, 5'000}, {0}}, {0}));
}

TEST(Fold, AShapeWithoutAnyPointIsAPlaceNobodyKnows) {
    for (const geo::Shape& shape : {geo::Shape(geo::Area{}), geo::Shape(geo::Corridor{})}) {
        geo::Place place;
        place.volume.shape = shape;
        History h;
        h.say({.act = act::add, .where = {{place}}});
        EXPECT_TRUE(h.record().newest().places.empty());
        EXPECT_FALSE(h.record().newest().understood);
        EXPECT_EQ(h.registry().snapshot().unplaced(), 1u);
        h.say({.act = act::add, .where = {{place, test::circle_at(3, 100)}}});
        EXPECT_EQ(h.registry().snapshot().unplaced(), 2u) << "one of two places is unknown";
    }
}

TEST(Fold, AnUnknownClassReachesAsFarAsAny) {
    History h;
    h.say({.act = act::add, .class_name = "moon_base"});
    EXPECT_FALSE(h.record().newest().understood);
    EXPECT_EQ(h.record().newest().places.back().buffer.v, 2000) << "nuclear has the largest";
}

TEST(Void, BodiesThatAreNotTheEntrysOwn) {
    struct Case {
        const char* name;
        Said said;
        bool head;  // whether the head still counts
    };
    const Case table[] = {
        {"head other bytes", {.act = act::add, .spoil = "head bytes"}, false},
        {"head other origin", {.act = act::add, .spoil = "origin"}, false},
        {"head other charter", {.act = act::add, .spoil = "charter"}, false},
        {"record id not from the secret", {.act = act::add, .spoil = "record"}, false},
        {"tag of another version", {.act = act::add, .spoil = "tag"}, false},
        {"exact other bytes", {.act = act::add, .spoil = "exact bytes"}, true},
        {"exact of another record", {.act = act::add, .spoil = "exact record"}, true},
        {"exact of another version", {.act = act::add, .spoil = "exact version"}, true},
        {"exact in the coarse slot", {.act = act::add, .spoil = "exact slot"}, true},
    };
    for (const Case& one : table) {
        History h;
        const Understood u = h.make(one.said);
        EXPECT_FALSE(u.faults.empty()) << one.name;
        EXPECT_EQ(u.head.has_value(), one.head) << one.name;
        EXPECT_EQ(u.content, nullptr) << one.name;
        h.apply(u);
        if (!one.head) {
            EXPECT_EQ(h.registry().snapshot().size(), 0u) << one.name;
            EXPECT_EQ(h.registry().snapshot().unplaced(), 1u) << one.name;
        } else {
            EXPECT_FALSE(h.record().newest().understood) << one.name;
        }
    }
    History h;
    const Understood sound = h.make({.act = act::add});
    EXPECT_TRUE(sound.faults.empty());
    EXPECT_TRUE(sound.coarse_opens);
}

TEST(Limit, MassRelaxationNeedsTheRoot) {
    History h(Duration(0), 1, 3);
    for (int i = 0; i < 6; ++i) h.say({.act = act::add, .record = i});
    for (int i = 0; i < 4; ++i) {
        h.say({.act = act::withdraw, .record = i, .version = 2, .approvals = "o"});
    }
    for (int i = 0; i < 3; ++i) EXPECT_EQ(untils(h, i)[0], noon) << i;
    EXPECT_EQ(untils(h, 3)[0], never) << "more than three within a day";
    h.say({.act = act::withdraw, .record = 4, .version = 2, .approvals = "or"});
    EXPECT_EQ(untils(h, 4)[0], noon) << "the root signed";
    h.say({.act = act::withdraw,
           .record = 5,
           .version = 2,
           .time = noon + 24 * hour,
           .approvals = "o"});
    EXPECT_EQ(untils(h, 5)[0], noon + 24 * hour) << "a day later";
    // What grows or covers is no relaxation and needs nobody.
    h.say({.act = act::amend, .record = 3, .version = 3, .radius_dm = 9000});
    EXPECT_EQ(untils(h, 3), list({at_once, at_once, never}));
}

TEST(Limit, AShareOfTheRecordsIsAllowedWhereThatIsMore) {
    History h(Duration(0), 1, 0, 50);
    for (int i = 0; i < 4; ++i) h.say({.act = act::add, .record = i});
    for (int i = 0; i < 4; ++i) {
        h.say({.act = act::withdraw, .record = i, .version = 2, .approvals = "o"});
    }
    EXPECT_EQ(untils(h, 1)[0], noon);
    EXPECT_EQ(untils(h, 2)[0], never);
}

// PROTOCOL 20, for one record: whatever the order of arrival, the same register.
TEST(Order, OfVersionsDoesNotMatter) {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        Rng rng(seed);
        std::vector<Understood> all;
        History source(hour);
        const std::uint64_t count = 2 + rng.below(6);
        for (std::uint32_t n = 1; n <= count; ++n) {
            const char* acts[] = {act::amend, act::amend, act::withdraw, "suspend"};
            const char* by[] = {"", "o", "r"};
            all.push_back(
                source.make({.act = n == 1 ? act::add : acts[rng.below(4)],
                             .version = rng.below(6) == 0 ? std::max(1u, n - 1) : n,
                             .time = noon + static_cast<int>(rng.below(50)) * hour,
                             .radius_dm = static_cast<std::int64_t>(1 + rng.below(4)) * 100,
                             .at = static_cast<int>(rng.below(2)),
                             .bodies = rng.below(5) == 0 ? 1 : 2,
                             .approvals = by[rng.below(3)]}));
            source.apply(all.back());
        }
        const Hash hash = source.registry().snapshot().hash();
        for (int permutation = 0; permutation < 20; ++permutation) {
            for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[rng.below(i)]);
            History other(hour);
            for (const Understood& u : all) other.apply(u);
            EXPECT_EQ(other.registry().snapshot().hash(), hash) << seed;
        }
        // And any repetition.
        History again(hour);
        for (const Understood& u : all) again.apply(u);
        for (const Understood& u : all) again.apply(u);
        EXPECT_EQ(again.registry().snapshot().hash(), hash) << "repeated, " << seed;
    }
}

TEST(Snapshot, StaysAsItWasAndHashesWhatMatters) {
    History h;
    h.say({.act = act::add});
    const Snapshot before = h.registry().snapshot();
    const Hash hash = before.hash();
    h.say({.act = act::withdraw, .version = 2, .approvals = "o"});
    EXPECT_EQ(before.at(0).versions.size(), 1u);
    EXPECT_EQ(before.hash(), hash);
    EXPECT_NE(h.registry().snapshot().hash(), hash);
    const Snapshot two = h.registry().snapshot();
    h.say({.act = act::add, .record = 1, .spoil = "tag"});  // void: nothing but a count
    EXPECT_NE(h.registry().snapshot().hash(), two.hash()) << "what makes answers incomplete";
    for (int i = 2; i < 1100; ++i) h.say({.act = act::add, .record = i});
    EXPECT_EQ(two.size(), 1u);
    EXPECT_EQ(h.registry().snapshot().size(), 1099u);
    EXPECT_EQ(h.registry().snapshot().find(RecordId{}), std::nullopt);
}

}  // namespace
}  // namespace entente::registry
