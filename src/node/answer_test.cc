// SPDX-License-Identifier: Apache-2.0
// Verdicts, reasons and findings (PROTOCOL 21) over small registers whose distances are known. The
// index stands between: every record of the view is in it, as answer() asks. It lies in node, the
// first room that may see both a register being made and check.
#include "check/answer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/limits.h"
#include "geo/distance.h"
#include "registry/history_for_test.h"

namespace entente::check {
namespace {

using registry::test::circle_at;
using registry::test::History;
using registry::test::noon;
using view::State;
namespace act = statement::act;

constexpr auto hour = std::chrono::hours(1);
constexpr Metres policy{500};

/// A point on the equator this many metres east of place 0, to 1 cm.
geo::Circle point_at(double metres_east, std::int64_t radius_dm = 0) {
    geo::LatLng p = geo::direct({0, 0}, Degrees{90}, Metres{metres_east});
    return {p, {radius_dm}};
}

Question ask(geo::Shape shape, geo::Band band = {}, geo::Window window = {}, Metres margin = {0}) {
    return {{{std::move(shape), band, window}}, margin};
}

Answer answer_of(const History& h, const Question& question, Instant now = noon) {
    const view::View view(h.registry().snapshot(), {PartyId{"fr"}});
    std::vector<index::Item> items;
    for (view::Slot slot = 0; slot < view.size(); ++slot) {
        for (index::Item& item : index_items(slot, view.at(slot))) items.push_back(item);
    }
    index::Scratch scratch;
    AsOf as_of;
    as_of.party = PartyId{"fr"};
    return answer(view, index::Index::build(std::move(items)), scratch, question, as_of, now);
}

std::vector<std::string> codes(const Answer& a) {
    std::vector<std::string> out;
    for (const Reason& reason : a.reasons) out.push_back(reason.code);
    return out;
}
using Codes = std::vector<std::string>;

/// A bare point at place 0: buffer and accuracy as given, in decimetres.
geo::Place place_with(std::int64_t buffer, std::optional<std::int64_t> accuracy = {}) {
    geo::Place out = circle_at(0, 0);
    out.buffer = Decimetres{buffer};
    if (accuracy) out.accuracy = Decimetres{*accuracy};
    return out;
}

History one(const geo::Place& place) {
    History h;
    h.say({.act = act::add, .where = {{place}}});
    return h;
}

TEST(Verdict, NothingRegisteredIsNoClearance) {
    const Answer a = answer_of(History(), ask(point_at(0)));
    EXPECT_EQ(a.verdict, Verdict::no_registered_conflict);
    EXPECT_TRUE(a.reasons.empty());
    EXPECT_EQ(a.findings_total + a.nearby_total, 0u);
    EXPECT_EQ(a.as_of.asked_at, noon);
    EXPECT_EQ(std::string(standing_notice).substr(0, 11), "This answer");
}

TEST(Verdict, TheGreaterWinsAndAllReasonsAreListed) {
    History h = one(place_with(1000));
    const Answer touch = answer_of(h, ask(point_at(50)));
    EXPECT_EQ(touch.verdict, Verdict::conflict);
    EXPECT_EQ(codes(touch), Codes({"touches"}));
    const Answer near = answer_of(h, ask(point_at(300)));
    EXPECT_EQ(near.verdict, Verdict::caution);
    EXPECT_EQ(codes(near), Codes({"nearby"}));
    EXPECT_EQ(near.findings_total, 0u);
    ASSERT_EQ(near.nearby.size(), 1u);
    EXPECT_NEAR(near.nearby[0].distance.v, 300, 0.02);
    EXPECT_NEAR(near.nearby[0].bearing.v, 270, 1e-3);
    EXPECT_EQ(answer_of(h, ask(point_at(700))).verdict, Verdict::no_registered_conflict);

    h.say({.act = act::add, .record = 1, .spoil = "tag"});  // protects something, somewhere
    EXPECT_EQ(answer_of(h, ask(point_at(700))).verdict, Verdict::incomplete);
    EXPECT_EQ(codes(answer_of(h, ask(point_at(700)))), Codes({"unplaced_entries"}));
    const Answer both = answer_of(h, ask(point_at(300)));
    EXPECT_EQ(both.verdict, Verdict::incomplete);
    EXPECT_EQ(codes(both), Codes({"unplaced_entries", "nearby"}));
    h.say({.kind = "enclave", .act = act::add, .record = 2, .where = {{place_with(1000)}}});
    h.say({.act = act::add, .record = 3, .where = {{circle_at(0, 0)}}});
    h.say({.act = act::add, .record = 4, .where = {{[] {
                                             geo::Place far = place_with(0);
                                             far.volume.shape = point_at(400);
                                             return far;
                                         }()}}});
    const Answer all = answer_of(h, ask(point_at(50)));
    EXPECT_EQ(all.verdict, Verdict::conflict);
    EXPECT_EQ(codes(all),
              Codes({"touches", "touches_not_understood", "unplaced_entries", "nearby"}));
    EXPECT_EQ(all.findings_total, 3u);
    EXPECT_EQ(all.nearby_total, 1u);
}

TEST(Distance, AtTheLimitTouchesAndAtThePolicyDistanceIsNear) {
    const geo::Circle plan = point_at(1000);
    const double gap = geo::geodesic({0, 0}, plan.center).v;
    // Buffers are decimetres: set the plan's margin so that the limit is the gap exactly.
    const History h = one(place_with(5000, 1000));
    const auto with_margin = [&](double margin) {
        return answer_of(h, ask(plan, {}, {}, Metres{margin}));
    };
    EXPECT_EQ(with_margin(gap - 600).verdict, Verdict::conflict);
    EXPECT_EQ(with_margin(gap - 600 - 0.001).verdict, Verdict::caution);
    EXPECT_EQ(answer_of(h, ask(point_at(600))).verdict == Verdict::conflict,
              geo::geodesic({0, 0}, point_at(600).center).v <= 600 + 1e-6);
    // The policy distance lies beyond buffer, accuracy and margin; its end belongs to it.
    const geo::Circle far = point_at(2000);
    const double far_gap = geo::geodesic({0, 0}, far.center).v;
    EXPECT_EQ(answer_of(h, ask(far, {}, {}, Metres{far_gap - 600 - policy.v})).verdict,
              Verdict::caution);
    EXPECT_EQ(answer_of(h, ask(far, {}, {}, Metres{far_gap - 600 - policy.v - 0.001})).verdict,
              Verdict::no_registered_conflict);
}

TEST(Distance, DefaultsOfTheClassAreSaidToBeDefaults) {
    History h;
    h.say({.act = act::add, .radius_dm = 0});  // hospital: 500 m
    const Answer a = answer_of(h, ask(point_at(499)));
    ASSERT_EQ(a.findings.size(), 1u);
    EXPECT_EQ(a.findings[0].buffer.v, 500);
    EXPECT_FALSE(a.findings[0].buffer_stated);
    EXPECT_FALSE(a.findings[0].accuracy_stated);
    EXPECT_NE(a.findings[0].why.find("default"), std::string::npos);
    EXPECT_EQ(answer_of(h, ask(point_at(501))).verdict, Verdict::caution);
    EXPECT_EQ(answer_of(h, ask(point_at(501), {}, {}, Metres{2})).verdict, Verdict::conflict);
}

TEST(Overlap, UnknownHeightAndTimeMeanAllOfIt) {
    geo::Place place = place_with(0);
    place.volume.band = {1000, 2000, geo::AltitudeReference::w84};
    place.volume.window = {noon, noon + hour};
    const History h = one(place);
    const geo::Circle here = point_at(0);
    const auto verdict = [&](geo::Band band, geo::Window window) {
        return answer_of(h, ask(here, band, window)).verdict;
    };
    const Verdict none = Verdict::no_registered_conflict;
    EXPECT_EQ(verdict({}, {}), Verdict::conflict);
    EXPECT_EQ(verdict({2000, {}, geo::AltitudeReference::w84}, {}), Verdict::conflict) << "ends in";
    EXPECT_EQ(verdict({2001, {}, geo::AltitudeReference::w84}, {}), none);
    EXPECT_EQ(verdict({{}, 999, geo::AltitudeReference::w84}, {}), none);
    EXPECT_EQ(verdict({{}, 500, geo::AltitudeReference::agl}, {}), Verdict::conflict) << "may be";
    EXPECT_EQ(verdict({}, {noon + hour, {}}), none) << "[start, end)";
    EXPECT_EQ(verdict({}, {noon + hour - Duration(1), {}}), Verdict::conflict);
    EXPECT_EQ(verdict({}, {{}, noon}), none);
    EXPECT_EQ(verdict({}, {{}, noon + Duration(1)}), Verdict::conflict);
    const Answer a = answer_of(h, ask(here, {}, {noon + Duration(5), noon + 3 * hour}));
    ASSERT_EQ(a.findings.size(), 1u);
    EXPECT_EQ(a.findings[0].time_overlap, (geo::Window{noon + Duration(5), noon + hour}));
    EXPECT_TRUE(a.findings[0].altitude_assumed);
    const Answer stated = answer_of(h, ask(here, {1500, 1600, geo::AltitudeReference::w84}, {}));
    EXPECT_FALSE(stated.findings[0].altitude_assumed);
}

TEST(State, PendingRelaxationIsFoundUntilItActs) {
    History h{Duration(hour)};
    h.say({.act = act::add, .radius_dm = 0});
    h.say({.act = act::withdraw, .version = 2, .time = noon + hour, .approvals = "o"});
    const Instant acts = noon + 2 * hour;
    // `now` is the moment asked, not the plan's window (PROTOCOL 15).
    const Question later = ask(point_at(0), {}, {noon + 100 * hour, {}});
    for (const Question& question : {ask(point_at(0)), later}) {
        const Answer before = answer_of(h, question, acts - Duration(1));
        EXPECT_EQ(before.verdict, Verdict::conflict);
        ASSERT_EQ(before.findings.size(), 1u);
        EXPECT_EQ(before.findings[0].state, State::pending_relaxation);
        EXPECT_TRUE(before.findings[0].superseded);
        EXPECT_EQ(answer_of(h, question, acts).verdict, Verdict::no_registered_conflict);
    }
}

TEST(State, AMoveKeepsBothPlacesUntilConfirmed) {
    History h;
    h.say({.act = act::add, .radius_dm = 0, .at = 0});
    h.say({.act = act::amend, .version = 2, .radius_dm = 0, .at = 5, .earlier_at = 0});
    const Answer old_place = answer_of(h, ask(point_at(0)));
    EXPECT_EQ(old_place.verdict, Verdict::conflict);
    EXPECT_TRUE(old_place.findings.at(0).earlier_place);
    EXPECT_FALSE(old_place.findings[0].superseded);
    const geo::Circle there{{5'000'000, 0}, {0}};
    EXPECT_FALSE(answer_of(h, ask(there)).findings.at(0).earlier_place);
    h.say({.act = act::confirm_move,
           .version = 3,
           .time = noon + hour,
           .radius_dm = 0,
           .at = 5,
           .approvals = "o"});
    EXPECT_EQ(answer_of(h, ask(point_at(0)), noon + hour).verdict, Verdict::no_registered_conflict);
    EXPECT_EQ(answer_of(h, ask(there), noon + hour).verdict, Verdict::conflict);
}

/// A plan over both ends of many moves: of each it is said where the place is now, whatever order
/// they were found in.
TEST(State, OfTwoPlacesAlikeTheOneOfNowIsFound) {
    History h;
    for (int record = 1; record <= 60; ++record) {
        h.say({.act = act::add, .record = record, .radius_dm = 0, .at = 0});
        h.say({.act = act::amend,
               .record = record,
               .version = 2,
               .radius_dm = 0,
               .at = 5,
               .earlier_at = 0});
    }
    const Answer both = answer_of(h, ask(geo::Circle{{2'500'000, 0}, {5'000'000}}));
    ASSERT_EQ(both.findings.size(), 60u);
    for (const Finding& one : both.findings) EXPECT_FALSE(one.earlier_place);
}

TEST(State, PastItsReconfirmByDateItIsUnconfirmedAndStillProtects) {
    History h;
    h.say({.act = act::add, .radius_dm = 0, .reconfirm_by = noon + hour});
    const Answer before = answer_of(h, ask(point_at(0)), noon + hour - Duration(1));
    const Answer after = answer_of(h, ask(point_at(0)), noon + hour);
    EXPECT_EQ(before.findings.at(0).state, State::in_force);
    EXPECT_EQ(after.findings.at(0).state, State::unconfirmed);
    EXPECT_EQ(before.verdict, after.verdict);
    EXPECT_EQ(after.verdict, Verdict::conflict);
}

TEST(State, NotUnderstoodOnlyWhileItProtects) {
    History h;
    h.say({.kind = "enclave", .act = act::add, .radius_dm = 0});
    EXPECT_EQ(answer_of(h, ask(point_at(0))).findings.at(0).state, State::not_understood);
    // A later version that this one understands, and that covers everything, stands for it.
    geo::Place wide = circle_at(0, 100'000);
    h.say({.act = act::amend, .version = 2, .where = {{wide}}});
    EXPECT_EQ(answer_of(h, ask(point_at(0))).findings.at(0).state, State::in_force);
}

TEST(Findings, OneARecordNearestFirstWithItsVolume) {
    History h;
    for (int i = 0; i < 3; ++i) {
        h.say({.act = act::add, .record = i, .radius_dm = 0, .at = 2 - i});
    }
    Question question;
    for (const int at : {2, 0, 0}) {
        question.volumes.push_back({geo::Circle{{at * 1'000'000 + 100, 0}, {0}}, {}, {}});
    }
    question.volumes.push_back({geo::Circle{{1'000'000, 0}, {90'000}}, {}, {}});
    const Answer a = answer_of(h, question);
    ASSERT_EQ(a.findings.size(), 3u);
    EXPECT_EQ(a.findings_total, 3u);
    EXPECT_EQ(a.findings[0].id, History::id(1)) << "inside the large volume";
    EXPECT_EQ(a.findings[0].volume, 3u);
    for (std::size_t i = 1; i < 3; ++i) {
        EXPECT_GE(a.findings[i].distance.v, a.findings[i - 1].distance.v);
        EXPECT_EQ(a.findings[i].volume, a.findings[i].id == History::id(0) ? 0u : 1u);
    }
}

TEST(Findings, WhatOneVolumeTouchesIsNotNearby) {
    const History h = one(place_with(1000));
    Question question = ask(point_at(300));
    question.volumes.push_back({point_at(0), {}, {}});
    const Answer a = answer_of(h, question);
    EXPECT_EQ(a.findings_total, 1u);
    EXPECT_EQ(a.nearby_total, 0u);
    EXPECT_EQ(codes(a), Codes({"touches"}));
}

TEST(Findings, TwoHundredAreListedAndTheTotalIsExact) {
    History h;
    for (int i = 0; i < 500; ++i) {
        geo::Place place = place_with(0);
        std::get<geo::Circle>(place.volume.shape).center.lng_e7 = 100 * ((i * 7) % 500);
        h.say({.act = act::add, .record = i, .where = {{place}}});
    }
    const Answer a = answer_of(h, ask(point_at(0), {}, {}, Metres{600}));
    EXPECT_EQ(a.findings_total, 500u);
    ASSERT_EQ(a.findings.size(), limits::findings_listed_max);
    for (std::size_t i = 0; i < a.findings.size(); ++i) {
        EXPECT_NEAR(a.findings[i].distance.v, 1.113195 * static_cast<double>(i), 0.05) << i;
    }
    const Answer near = answer_of(h, ask(geo::Circle{{0, -40'000}, {0}}));
    EXPECT_EQ(near.findings_total, 0u);
    EXPECT_EQ(near.nearby.size(), std::min<std::size_t>(near.nearby_total, 200u));
    EXPECT_EQ(codes(near), Codes({"nearby"}));
}

TEST(Words, NothingIsCalledClearSafeOrApproved) {
    History h{Duration(hour)};
    h.say({.act = act::add, .record = 0, .radius_dm = 0});
    h.say({.act = act::withdraw, .record = 0, .version = 2, .approvals = "o"});
    h.say({.kind = "enclave", .act = act::add, .record = 1, .radius_dm = 0});
    h.say({.act = act::add, .record = 2, .spoil = "tag"});
    h.say({.act = act::add, .record = 3, .where = {{place_with(0, 500)}}, .reconfirm_by = noon});
    h.say({.act = act::add, .record = 4, .radius_dm = 0, .at = 5});
    h.say({.act = act::amend, .record = 4, .version = 2, .radius_dm = 0, .at = 0, .earlier_at = 5});
    std::string all = standing_notice;
    for (const double east : {0.0, 700.0, 900.0, 90'000.0}) {
        const Answer a = answer_of(h, ask(point_at(east), {}, {}, Metres{5}));
        all += std::string(name(a.verdict));
        for (const Reason& r : a.reasons) all += r.code + " " + r.text + "\n";
        for (const auto* list : {&a.findings, &a.nearby}) {
            for (const Finding& f : *list) all += f.why + " " + view::name(f.state) + "\n";
        }
    }
    for (const char* word : {"clear", "safe", "approved", "Clear", "Safe", "Approved"}) {
        EXPECT_EQ(all.find(word), std::string::npos) << word << " in\n" << all;
    }
}

}  // namespace
}  // namespace entente::check
