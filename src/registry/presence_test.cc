// SPDX-License-Identifier: Apache-2.0
// Where groups are, in the register: as a protection, but what is said of another group, or vouched
// for by another party, ends nothing at once.
#include <gtest/gtest.h>

#include "registry/exchange_for_test.h"

namespace entente::registry {
namespace {

using test::Exchange;
using test::joint_charter;
using test::noon;
using test::Said;

constexpr auto hour = std::chrono::hours(1);

statement::Presence of_group(const std::string& name, const char* sponsor = nullptr) {
    statement::Presence out{statement::record_id({"joint/ru"}, sha256(name)), {}, {'B', '2'}};
    if (sponsor != nullptr) out.sponsor = PartyId{sponsor};
    return out;
}

Said presence(const char* act, std::uint32_t version, const statement::Presence& of,
              const char* approvals = "") {
    Said out;
    out.kind = statement::presence_kind;
    out.act = act;
    out.version = version;
    out.approvals = approvals;
    if (std::string(act) != "withdraw") out.presence = of;
    return out;
}

TEST(Presences, AreRecordsOfTheirOwnSort) {
    Exchange e;
    e.say(presence("add", 1, of_group("one")));
    const Version& said = e.record().newest();
    EXPECT_TRUE(said.understood);
    EXPECT_EQ(said.sort, Sort::presence);
    EXPECT_EQ(said.until, never);
    EXPECT_FALSE(said.objects());
    EXPECT_EQ(said.content->protection.presence, of_group("one"));
}

TEST(Presences, WhatSaysNoGroupIsNotUnderstoodAndProtects) {
    Exchange e;
    e.say({.kind = statement::presence_kind});  // its body says a protection
    EXPECT_FALSE(e.record().newest().understood);
    EXPECT_EQ(e.record().newest().places.size(), 2u) << "its area and its place";
    EXPECT_EQ(e.ends().front(), never);
}

TEST(Presences, TheSameGroupIsAmendedAtOnceAndWithdrawnSlowly) {
    Exchange e(joint_charter({"fr", "ru", "un"}, hour));
    e.say(presence("add", 1, of_group("one", "ru")));
    Said wider = presence("amend", 2, of_group("one", "ru"));
    wider.presence->grade = {'F', '6'};
    wider.radius_dm = 300;
    e.say(wider);
    EXPECT_EQ(e.ends().front(), at_once);
    e.say(presence("withdraw", 3, {}, "o"));
    EXPECT_EQ(e.ends()[1], never);
    e.final(100, noon);
    EXPECT_EQ(e.ends()[1], noon + hour);
}

TEST(Presences, AnotherGroupOrSponsorEndsNothingAtOnce) {
    const statement::Presence others[] = {of_group("two", "ru"), of_group("one", "un"),
                                          of_group("one")};
    for (const statement::Presence& other : others) {
        Exchange e(joint_charter({"fr", "ru", "un"}, hour));
        e.say(presence("add", 1, of_group("one", "ru")));
        e.say(presence("amend", 2, other));
        EXPECT_EQ(e.ends(), (std::vector<Instant>{never, never})) << "nobody signed it";
        e.say(presence("amend", 3, other, "o"));
        e.final(100, noon);
        EXPECT_EQ(e.ends(), (std::vector<Instant>{noon + hour, at_once, never}));
    }
}

TEST(Presences, WhatCannotBeReadOfOneMayBeOfAnyGroup) {
    Exchange e(joint_charter({"fr", "ru", "un"}, hour));
    e.say({.kind = statement::presence_kind});
    e.say(presence("amend", 2, of_group("one")));
    EXPECT_EQ(e.ends(), (std::vector<Instant>{never, never}));
}

TEST(Presences, EndNoProtectionAndAreEndedByNone) {
    for (const bool first : {true, false}) {
        Exchange e;
        Said place;
        place.end = noon + 48 * hour;
        const Said area = presence("add", 1, of_group("one"));
        Said later = first ? place : area;
        later.version = 2;
        later.act = "amend";
        later.approvals = "o";
        e.say(first ? area : place);
        e.say(later);
        e.final(100, noon);
        EXPECT_EQ(e.ends(), (std::vector<Instant>{never, never}));
    }
}

TEST(Presences, ASuccessorLogStatesOneOnceMoreOfTheSameGroupAlone) {
    Exchange e;
    test::Teller next("fr/2", "joint");
    const LogNumber log = e.registry().add_log(next.origin(), PartyId{"fr"});
    for (const int record : {0, 1}) {
        Said said = presence("add", 1, of_group("one"));
        said.record = record;
        said.at = record * 3;
        e.say(said);
        Said again = presence("add", 1, of_group(record == 0 ? "one" : "two"));
        again.record = record + 5;
        again.at = said.at;
        again.was = e.fr().id(record);
        e.registry().apply(log, next.make(again).open());
    }
    EXPECT_EQ(e.ends(0).front(), at_once);
    EXPECT_EQ(e.ends(1).front(), never);
}

TEST(Presences, TakeOfTheBudgetOfTheirClass) {
    statement::Charter charter = joint_charter({"fr", "ru", "un"});
    charter.terms.budget_records[static_cast<std::size_t>(statement::ProtectionClass::group_area)] =
        1;
    Exchange e(charter);
    for (const int record : {0, 1}) {
        Said said = presence("add", 1, of_group("one"));
        said.record = record;
        e.say(said);
    }
    EXPECT_FALSE(e.record(0).over_budget);
    EXPECT_TRUE(e.record(1).over_budget);
}

TEST(Presences, TakeNothingOfABudgetForOtherHours) {
    statement::Charter charter = joint_charter({"fr", "ru", "un"});
    charter.terms.budget_records[static_cast<std::size_t>(statement::ProtectionClass::group_area)] =
        1;
    Exchange e(charter);
    const auto say = [&](int record, Instant from, Instant until) {
        Said said = presence("add", 1, of_group("one"));
        said.record = record;
        geo::Place place = test::circle_at(0, 100);
        place.volume.window = {from, until};
        said.where = {place};
        e.say(said);
    };
    say(0, noon, noon + hour);
    say(1, noon + hour, noon + 2 * hour);
    say(2, noon + hour / 2, noon + hour * 3 / 2);
    say(3, noon - hour, noon);
    say(4, noon + 3 * hour, noon + 4 * hour);
    say(5, noon + 2 * hour, noon + 5 * hour);
    std::vector<bool> over;
    for (int i = 0; i < 6; ++i) over.push_back(e.record(i).over_budget);
    EXPECT_EQ(over, (std::vector<bool>{false, false, true, false, false, true}));
}

}  // namespace
}  // namespace entente::registry
