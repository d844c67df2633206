// SPDX-License-Identifier: Apache-2.0
// Objections in the register: they act at once, are lifted as slowly as anything is relaxed, end
// nothing that is protected, and take nothing of a budget.
#include <gtest/gtest.h>

#include "registry/budget.h"
#include "registry/exchange_for_test.h"

namespace entente::registry {
namespace {

using test::Exchange;
using test::joint_charter;
using test::noon;
using test::Said;

constexpr auto hour = std::chrono::hours(1);

Said objection(const char* act, std::uint32_t version, const std::string& approvals = {},
               std::int64_t radius_dm = 100) {
    Said out;
    out.kind = "objection";
    out.act = act;
    out.version = version;
    out.approvals = approvals;
    out.radius_dm = radius_dm;
    out.class_name = "other";
    out.grounds = "a clinic moves there";
    return out;
}

TEST(Objections, AreLiftedOnlyWhenThatIsSignedFinalAndItsDelayHasPassed) {
    for (const bool signs : {true, false}) {
        Exchange e(joint_charter({"fr", "ru", "un"}, hour));
        e.say(objection("add", 1));
        ASSERT_TRUE(e.record().newest().objects());
        e.say(objection("lift", 2, signs ? "o" : ""));
        ASSERT_TRUE(e.record().newest().objects());
        EXPECT_EQ(e.ends().front(), never);
        e.final(100, noon + 5 * hour);
        EXPECT_EQ(e.ends().front(), signs ? noon + 6 * hour : never);
    }
}

TEST(Objections, GrowAtOnceAndShrinkAsSlowlyAsAnything) {
    Exchange e(joint_charter({"fr", "ru", "un"}, hour));
    e.say(objection("add", 1));
    e.say(objection("amend", 2, "", 300));
    EXPECT_EQ(e.ends(), (std::vector<Instant>{at_once, never}));
    e.say(objection("amend", 3, "o", 200));
    EXPECT_EQ(e.ends(), (std::vector<Instant>{at_once, never, never}));
    e.final(100, noon);
    EXPECT_EQ(e.ends(), (std::vector<Instant>{at_once, noon + hour, never}));
}

TEST(Objections, EndNothingThatIsProtectedAndNoProtectionEndsOne) {
    for (const bool first : {true, false}) {
        SCOPED_TRACE(first);
        Exchange e;
        Said place;
        place.radius_dm = 200;
        place.approvals = "o";
        place.version = first ? 1 : 2;
        place.act = first ? "add" : "amend";
        Said objects = objection(first ? "amend" : "add", first ? 2 : 1, "o", 200);
        e.say(first ? place : objects);
        e.say(first ? objects : place);
        e.say(objection("lift", 3, "o"));
        e.final(100, noon);
        ASSERT_TRUE(e.record().versions[first ? 1 : 0].objects());
        EXPECT_EQ(e.ends()[first ? 0 : 1], never) << "what is lifted is the objection";
        EXPECT_EQ(e.ends()[first ? 1 : 0], noon);
    }
}

TEST(Objections, AWithdrawalLiftsNoneAndLiftingWithdrawsNothing) {
    Exchange e;
    Said withdraw = objection("withdraw", 2, "o");
    e.say(objection("add", 1));
    e.say(withdraw);
    e.say({.record = 1, .at = 3});
    e.say({.act = "lift", .record = 1, .version = 2, .approvals = "o"});
    e.final(100, noon);
    for (const int record : {0, 1}) {
        EXPECT_EQ(e.ends(record).front(), never);
        EXPECT_FALSE(e.record(record).newest().understood);
    }
}

TEST(Objections, WhatIsNotUnderstoodOfOneMayBeMoreAndEndsAsARelaxationAlone) {
    Exchange e(joint_charter({"fr", "ru", "un"}, hour));
    Said odd = objection("add", 1);
    odd.grounds.clear();  // its body says a protection
    e.say(odd);
    EXPECT_FALSE(e.record().newest().objects());
    e.say(objection("amend", 2));
    ASSERT_TRUE(e.record().newest().objects());
    EXPECT_EQ(e.ends().front(), never) << "nobody signed that it is only an objection";
    e.say(objection("lift", 3, "o"));
    e.final(100, noon);
    EXPECT_EQ(e.ends(), (std::vector<Instant>{noon + hour, noon + hour, never}));
}

TEST(Objections, ASuccessorLogStatesOneOnceMoreAndNeverAProtectionAsOne) {
    Exchange e;
    test::Teller next("fr/2", "joint");
    const LogNumber log = e.registry().add_log(next.origin(), PartyId{"fr"});
    e.say(objection("add", 1));
    e.say({.record = 1, .at = 3, .class_name = "other"});
    const auto restate = [&](int record, int by, int at) {
        Said said = objection("add", 1);
        said.record = by;
        said.at = at;
        said.was = e.fr().id(record);
        e.registry().apply(log, next.make(said).open());
    };
    restate(0, 5, 0);
    restate(1, 6, 3);
    EXPECT_EQ(e.ends(0).front(), at_once);
    EXPECT_EQ(e.ends(1).front(), never);
}

TEST(Objections, TakeNothingOfABudgetAndAreNeverOverIt) {
    statement::Charter charter = joint_charter({"fr", "ru", "un"});
    const auto other = static_cast<std::size_t>(statement::ProtectionClass::other);
    charter.terms.budget_records[other] = 1;
    charter.terms.budget_area_km2[other] = 100;
    charter.terms.extent_m[other] = 10'000;
    Exchange e(charter);
    for (int record = 0; record < 4; ++record) {
        Said said = objection("add", 1, "", 1'000'000);
        said.record = record;
        e.say(said);
    }
    Said place;
    place.class_name = "other";
    place.radius_dm = 10;
    place.record = 4;
    place.at = 3;
    e.say(place);
    for (int record = 0; record < 5; ++record) EXPECT_FALSE(e.record(record).over_budget);
    place.record = 5;
    e.say(place);
    EXPECT_TRUE(e.record(5).over_budget) << "the budget is there";
    // Of a record that says both, the place counts.
    Said both = place;
    both.record = 0;
    both.version = 2;
    both.act = "amend";
    e.say(both);
    EXPECT_TRUE(use_of(e.record(0)).protects.counts);
}

}  // namespace
}  // namespace entente::registry
