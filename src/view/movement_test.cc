// SPDX-License-Identifier: Apache-2.0
// Movements in the register: a leg that has ended stops protecting as soon as that is final, what
// is amended or cancelled after the delay, and what was not ended protects for a day.
#include <gtest/gtest.h>

#include <algorithm>

#include "registry/history_for_test.h"
#include "view/view.h"

namespace entente::view {
namespace {

using registry::at_once;
using registry::never;
using registry::Understood;
using statement::Leg;
namespace test = registry::test;
using test::History;
using test::noon;
using test::Said;

constexpr auto hour = std::chrono::hours(1);
constexpr auto delay = std::chrono::minutes(60);

geo::Place line_at(int at) {
    geo::Place out;
    out.volume.shape = geo::Corridor{{{at * 1'000'000, 0}, {at * 1'000'000, 2'000'000}}, {500}};
    return out;
}

/// Leg n runs at place n, from n - 1 to n hours past noon.
Leg leg(std::uint32_t number) {
    Leg out;
    out.number = number;
    out.window = {noon + hour * (number - 1), noon + hour * number};
    return out;
}

Said movement(const char* act, std::uint32_t version, std::vector<Leg> legs,
              const std::string& approvals = {}) {
    Said out;
    out.kind = "movement";
    out.act = act;
    out.version = version;
    out.time = noon + std::chrono::minutes(version);
    out.approvals = approvals;
    out.class_name = "relief";
    out.where.emplace();
    for (const Leg& one : legs) {
        out.where->push_back(place_of(one, line_at(static_cast<int>(one.number))));
    }
    out.legs = std::move(legs);
    return out;
}

Leg started(Leg one, Instant at) {
    one.started = at;
    return one;
}

view::Seen seen(const History& history) { return {history.registry().snapshot(), 0}; }

std::size_t places_at(const History& history, Instant now) {
    return seen(history).places(now).size();
}

TEST(Movement, ALegThatHasEndedStopsProtectingAtOnce) {
    History h(delay);
    h.say(movement("add", 1, {leg(1), leg(2)}));
    h.say(movement("start", 2, {started(leg(1), noon), leg(2)}));
    ASSERT_TRUE(h.record().newest().understood);
    EXPECT_EQ(h.record().versions[0].until, at_once) << "a start protects all that there was";
    h.say(movement("end", 3, {leg(2)}, "o"));
    EXPECT_EQ(h.record().versions[1].until, noon + std::chrono::minutes(3));
    EXPECT_EQ(places_at(h, noon + std::chrono::minutes(3)), 1u);
    h.say(movement("start", 4, {started(leg(2), noon)}));
    h.say(movement("end", 5, {}, "o"));
    EXPECT_EQ(places_at(h, noon + std::chrono::minutes(5)), 0u);
    EXPECT_EQ(seen(h).state(noon + hour), view::State::withdrawn);
}

TEST(Movement, WithoutEnoughSignaturesAnEndedLegProtectsOnAndIsNotCalledEnded) {
    History h(delay);
    h.say(movement("add", 1, {started(leg(1), noon), leg(2)}));
    h.say(movement("end", 2, {leg(2)}));
    EXPECT_EQ(h.record().versions[0].until, never);
    EXPECT_EQ(seen(h).legs()[0].state(noon), LegState::under_way);
}

TEST(Movement, WhatIsAmendedOrCancelledWaitsTheDelay) {
    for (const char* act : {"amend", "cancel"}) {
        SCOPED_TRACE(act);
        History h(delay);
        h.say(movement("add", 1, {leg(1), leg(2)}));
        h.say(movement(
            act, 2, std::string(act) == "amend" ? std::vector{leg(2)} : std::vector<Leg>{}, "o"));
        EXPECT_EQ(h.record().versions[0].until, noon + std::chrono::minutes(2) + delay);
    }
}

TEST(Movement, AnEndSaidAfterAnAmendmentDoesNotHastenIt) {
    History h(delay);
    const Leg first = started(leg(1), noon);
    h.say(movement("add", 1, {first, leg(2), leg(3)}));
    h.say(movement("amend", 2, {first, leg(2)}, "o"));
    h.say(movement("end", 3, {leg(2)}, "o"));
    // Leg 3 was taken out, and has not ended.
    EXPECT_EQ(h.record().versions[0].until, noon + std::chrono::minutes(2) + delay);
    EXPECT_EQ(h.record().versions[1].until, noon + std::chrono::minutes(3));
}

/// What an end of leg 1 may not do in passing. Each is signed, and waits the delay.
TEST(Movement, AnEndThatTakesMoreThanALegThatHadStartedIsNotPrompt) {
    const Leg first = started(leg(1), noon);
    const auto until = [&](const std::vector<Leg>& before, Said end) {
        History h(delay);
        Said add = movement("add", 1, before);
        for (geo::Place& place : *add.where) place.buffer = Decimetres{50'000};
        h.say(add);
        end.version = 2;
        end.approvals = "o";
        h.say(end);
        EXPECT_TRUE(h.record().newest().understood);
        return h.record().versions[0].until;
    };
    const auto end_of = [&](std::vector<Leg> legs) {
        Said out = movement("end", 2, std::move(legs));
        for (geo::Place& place : *out.where) place.buffer = Decimetres{50'000};
        return out;
    };
    const Instant at = noon + std::chrono::minutes(2);
    EXPECT_EQ(until({first, leg(2)}, end_of({leg(2)})), at) << "as it should be";
    EXPECT_EQ(until({leg(1), leg(2)}, end_of({leg(2)})), at + delay) << "it had not started";
    EXPECT_EQ(until({first, started(leg(2), noon), leg(3)}, end_of({leg(3)})), at + delay)
        << "two at once";
    EXPECT_EQ(until({first, leg(2)}, end_of({})), at + delay) << "one that had not started";
    Leg shorter = leg(2);
    shorter.window.end = noon + std::chrono::minutes(90);
    EXPECT_EQ(until({first, leg(2)}, end_of({shorter})), at + delay);
    Said narrower = end_of({leg(2)});
    std::get<geo::Corridor>(narrower.where->front().volume.shape).half_width = Decimetres{1};
    EXPECT_EQ(until({first, leg(2)}, narrower), at + delay);
    Said no_buffer = end_of({leg(2)});
    no_buffer.where->front().buffer = Decimetres{0};
    EXPECT_EQ(until({first, leg(2)}, no_buffer), at + delay);
    Said lower = end_of({leg(2)});
    lower.where->front().volume.band.upper = 100;
    EXPECT_EQ(until({first, leg(2)}, lower), at + delay);
    Said elsewhere = end_of({leg(2)});
    elsewhere.where->front().volume.shape = line_at(7).volume.shape;
    EXPECT_EQ(until({first, leg(2)}, elsewhere), at + delay);
}

TEST(Movement, AStrangersLineThatIsNoneHastensNothing) {
    for (std::size_t points : {0u, 1u}) {
        SCOPED_TRACE(points);
        Said end = movement("end", 2, {leg(2)}, "o");
        auto& line = std::get<geo::Corridor>(end.where->front().volume.shape);
        line.line.assign(points, geo::LatLng{0, 0});
        line.half_width = Decimetres{9'000'000};
        History its(delay);
        its.say(movement("add", 1, {started(leg(1), noon), leg(2)}));
        its.say(end);
        EXPECT_NE(its.record().versions[0].until, noon + std::chrono::minutes(2));
    }
}

TEST(Movement, WhatCameBetweenAndIsNotOpenMayHaveBeenAnAmendment) {
    History h(delay);
    h.say(movement("add", 1, {started(leg(1), noon), leg(2)}));
    h.say(movement("end", 3, {leg(2)}, "o"));
    EXPECT_EQ(h.record().versions[0].until, noon + std::chrono::minutes(3) + delay);
}

TEST(Movement, NothingOnARoadEndsAHouse) {
    History h(delay);
    h.say({});
    Said end = movement("end", 2, {}, "o");
    h.say(end);
    EXPECT_EQ(h.record().versions[0].until, never);
    EXPECT_TRUE(seen(h).places(noon + hour).size() == 1);
    Said house;  // nor the other way round
    house.act = "withdraw";
    house.version = 2;
    house.record = 1;
    house.approvals = "o";
    Said convoy = movement("add", 1, {leg(1)});
    convoy.record = 1;
    h.say(convoy);
    h.say(house);
    EXPECT_EQ(h.record(1).versions[0].until, never);
}

TEST(Movement, AnActOfAnotherKindIsNotUnderstoodAndEndsNothing) {
    for (const char* act : {"withdraw", "confirm_move", "confirm", "unheard_of"}) {
        SCOPED_TRACE(act);
        History h(delay);
        h.say(movement("add", 1, {leg(1), leg(2)}));
        h.say(movement(act, 2, {leg(2)}, "o"));
        EXPECT_EQ(h.record().versions[0].until, never);
        EXPECT_FALSE(h.record().newest().understood);
    }
}

TEST(Movement, ItsKindAndItsLegsSayTheSame) {
    History h(delay);
    Said as_place = movement("add", 1, {leg(1)});
    as_place.kind = "protection";
    h.say(as_place);
    EXPECT_FALSE(h.record().newest().understood);
    EXPECT_EQ(places_at(h, noon), 2u) << "its place and its area protect all the same";
    Said as_movement;
    as_movement.kind = "movement";
    as_movement.record = 1;
    h.say(as_movement);
    EXPECT_FALSE(h.record(1).newest().understood);
}

TEST(Movement, OnlyItsCoarseBodyOpenProtectsItsArea) {
    History h(delay);
    Said coarse = movement("add", 1, {leg(1)});
    coarse.bodies = 1;
    h.say(coarse);
    EXPECT_TRUE(h.record().newest().understood);
    EXPECT_TRUE(h.record().newest().coarse_only);
    EXPECT_TRUE(seen(h).legs().empty());
}

TEST(Legs, StandAsTheirVersionsSay) {
    History h(delay);
    h.say(movement("add", 1, {leg(1), leg(2), leg(3)}));
    h.say(movement("start", 2, {started(leg(1), noon - hour), leg(2), leg(3)}));
    Leg later = leg(2);
    later.window.end = noon + 4 * hour;
    h.say(movement("amend", 3, {started(leg(1), noon - hour), later}, "o"));
    h.say(movement("end", 4, {later}, "o"));
    const view::View view(h.registry().snapshot(), {PartyId{"fr"}});
    const auto legs = view.at(0).legs();
    ASSERT_EQ(legs.size(), 3u);
    EXPECT_EQ(legs[0].since, 2u) << "it set out earlier than anybody was told";
    EXPECT_TRUE(legs[0].early());
    EXPECT_EQ(legs[0].ended, noon + std::chrono::minutes(4));
    EXPECT_EQ(legs[0].state(noon + hour), LegState::ended);
    EXPECT_EQ(legs[1].since, 3u) << "an amended leg is another one to those who were told";
    EXPECT_EQ(legs[2].state(noon), LegState::taken_out);
    EXPECT_FALSE(legs[0].over(noon + hour)) << "the version before the amendment states it too";
    EXPECT_FALSE(legs[2].over(noon + hour)) << "it protects until the amendment acts";
    EXPECT_TRUE(legs[2].over(noon + hour + std::chrono::minutes(3)));
}

TEST(Legs, AreLateOverdueOrUnderWayByTheMomentAsked) {
    History h(delay);
    h.say(movement("add", 1, {leg(2)}));
    const auto state = [&](Instant now) { return seen(h).legs()[0].state(now); };
    EXPECT_EQ(state(noon), LegState::planned);
    EXPECT_EQ(state(noon + hour), LegState::late);
    EXPECT_EQ(state(noon + 2 * hour), LegState::overdue);
    EXPECT_EQ(state(noon + 26 * hour), LegState::lapsed);
    h.say(movement("start", 2, {started(leg(2), noon + hour)}));
    EXPECT_EQ(state(noon + hour), LegState::under_way);
    EXPECT_EQ(state(noon + 2 * hour), LegState::overdue);
}

TEST(Legs, AreNotOverWhileAnEarlierVersionProtects) {
    History h(delay);
    const Instant now = noon + 26 * hour + std::chrono::minutes(2);
    h.say(movement("add", 1, {leg(5)}));
    Said amend = movement("amend", 2, {leg(2)}, "o");
    amend.legs[0].number = 5;
    amend.time = now;  // it arrived early, and stopped protecting two minutes ago
    h.say(amend);
    const auto now_legs = seen(h).legs();
    EXPECT_EQ(now_legs[0].state(now), LegState::lapsed);
    EXPECT_FALSE(now_legs[0].over(now)) << "until the amendment acts";
    EXPECT_FALSE(now_legs[0].over(now + delay - std::chrono::milliseconds(1)));
    EXPECT_EQ(places_at(h, now), 2u);
    EXPECT_TRUE(now_legs[0].over(now + delay));
    EXPECT_FALSE(seen(h).legs()[0].over(noon)) << "its hours are still to come";
}

/// The hash of each order in which these arrive; all of them are the same.
Hash hash_of_all_orders(const std::vector<Said>& all) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < all.size(); ++i) order.push_back(i);
    std::optional<Hash> hash;
    do {
        History h(delay);
        std::vector<Understood> made;
        for (const Said& said : all) made.push_back(h.make(said));
        for (const std::size_t i : order) h.apply(made[i]);
        const Hash now = h.registry().snapshot().hash();
        EXPECT_EQ(hash.value_or(now), now);
        hash = now;
    } while (std::next_permutation(order.begin(), order.end()));
    return *hash;
}

TEST(Legs, ComeOutTheSameInWhateverOrderVersionsCame) {
    const Leg first = started(leg(1), noon), second = started(leg(2), noon);
    const Hash plain = hash_of_all_orders(
        {movement("add", 1, {leg(1), leg(2)}), movement("start", 2, {first, leg(2)}),
         movement("end", 3, {leg(2)}, "o"), movement("cancel", 4, {}, "o")});
    // Numbers that do not follow the order of the log, or stand twice, as a liar gives them.
    const Said add = movement("add", 1, {first, second, leg(3)});
    const Hash swapped = hash_of_all_orders({add, movement("end", 3, {leg(3)}, "o"),
                                             movement("end", 2, {second, leg(3)}, "o"),
                                             movement("cancel", 4, {}, "o")});
    const Hash twice = hash_of_all_orders({add, movement("end", 2, {second, leg(3)}, "o"),
                                           movement("start", 2, {first, second, leg(3)}),
                                           movement("end", 4, {leg(3)}, "o")});
    EXPECT_NE(plain, swapped);
    EXPECT_NE(swapped, twice);
}

}  // namespace
}  // namespace entente::view
