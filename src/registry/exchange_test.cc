// SPDX-License-Identifier: Apache-2.0
// What the register makes of others' logs (PROTOCOL 4, 8, 15 to 18, 25): small histories of one
// other party, with bodies that are open here in part.
#include <gtest/gtest.h>

#include "registry/exchange_for_test.h"

namespace entente::registry {
namespace {

using test::Exchange;
using test::joint_charter;
using test::Made;
using test::noon;
using test::Said;
namespace act = statement::act;

constexpr auto hour = std::chrono::hours(1);
constexpr unsigned head = 1, coarse = 3, exact = 5, withheld = 0;

std::vector<Instant> list(std::initializer_list<Instant> all) { return all; }

TEST(Finality, IsTheEarliestOfWhatHoldsTheEntry) {
    EXPECT_EQ(Finality().of({0}), std::nullopt);
    const Finality finality({{{10}, noon}, {{5}, noon - hour}, {{10}, noon + hour}, {{7}, noon}});
    EXPECT_EQ(finality.steps().size(), 2u) << "what says nothing new is not kept";
    EXPECT_EQ(finality.of({4}), noon - hour);
    EXPECT_EQ(finality.of({5}), noon);
    EXPECT_EQ(finality.of({9}), noon);
    EXPECT_EQ(finality.of({10}), std::nullopt);
    // Every set of steps, against a search through all of them.
    Rng rng(1);
    for (int round = 0; round < 200; ++round) {
        std::vector<Finality::Step> steps;
        for (std::uint64_t n = rng.below(8); n > 0; --n) {
            steps.push_back({{rng.below(6)}, noon + hour * static_cast<int>(rng.below(5))});
        }
        const Finality made(steps);
        for (std::uint64_t i = 0; i < 7; ++i) {
            std::optional<Instant> want;
            for (const auto& step : steps) {
                if (step.size.v > i) want = std::min(want.value_or(step.at), step.at);
            }
            EXPECT_EQ(made.of({i}), want) << round;
        }
    }
}

TEST(Joint, AWithdrawalActsOnlyWhenFinalAndAfterTheDelay) {
    Exchange e(joint_charter({"fr", "ru", "un"}, hour));
    e.say({.act = act::add});
    const Made end = e.say({.act = act::withdraw, .version = 2, .approvals = "o"});
    EXPECT_EQ(e.ends(), list({never, never})) << "nothing is final";
    EXPECT_EQ(e.record().versions[0].until, never);
    ASSERT_EQ(e.record().versions[0].ended_by.size(), 1u);
    EXPECT_EQ(e.record().versions[0].ended_by[0].index, end.position.index);
    const Hash before = e.settled().hash();
    e.final(end.position.index.v, noon + 3 * hour);
    EXPECT_EQ(e.ends()[0], never) << "the head before it is final";
    e.final(end.position.index.v + 1, noon + 3 * hour);
    EXPECT_EQ(e.ends()[0], noon + 4 * hour);
    EXPECT_EQ(e.settled().hash(), before) << "cosignatures are not in the hash";
}

TEST(Joint, FinalityTellsWhoseEndsChanged) {
    Exchange e;
    e.say({.act = act::add, .record = 0});
    e.say({.act = act::add, .record = 1});
    e.say({.act = act::withdraw, .record = 1, .version = 2, .approvals = "o"});
    e.registry().settle();
    e.final(100, noon);
    const auto slot = e.registry().snapshot().find(e.fr().id(1));
    EXPECT_EQ(e.registry().settle(), std::vector<Slot>({*slot}));
    e.final(200, noon);
    EXPECT_TRUE(e.registry().settle().empty()) << "it ended when it did";
}

TEST(Joint, WithoutSignaturesFinalityEndsNothing) {
    Exchange e(joint_charter({"fr", "ru", "un"}, hour, 2));
    e.say({.act = act::add});
    e.say({.act = act::withdraw, .version = 2, .approvals = "o"});
    e.final(100, noon);
    EXPECT_EQ(e.ends()[0], never) << "two officers are asked for";
    e.key(e.log(), e.fr(), 'p');
    e.say({.act = act::withdraw, .version = 3, .time = noon + hour, .approvals = "op"});
    EXPECT_EQ(e.ends()[0], noon + hour);
}

TEST(Joint, AStatementDatedAheadActsNoEarlierThanItSays) {
    Exchange e;
    e.say({.act = act::add});
    e.say({.act = act::withdraw, .version = 2, .time = noon + 30 * hour, .approvals = "o"});
    e.final(100, noon);
    EXPECT_EQ(e.ends()[0], noon + 30 * hour);
    e.say({.act = act::withdraw, .version = 3, .time = noon + 20 * hour, .approvals = "o"});
    EXPECT_EQ(e.ends()[0], noon + 20 * hour) << "the earliest of those that act";
}

TEST(Joint, OnesOwnWithdrawalWaitsForTheOthersToo) {
    Exchange e;
    for (const Said& said :
         {Said{.act = act::add}, Said{.act = act::withdraw, .version = 2, .approvals = "o"}}) {
        e.registry().apply(0, e.un().make(said).open());
    }
    EXPECT_EQ(e.settled().log(0).end_of(e.own_record().versions[0]), never);
    e.registry().set_finality(0, Finality({{TreeSize{9}, noon}}));
    EXPECT_EQ(e.settled().log(0).end_of(e.own_record().versions[0]), noon);
}

TEST(Joint, MassRelaxationIsLimitedPerLog) {
    auto charter = joint_charter({"fr", "ru", "un"});
    charter.terms.relaxations_min = 2;
    charter.terms.relaxations_percent = 0;
    Exchange e(charter);
    for (int i = 0; i < 4; ++i) e.say({.act = act::add, .record = i});
    e.registry().apply(0, e.un().make({.act = act::add}).open());
    e.registry().apply(0,
                       e.un().make({.act = act::withdraw, .version = 2, .approvals = "o"}).open());
    std::vector<Made> ends;
    for (int i = 0; i < 4; ++i) {
        ends.push_back(e.fr().make(
            {.act = act::withdraw, .record = i, .version = 2, .approvals = i == 3 ? "or" : "o"}));
    }
    // What comes last was said first: it takes its place, and the third falls out.
    for (const int i : {1, 2, 3}) e.hear(ends[static_cast<std::size_t>(i)]);
    EXPECT_EQ(e.record(2).versions[1].held, Held::no);
    e.hear(ends[0]);
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(e.record(i).versions[1].held, i == 2 ? Held::over_quota : Held::no) << i;
        EXPECT_EQ(e.record(i).versions[0].ended_by.empty(), i == 2) << i;
    }
    EXPECT_EQ(e.own_record().versions[1].held, Held::no) << "another log's limit";
}

TEST(Tier, BetterBodiesReplaceAndWorseOnesDoNot) {
    Exchange e;
    const Made made = e.say({.act = act::add}, head);
    EXPECT_EQ(e.state().unplaced, 1u) << "released, and shows no place";
    EXPECT_TRUE(e.record().versions[0].places.empty());
    e.hear(made, coarse);
    EXPECT_EQ(e.state().unplaced, 0u);
    EXPECT_TRUE(e.record().versions[0].coarse_only);
    e.hear(made, exact);
    EXPECT_FALSE(e.record().versions[0].coarse_only);
    const Hash hash = e.settled().hash();
    for (const unsigned slots : {head, coarse, withheld}) e.hear(made, slots);
    EXPECT_EQ(e.settled().hash(), hash);
    EXPECT_EQ(e.record().versions.size(), 1u);
}

TEST(Tier, ACoarseAreaNeverStandsForAnExactPlace) {
    Exchange e;
    e.say({.act = act::add, .radius_dm = 100}, exact);
    const Made second = e.say({.act = act::amend, .version = 2, .radius_dm = 200}, coarse);
    EXPECT_EQ(e.ends(), list({never, never})) << "an exact touch would become a mere caution";
    e.hear(second, exact);
    EXPECT_EQ(e.ends(), list({at_once, never}));
}

TEST(Tier, OneCoarseAreaStandsForAnother) {
    Exchange e;
    e.say({.act = act::add, .radius_dm = 100}, coarse);
    e.say({.act = act::amend, .version = 2, .radius_dm = 100}, coarse);
    EXPECT_EQ(e.ends(), list({at_once, never}));
}

TEST(Withheld, IsNoGapUnlessItsRecordIsKnown) {
    Exchange e;
    e.say({.act = act::add, .record = 5}, withheld);
    EXPECT_EQ(e.settled().unplaced(), 0u);
    EXPECT_EQ(e.settled().size(), 0u);
    e.say({.act = act::add});
    EXPECT_FALSE(e.record().newer_withheld);
    const Made second = e.say({.act = act::withdraw, .version = 2, .approvals = "o"}, withheld);
    EXPECT_TRUE(e.record().newer_withheld);
    e.final(100, noon);
    EXPECT_EQ(e.ends()[0], never) << "what is not shown ends nothing";
    e.hear(second, head);
    EXPECT_FALSE(e.record().newer_withheld);
    EXPECT_EQ(e.ends()[0], noon);
}

TEST(Withheld, IsSeenInWhateverOrderItComes) {
    Exchange e;
    const Made first = e.fr().make({.act = act::add});
    e.say({.act = act::amend, .version = 2}, withheld);
    e.hear(first);
    EXPECT_TRUE(e.record().newer_withheld);
}

TEST(Withheld, AGapIsTheSame) {
    Exchange e;
    e.say({.act = act::add});
    const Made second = e.say({.act = act::amend, .version = 2, .radius_dm = 500}, withheld);
    e.say({.act = act::amend, .version = 3, .radius_dm = 400});
    EXPECT_TRUE(e.record().newer_withheld);
    e.hear(second);
    EXPECT_FALSE(e.record().newer_withheld);
}

TEST(Withheld, WhoIsToldLateNeedNotKnowWhatWasBefore) {
    Exchange e;
    e.say({.act = act::add}, withheld);
    e.say({.act = act::amend, .version = 2});
    EXPECT_FALSE(e.record().newer_withheld);
}

TEST(Withheld, ATagUsedTwiceEndsNothingThoughItsTwinIsHidden) {
    Exchange e;
    e.say({.act = act::add});
    e.say({.act = act::withdraw, .version = 2, .approvals = "o"});
    e.final(100, noon);
    EXPECT_EQ(e.ends()[0], noon);
    e.say({.act = act::amend, .version = 2, .at = 3}, withheld);  // shown to somebody else
    EXPECT_EQ(e.ends()[0], never);
    EXPECT_EQ(e.record().versions[1].held, Held::tag_reused);
    EXPECT_TRUE(e.record().tag_reused);
    EXPECT_TRUE(e.record().newer_withheld);
}

TEST(Withheld, BothOfATagUsedTwiceProtect) {
    Exchange e;
    e.say({.act = act::add, .at = 0});
    e.say({.act = act::amend, .version = 2, .at = 1, .approvals = "o"});
    e.say({.act = act::amend, .version = 2, .at = 2, .approvals = "o"});
    e.final(100, noon);
    EXPECT_EQ(e.ends(), list({never, never, never}));
    EXPECT_FALSE(e.record().newer_withheld) << "all of them are open";
}

TEST(Unplaced, IsWhatWasReleasedAndShowsNothing) {
    Exchange e;
    e.say({.act = act::add, .record = 0, .spoil = "tag"});
    EXPECT_EQ(e.state().unplaced, 1u) << "void";
    e.say({.kind = "enclave", .act = act::add, .record = 1}, head);
    EXPECT_EQ(e.state().unplaced, 2u) << "of a kind unknown here, and no where";
    e.registry().note_sealed(0, e.un().position("own"), {});
    EXPECT_EQ(e.settled().log(0).unplaced, 1u) << "in one's own log what is unreadable";
    EXPECT_EQ(e.settled().unplaced(), 3u);
}

TEST(Kinds, AReceiptMakesNoRecord) {
    Exchange e;
    e.say({.kind = "receipt", .act = act::withdraw});
    EXPECT_EQ(e.settled().size(), 0u);
    EXPECT_EQ(e.settled().unplaced(), 0u);
    e.say({.kind = "receipt", .act = act::add, .record = 1});
    EXPECT_EQ(e.settled().size(), 1u) << "one that says that it protects is believed";
    e.say({.act = act::add, .record = 2});
    e.say({.kind = "receipt", .act = act::withdraw, .record = 2, .version = 2, .approvals = "o"});
    e.final(100, noon);
    EXPECT_EQ(e.ends(2), list({never, never})) << "and none ends a protection";
}

TEST(Kinds, ADealingMakesNoRecordUnlessItShowsAPlace) {
    Exchange e;
    e.say({.kind = "activity", .act = act::withdraw});
    EXPECT_EQ(e.settled().size(), 0u);
    EXPECT_EQ(e.settled().dealings().size(), 1u);
    EXPECT_EQ(e.settled().unplaced(), 0u);
    e.say({.kind = "activity", .act = act::add, .record = 1});
    EXPECT_EQ(e.settled().size(), 1u) << "one that says that it protects is believed";
    e.say({.kind = "activity", .act = act::add, .record = 2, .spoil = "says it protects nothing"});
    EXPECT_EQ(e.settled().size(), 2u) << "and one that does not, and has a where";
    EXPECT_FALSE(e.record(2).newest().places.empty());
    e.say({.act = act::add, .record = 3});
    e.say({.kind = "activity", .act = act::withdraw, .record = 3, .version = 2, .approvals = "o"});
    e.final(100, noon);
    EXPECT_EQ(e.ends(3), list({never})) << "and none ends a protection";
}

TEST(Fork, VoidsRelaxationsAfterTheCommonPartAndKeepsAdditions) {
    Exchange e;
    e.say({.act = act::add, .record = 0});
    e.say({.act = act::add, .record = 1});
    e.say({.act = act::withdraw, .record = 0, .version = 2, .approvals = "o"});
    const std::uint64_t common = e.fr().make({.act = act::add, .record = 9}).position.index.v;
    const Made end = e.say({.act = act::withdraw, .record = 1, .version = 2, .approvals = "or"});
    e.final(100, noon);
    EXPECT_EQ(e.ends(1)[0], noon);
    e.registry().fork(e.log(), {common});
    // The other branch has another entry where this one has its withdrawal.
    e.fr().skip_to(end.position.index.v);
    e.say({.act = act::add, .record = 2, .at = 4});
    EXPECT_EQ(e.ends(0)[0], noon) << "before the fork";
    EXPECT_EQ(e.ends(1)[0], never);
    EXPECT_EQ(e.record(1).versions[1].held, Held::forked);
    EXPECT_EQ(e.ends(2), list({never}));
    EXPECT_EQ(e.state().forked, TreeSize{common});
}

TEST(Fork, MoreMayTurnOutToBeCommonAndThenRelaxes) {
    Exchange e;
    e.say({.act = act::add, .record = 0});
    const Made end = e.say({.act = act::withdraw, .record = 0, .version = 2, .approvals = "o"});
    e.final(100, noon);
    e.registry().part_at(e.log(), {0});
    EXPECT_EQ(e.ends(0)[0], never) << "nothing is known to be common";
    e.registry().part_at(e.log(), {end.position.index.v + 1});
    EXPECT_EQ(e.ends(0)[0], noon);
    e.registry().fork(e.log(), {end.position.index.v});
    EXPECT_EQ(e.ends(0)[0], never) << "a fork that begins earlier counts";
}

TEST(Authority, GoesByIndexAndCanBeTakenBack) {
    const PublicKey o = test::key('o').public_key(), p = test::key('p').public_key();
    Authority authority(test::key('r').public_key(), 1);
    authority.enrol(o, {5}, {4});
    authority.revoke(o, {8}, {9});
    authority.enrol(o, {12}, {11});
    for (std::uint64_t i = 0; i < 15; ++i) {
        const bool is = (i >= 5 && i < 8) || i >= 12;
        EXPECT_EQ(authority.officers_approve({i}, std::vector{o}), is) << i;
        EXPECT_FALSE(authority.officers_approve({i}, std::vector{p})) << i;
    }
    EXPECT_FALSE(authority.root_approves(std::vector{o}));
    EXPECT_TRUE(authority.root_approves(std::vector{o, test::key('r').public_key()}));
    EXPECT_FALSE(Authority(o, 0).officers_approve({20}, {})) << "nobody is nobody";
}

TEST(Leave, MarksTheLog) {
    Exchange e;
    EXPECT_FALSE(e.state().author_left());
    e.registry().apply(e.log(), e.fr().position("leave"), statement::OpenEntry{"leave", {}});
    EXPECT_TRUE(e.state().author_left());
    const LogNumber stranger = e.registry().add_log({"joint/xx"}, PartyId{"xx"});
    EXPECT_TRUE(e.settled().log(stranger).author_left()) << "not in the charter any more";
    EXPECT_EQ(e.registry().add_log({"joint/xx"}, PartyId{"xx"}), stranger);
    EXPECT_EQ(e.registry().find_log({"joint/yy"}), std::nullopt);
}

statement::Charter with_budgets(std::int64_t records, std::int64_t area_km2,
                                std::int64_t extent_m) {
    auto charter = joint_charter({"fr", "ru", "un"});
    const auto hospital = static_cast<std::size_t>(statement::ProtectionClass::hospital);
    charter.terms.budget_records[hospital] = records;
    charter.terms.budget_area_km2[hospital] = area_km2;
    charter.terms.extent_m[hospital] = extent_m;
    return charter;
}

/// Which of the records 0 .. count-1 are over the budget.
std::vector<int> over(Exchange& e, int count) {
    std::vector<int> out;
    for (int i = 0; i < count; ++i) {
        if (e.record(i).over_budget) out.push_back(i);
    }
    return out;
}

TEST(Budget, WhatIsBeyondItInOrderOfTheLogIsFlagged) {
    Exchange e(with_budgets(2, 0, 0));
    std::vector<Made> made;
    for (int i = 0; i < 5; ++i) made.push_back(e.fr().make({.act = act::add, .record = i}));
    for (const int i : {4, 3, 1}) e.hear(made[static_cast<std::size_t>(i)]);
    EXPECT_TRUE(e.record(4).over_budget);
    for (const int i : {0, 2}) e.hear(made[static_cast<std::size_t>(i)]);
    EXPECT_EQ(over(e, 5), std::vector<int>({2, 3, 4}));
    e.say({.act = act::withdraw, .record = 0, .version = 2, .approvals = "o"});
    EXPECT_EQ(over(e, 5), std::vector<int>({3, 4})) << "what is about to end takes no room";
    e.say({.act = act::add, .record = 5, .class_name = "clinic"});
    EXPECT_FALSE(e.record(5).over_budget) << "another class";
    e.registry().apply(0, e.un().make({.act = act::add}).open());
    for (int i = 1; i < 4; ++i)
        e.registry().apply(0, e.un().make({.act = act::add, .record = i}).open());
    EXPECT_FALSE(e.own_record(3).over_budget) << "one's own have none";
}

TEST(Budget, CountsSurfaceWithBufferAndExtent) {
    // A hospital of 10 m with its buffer of 500 m: a box of 1,020 m by 1,020 m, 1.04 km².
    Exchange surface(with_budgets(0, 3, 0));
    for (int i = 0; i < 4; ++i) surface.say({.act = act::add, .record = i});
    EXPECT_EQ(over(surface, 4), std::vector<int>({2, 3}));
    Exchange extent(with_budgets(0, 0, 1'100));
    extent.say({.act = act::add, .record = 0});
    extent.say({.act = act::add, .record = 1, .radius_dm = 1'000});
    extent.say({.act = act::add, .record = 2, .radius_dm = 1'000}, coarse);
    EXPECT_EQ(over(extent, 3), std::vector<int>({1})) << "a coarse area's size says nothing";
}

std::vector<std::string> wrongs(Exchange& e) {
    std::vector<std::string> out;
    for (const Offence& one : e.state().offences->first) {
        out.push_back(std::to_string(one.index.v) + " " + name(one.code));
    }
    return out;
}

TEST(Offences, AreListedByEntry) {
    Exchange e;
    e.say({.act = act::add, .record = 0});                           // 1
    e.say({.act = act::add, .record = 1, .spoil = "tag"});           // 2
    e.say({.act = act::add, .record = 2, .spoil = "exact record"});  // 3
    e.say({.act = act::add, .record = 3, .spoil = "exact bytes"});   // 4: not the author's doing
    e.say({.act = act::add, .record = 4, .spoil = "coarse elsewhere"});
    e.say({.act = act::add, .record = 5, .spoil = "coarse other"});
    e.say({.act = act::add, .record = 6}, withheld);                   // 7
    e.say({.act = act::add, .record = 6, .at = 2}, withheld);          // 8
    e.registry().note_malformed(e.log(), e.fr().position("garbage"));  // 9
    EXPECT_EQ(wrongs(e), std::vector<std::string>({
                             "2 void_body",
                             "3 void_body",
                             "5 coarse_does_not_cover",
                             "6 coarse_not_opened",
                             "7 tag_reused",
                             "8 tag_reused",
                             "9 malformed_entry",
                         }));
    EXPECT_EQ(e.state().offences->total, 7u);
    EXPECT_EQ(e.ends(4), list({never})) << "the exact place protects";
    EXPECT_FALSE(e.record(4).versions[0].coarse_only);
    EXPECT_TRUE(e.registry().snapshot().log(0).offences->first.empty());
}

}  // namespace
}  // namespace entente::registry
