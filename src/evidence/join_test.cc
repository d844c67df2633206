// SPDX-License-Identifier: Apache-2.0
// An incident joined to a history told line by line: what was in force there and then, by its ends;
// how far away; what the incident names itself; what each party had said by then.
#include "evidence/join.h"

#include <gtest/gtest.h>

#include "geo/distance.h"
#include "view/history_for_test.h"

namespace entente::evidence {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using view::test::History;
using view::test::noon;

const Origin origin{"solo/fr"};
const RecordId happened = statement::record_id(origin, sha256("an incident"));

geo::Place at(int place, std::int64_t radius_dm = 0) {
    return registry::test::circle_at(place, radius_dm);
}

statement::Incident incident(Instant from, Instant until,
                             std::vector<geo::Place> volumes = {at(0)}) {
    statement::Incident out;
    out.sort = "air_strike";
    out.from = from;
    out.until = until;
    out.volumes = std::move(volumes);
    out.contact = "liaison";
    return out;
}

/// fr says it in its own log.
void say(History& history, statement::Dealt said, const RecordId& record = happened,
         std::uint32_t version = 1) {
    static std::uint64_t index = 1000;
    registry::Understood out;
    out.position = {{index}, sha256("dealt " + std::to_string(index))};
    ++index;
    out.opened = 5;
    out.head.emplace();
    out.head->keys = {"solo", origin, record, version};
    out.head->secret = sha256(record.text());
    out.head->kind = statement::kind_of(said);
    out.head->act = version == 1 ? "add" : "amend";
    out.head->protects = false;
    out.head->time = noon;
    out.dealt = std::make_shared<const statement::Dealt>(std::move(said));
    history.apply(out);
}

Join joined(const History& history, Metres within = Metres{1000}) {
    const view::View view = view::test::view_of(history);
    std::vector<view::Slot> all;
    for (view::Slot slot = 0; slot < view.size(); ++slot) all.push_back(slot);
    return join(view, *view.find_statement(happened), all, within);
}

/// By version, how each place of it stood.
std::vector<std::pair<std::uint32_t, Stood>> stood(const History& history) {
    std::vector<std::pair<std::uint32_t, Stood>> out;
    for (const JoinRow& row : joined(history).rows) out.emplace_back(row.version, row.stood);
    return out;
}

using Expected = std::vector<std::pair<std::uint32_t, Stood>>;

TEST(Join, WhatWasSaidBeforeProtectedThroughout) {
    History history;
    history.say({});
    say(history, incident(noon, noon + hours(1)));
    EXPECT_EQ(stood(history), (Expected{{1, Stood::throughout}}));
}

TEST(Join, WhatWasSaidMeanwhileProtectedPartly) {
    History history;
    history.say({.time = noon + minutes(1)});
    say(history, incident(noon, noon + hours(1)));
    EXPECT_EQ(stood(history), (Expected{{1, Stood::partly}}));
}

TEST(Join, WhatWasSaidAtItsEndOrAfterIsLater) {
    History history;
    history.say({.time = noon + hours(1)});
    say(history, incident(noon, noon + hours(1)));
    EXPECT_EQ(stood(history), (Expected{{1, Stood::later}}));
}

TEST(Join, WhatActedByItsBeginningHasEnded) {
    History history;
    history.say({});
    history.say({.act = "withdraw", .version = 2, .time = noon + hours(2), .approvals = "o"});
    say(history, incident(noon + hours(2), noon + hours(3)));
    EXPECT_EQ(stood(history), (Expected{{1, Stood::ended}}));
    const Join all = joined(history);
    EXPECT_EQ(all.rows.front().until, noon + hours(2));
}

TEST(Join, AVersionThatALaterOneCoversProtectedUntilThen) {
    History history;
    history.say({});
    history.say({.act = "amend", .version = 2, .time = noon + hours(1), .radius_dm = 500});
    say(history, incident(noon + minutes(30), noon + minutes(40)));
    EXPECT_EQ(stood(history), (Expected{{1, Stood::throughout}, {2, Stood::later}}));
    History later;
    later.say({});
    later.say({.act = "amend", .version = 2, .time = noon + hours(1), .radius_dm = 500});
    say(later, incident(noon + hours(2), noon + hours(3)));
    EXPECT_EQ(stood(later), (Expected{{1, Stood::ended}, {2, Stood::throughout}}));
}

TEST(Join, AReductionThatNobodySignedEndsNothing) {
    History history;
    history.say({.radius_dm = 500});
    history.say({.act = "amend", .version = 2, .time = noon + hours(1), .radius_dm = 100});
    say(history, incident(noon + hours(2), noon + hours(3)));
    EXPECT_EQ(stood(history), (Expected{{1, Stood::throughout}, {2, Stood::throughout}}));
}

TEST(Join, HoursInWhichItDidNotProtectAreOthers) {
    History history;
    history.say({.end = noon + hours(1)});
    say(history, incident(noon + hours(1), noon + hours(2)));
    EXPECT_EQ(stood(history), (Expected{{1, Stood::other_hours}}));
    History partly;
    partly.say({.end = noon + hours(1)});
    say(partly, incident(noon, noon + hours(2)));
    EXPECT_EQ(stood(partly), (Expected{{1, Stood::partly}}));
}

TEST(Join, DistanceIsBetweenShapesAndItsEndBelongsToIt) {
    History history;
    history.say({.radius_dm = 100, .at = 1});
    say(history, incident(noon, noon + hours(1), {at(0, 200)}));
    const view::View view = view::test::view_of(history);
    const double apart = geo::geodesic({0, 0}, {1'000'000, 0}).v - 30;
    const Join all = joined(history, Metres{20'000});
    ASSERT_EQ(all.rows.size(), 1U);
    EXPECT_NEAR(all.rows.front().distance->v, apart, 0.001);
    EXPECT_FALSE(all.rows.front().touches);
    const double reach = all.rows.front().reach.v;
    EXPECT_EQ(joined(history, Metres{apart - reach + 0.001}).rows.size(), 1U);
    EXPECT_EQ(joined(history, Metres{apart - reach - 0.001}).rows.size(), 0U);
}

TEST(Join, WithinReachAndAccuracyTouches) {
    History history;
    history.say({.at = 1});
    auto near = at(0);
    near.accuracy = Decimetres{111'000};
    say(history, incident(noon, noon + hours(1), {near}));
    ASSERT_EQ(joined(history, Metres{0}).rows.size(), 1U);
    EXPECT_TRUE(joined(history, Metres{0}).rows.front().touches);
}

TEST(Join, WhatTheIncidentNamesIsThereHoweverFar) {
    History history;
    history.say({.at = 5});
    history.say({.record = 1, .at = 7});
    auto said = incident(noon, noon + hours(1));
    said.objects.push_back({History::id(0), "", "hospital", statement::Damage::destroyed});
    say(history, said);
    const Join all = joined(history);
    ASSERT_EQ(all.rows.size(), 1U);
    EXPECT_TRUE(all.rows.front().named);
    EXPECT_EQ(all.rows.front().record, History::id(0));
    EXPECT_GT(all.rows.front().distance->v, 50'000);
}

TEST(Join, WhereNobodySaysWhereItWasOnlyWhatItNamesIsJoined) {
    History history;
    history.say({});
    history.say({.record = 1});
    auto said = incident(noon, noon + hours(1), {});
    said.objects.push_back({History::id(1), "", "", statement::Damage::unknown});
    say(history, said);
    const Join all = joined(history);
    ASSERT_EQ(all.rows.size(), 1U);
    EXPECT_FALSE(all.rows.front().distance.has_value());
    EXPECT_FALSE(touches(all.scene, all.rows.front()).has_value());
}

TEST(Join, OfADistrictNothingIsSaidToBeTouched) {
    History history;
    history.say({});
    history.say({.record = 1, .at = 5});
    auto said = incident(noon, noon + hours(1));
    said.place_precision = statement::PlacePrecision::district;
    said.objects.push_back({History::id(1), "", "", statement::Damage::unknown});
    say(history, said);
    const Join all = joined(history);
    EXPECT_TRUE(all.scene.anywhere);
    ASSERT_EQ(all.rows.size(), 2U);
    for (const JoinRow& row : all.rows) EXPECT_FALSE(touches(all.scene, row).has_value());
    EXPECT_TRUE(all.rows[0].named);
    EXPECT_TRUE(all.rows[1].touches) << "of its point, by which it rings";
}

TEST(Join, WhatIsKnownFinerThanByItsDistrictTouches) {
    for (const auto precision :
         {statement::PlacePrecision::unstated, statement::PlacePrecision::exact,
          statement::PlacePrecision::near, statement::PlacePrecision::region}) {
        History history;
        history.say({});
        auto said = incident(noon, noon + hours(1));
        said.place_precision = precision;
        // An area is all that it says of a region: then it is no point that stands for more.
        if (precision == statement::PlacePrecision::region) said.volumes = {at(0, 100)};
        say(history, said);
        const Join all = joined(history);
        EXPECT_FALSE(all.scene.anywhere);
        EXPECT_EQ(touches(all.scene, all.rows.at(0)), std::optional(true));
    }
}

TEST(Join, EarlierPlacesOfAMoveAreRowsOfTheirOwn) {
    History history;
    history.say({.at = 0, .earlier_at = 1});
    say(history, incident(noon, noon + hours(1), {at(1)}));
    const Join all = joined(history);
    ASSERT_EQ(all.rows.size(), 1U);
    EXPECT_EQ(all.rows.front().place, 1U);
}

TEST(Join, LinesAreInOrderOfTimeWithTheLeavesThatTheyRestOn) {
    History history;
    const auto made = history.say({.time = noon - hours(1)});
    say(history, incident(noon, noon + hours(1)));
    statement::Responsibility denial;
    denial.of = happened;
    denial.stance = statement::Stance::denies;
    denial.contact = "liaison";
    say(history, denial, statement::record_id(origin, sha256("a denial")));
    const Hash receipt = sha256("a receipt");
    const view::View view = view::test::view_of(history);
    Join all = joined(history);
    all.rows.at(0).told = {
        {PartyId{"un"},
         view::Tier::exact,
         {{statement::Rung::confirmed, "TACC", "a", noon - minutes(10), receipt}}}};
    std::vector<std::string> words;
    const auto lines = time_line(view, *view.find_statement(happened), all);
    for (const JoinLine& line : lines)
        words.push_back(line.party.v + " " + line.what + " " + line.more);
    EXPECT_EQ(words, (std::vector<std::string>{"fr said add", "un confirmed TACC", "fr from ",
                                               "fr incident add", "fr responsibility add denies",
                                               "fr until "}));
    EXPECT_EQ(lines[0].leaves, std::vector<Hash>{made.position.leaf});
    EXPECT_EQ(lines[1].leaves, (std::vector<Hash>{receipt, made.position.leaf}));
    EXPECT_TRUE(std::is_sorted(lines.begin(), lines.end(),
                               [](const auto& a, const auto& b) { return a.time < b.time; }));
}

TEST(Join, ARelaxationThatActedIsNotForgottenWhenAPlaceIsSaidThereAgain) {
    History history;
    history.say({.radius_dm = 500});
    history.say({.act = "amend",
                 .version = 2,
                 .time = noon + hours(1),
                 .radius_dm = 100,
                 .approvals = "o"});
    history.say({.act = "amend", .version = 3, .time = noon + hours(5), .radius_dm = 500});
    say(history, incident(noon + hours(2), noon + hours(3)));
    EXPECT_EQ(stood(history),
              (Expected{{1, Stood::ended}, {2, Stood::throughout}, {3, Stood::later}}));
}

TEST(Join, EachVersionOfWhatPartiesSayHasItsOwnWord) {
    History history;
    say(history, incident(noon, noon + hours(1)));
    statement::Responsibility claim;
    claim.of = happened;
    claim.stance = statement::Stance::claims;
    claim.contact = "liaison";
    const RecordId record = statement::record_id(origin, sha256("a claim"));
    say(history, claim, record);
    claim.stance = statement::Stance::denies;
    say(history, claim, record, 2);
    const view::View view = view::test::view_of(history);
    std::vector<std::string> words;
    for (const JoinLine& line : time_line(view, *view.find_statement(happened), joined(history))) {
        if (line.what == "responsibility") words.push_back(line.more);
    }
    EXPECT_EQ(words, (std::vector<std::string>{"add claims", "amend denies"}));
}

TEST(Join, WhatAnotherRecordSaysToGoOnFromInTheSameLogEndsNothing) {
    History history;
    history.say({});
    history.say({.record = 1, .was = History::id(0)});
    say(history, incident(noon, noon + hours(1)));
    EXPECT_EQ(stood(history), (Expected{{1, Stood::throughout}, {1, Stood::throughout}}));
}

TEST(Join, AnActivityIsThereAsItWasDeclaredWhateverBecameOfIt) {
    History history;
    say(history, incident(noon, noon + hours(1)));
    statement::Activity activity;
    activity.contact = "desk";
    activity.volumes = {at(0, 1000)};
    activity.volumes[0].volume.window = {noon - hours(1), noon + hours(2)};
    activity.checked.verdict = "conflict";
    const RecordId record = statement::record_id(origin, sha256("an activity"));
    say(history, activity, record);
    activity.volumes = {at(5, 1000)};
    activity.volumes[0].volume.window = {noon - hours(1), noon + hours(2)};
    say(history, activity, record, 2);
    const Join all = joined(history);
    ASSERT_EQ(all.checks.size(), 1U);
    EXPECT_EQ(all.checks[0].verdict, "conflict");
    EXPECT_EQ(all.checks[0].said, noon);
}

TEST(Join, RowsOfNamedRecordsComeFirstAndThenWhatHadBeenSaid) {
    History history;
    history.say({.record = 0, .time = noon + hours(2)});
    history.say({.record = 1, .at = 1});
    history.say({.record = 2, .at = 3});
    auto said = incident(noon, noon + hours(1));
    said.objects.push_back({History::id(2), "", "", statement::Damage::unknown});
    say(history, said);
    std::vector<RecordId> order;
    for (const JoinRow& row : joined(history, Metres{20'000}).rows) order.push_back(row.record);
    EXPECT_EQ(order, (std::vector<RecordId>{History::id(2), History::id(1), History::id(0)}));
}

TEST(Join, AsManyRowsAsAreShownAreTheNearest) {
    History history(Duration(0), 1, 100'000, 100);
    for (int i = 0; i < 1200; ++i) history.say({.record = i, .at = i % 3});
    say(history, incident(noon, noon + hours(1)));
    const Join all = joined(history, Metres{100'000});
    EXPECT_EQ(all.rows_total, 1200U);
    EXPECT_EQ(all.rows.size(), Join::rows_max);
    EXPECT_TRUE(std::is_sorted(all.rows.begin(), all.rows.end(), [](const auto& a, const auto& b) {
        return *a.distance < *b.distance;
    }));
}

}  // namespace
}  // namespace entente::evidence
