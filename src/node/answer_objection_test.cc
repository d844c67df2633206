// SPDX-License-Identifier: Apache-2.0
// What an open objection makes of an answer (PROTOCOL 15, 19, 21): a caution of its own, beside
// whatever else is found and never instead of it, of each party counted whole and listed in part.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/limits.h"
#include "check/answer.h"
#include "geo/distance.h"
#include "registry/exchange_for_test.h"

namespace entente::check {
namespace {

using registry::test::circle_at;
using registry::test::Exchange;
using registry::test::joint_charter;
using registry::test::noon;
using registry::test::Said;
using view::Flag;
using Codes = std::vector<std::string>;

constexpr auto hour = std::chrono::hours(1);

Said objection(int record = 0, int at = 0) {
    Said out;
    out.kind = "objection";
    out.record = record;
    out.at = at;
    out.class_name = "other";
    out.grounds = "a clinic moves there";
    return out;
}

view::View view_of(Exchange& e) { return {e.settled(), {PartyId{"un"}}}; }

AsOf fresh(Instant now) {
    AsOf out;
    for (const char* party : {"fr", "ru"}) {
        Source source;
        source.party = PartyId{party};
        source.beat = source.received = now;
        out.sources.push_back(source);
    }
    return out;
}

Answer answer_of(const view::View& view, const geo::Volume4D& plan, Instant now) {
    std::vector<index::Item> items;
    for (view::Slot slot = 0; slot < view.size(); ++slot) {
        for (index::Item& item : index_items(slot, view.at(slot))) items.push_back(item);
    }
    index::Scratch scratch;
    return answer(view, index::Index::build(std::move(items)), scratch, {{plan}, {0}}, fresh(now),
                  now);
}

Answer answer_of(Exchange& e, const geo::Shape& shape, Instant now = noon) {
    return answer_of(view_of(e), {shape, {}, {}}, now);
}

Codes codes(const Answer& a) {
    Codes out;
    for (const Reason& reason : a.reasons) out.push_back(reason.code);
    return out;
}

geo::Shape spot(int at = 0, int north_e7 = 0) {
    return geo::Circle{{at * 1'000'000 + north_e7, 0}, {0}};
}
geo::Shape wide() { return geo::Circle{{0, 0}, {500'000}}; }

TEST(Objected, IsACautionEvenWhollyInside) {
    for (const unsigned slots : {7u, 5u, 3u}) {
        SCOPED_TRACE(slots);
        Exchange e;
        e.say(objection(), slots);
        for (const geo::Shape& plan : {spot(), wide()}) {
            const Answer a = answer_of(e, plan);
            EXPECT_EQ(a.verdict, Verdict::caution);
            ASSERT_EQ(codes(a), Codes({"open_objection"}));
            EXPECT_EQ(a.reasons[0].party, PartyId{"fr"});
            EXPECT_EQ(a.reasons[0].count, 1u);
            EXPECT_TRUE(a.findings.empty());
            ASSERT_EQ(a.objections.size(), 1u);
            EXPECT_TRUE(a.objections[0].objects);
            EXPECT_EQ(a.objections[0].weight, Verdict::caution);
            EXPECT_EQ(view_of(e).at(a.objections[0].slot).objection() != nullptr, slots > 3);
        }
    }
}

TEST(Objected, IsLookedAtInSpaceHeightAndTimeAsAnythingIs) {
    Exchange e;
    Said said = objection();
    geo::Place place = circle_at(0, 100);
    place.volume.window = {noon, noon + hour};
    place.volume.band = {0, 1000, geo::AltitudeReference::amsl};
    said.where = {place};
    e.say(said);
    const auto verdict = [&](geo::Shape shape, geo::Band band, geo::Window window) {
        return answer_of(view_of(e), {std::move(shape), band, window}, noon).verdict;
    };
    const geo::Band high{1001, {}, geo::AltitudeReference::amsl};
    EXPECT_EQ(verdict(spot(), {}, {}), Verdict::caution);
    EXPECT_EQ(verdict(spot(), high, {}), Verdict::no_registered_conflict);
    EXPECT_EQ(verdict(spot(), {}, {noon + hour, {}}), Verdict::no_registered_conflict);
    EXPECT_EQ(verdict(spot(1), {}, {}), Verdict::no_registered_conflict);
    const Answer near = answer_of(e, spot(0, 20'000));  // some 220 m north
    EXPECT_EQ(codes(near), Codes({"nearby"}));
    ASSERT_EQ(near.nearby.size(), 1u);
    EXPECT_TRUE(near.nearby[0].objects);
}

TEST(Objected, LowersAndHidesNothing) {
    Exchange e;
    for (int record = 0; record < 30; ++record) e.say(objection(record));
    e.say({.record = 40});
    e.say({.record = 41}, 3);
    const Answer a = answer_of(e, spot());
    EXPECT_EQ(a.verdict, Verdict::conflict);
    EXPECT_EQ(codes(a), Codes({"touches", "open_objection", "touches_coarse"}));
    EXPECT_EQ(a.findings_total, 2u);
    EXPECT_EQ(a.objections_total, 30u);
    EXPECT_EQ(a.objections.size(), limits::objections_listed_max);
    EXPECT_EQ(a.reasons[1].count, 30u);
}

TEST(Objected, OfEachPartyTheNearestAreListedAndAllAreCounted) {
    Exchange e;
    registry::test::Teller ru("ru", "joint");
    const auto log = e.registry().add_log(ru.origin(), PartyId{"ru"});
    for (int record = 0; record < 20; ++record) e.say(objection(record));
    e.registry().apply(log, ru.make(objection(0)).open());
    e.registry().apply(0, e.un().make(objection(0)).open());
    const Answer a = answer_of(e, spot());
    ASSERT_EQ(codes(a), Codes({"open_objection", "open_objection", "open_objection"}));
    std::map<std::string, std::size_t> counted, listed;
    for (const Reason& reason : a.reasons) counted[reason.party.v] = reason.count;
    for (const Finding& one : a.objections) ++listed[one.party.v];
    EXPECT_EQ(counted, (std::map<std::string, std::size_t>{{"fr", 20}, {"ru", 1}, {"un", 1}}));
    EXPECT_EQ(listed, (std::map<std::string, std::size_t>{
                          {"fr", limits::objections_listed_max}, {"ru", 1}, {"un", 1}}));
}

TEST(Objected, StandsUntilLiftingItIsFinalAndItsDelayHasPassed) {
    Exchange e(joint_charter({"fr", "ru", "un"}, hour));
    e.say(objection());
    Said lift = objection();
    lift.act = "lift";
    lift.version = 2;
    lift.approvals = "o";
    e.say(lift);
    EXPECT_EQ(answer_of(e, spot(), noon + 100 * hour).verdict, Verdict::caution);
    EXPECT_TRUE(answer_of(e, spot(), noon).objections.at(0).flags.has(Flag::pending_relaxation));
    e.final(100, noon + 5 * hour);
    EXPECT_EQ(codes(answer_of(e, spot(), noon + 6 * hour - Duration(1))),
              Codes({"open_objection"}));
    EXPECT_EQ(answer_of(e, spot(), noon + 6 * hour).verdict, Verdict::no_registered_conflict);
}

TEST(Objected, WhoseAuthorLeftOrWhoseNewerVersionIsWithheldStands) {
    Exchange e;
    e.say(objection());
    Said lift = objection();
    lift.act = "lift";
    lift.version = 2;
    lift.approvals = "o";
    e.say(lift, 0);
    e.final(100, noon);
    EXPECT_EQ(codes(answer_of(e, spot())), Codes({"newer_withheld", "open_objection"}));
    e.registry().apply(e.log(), e.fr().position("leave"), statement::OpenEntry{"leave", {}});
    const Answer left = answer_of(e, spot());
    EXPECT_TRUE(left.objections.at(0).flags.has(Flag::author_left));
}

TEST(Objected, InAFormThatIsNotKnownIsAConflict) {
    Exchange e;
    Said odd = objection();
    odd.grounds.clear();  // its body says a protection
    e.say(odd);
    const Answer a = answer_of(e, spot());
    EXPECT_EQ(a.verdict, Verdict::conflict);
    EXPECT_EQ(codes(a), Codes({"touches", "touches_not_understood"}));
    EXPECT_FALSE(view_of(e).at(0).objects());
    Said act = objection(1);
    act.version = 2;
    act.act = "suspend";
    e.say(objection(1));
    e.say(act);
    EXPECT_FALSE(view_of(e).at(1).objects()) << "it stands among protections, not understood";
}

TEST(Objected, OfARecordThatProtectsTooThePlaceWeighs) {
    Exchange e;
    Said both = objection();
    both.version = 2;
    both.act = "amend";
    e.say({});
    e.say(both);
    const Answer a = answer_of(e, spot());
    EXPECT_EQ(codes(a), Codes({"touches"}));
    EXPECT_FALSE(view_of(e).at(0).objects());
    EXPECT_EQ(a.findings.at(0).objects, false);
}

/// The same worked out by hand: every place of every record, one after the other.
struct ByHand {
    std::set<RecordId> conflicts, coarse, objections;

    ByHand(const view::View& view, const geo::Volume4D& plan, Instant now) {
        for (view::Slot slot = 0; slot < view.size(); ++slot) {
            const view::Seen seen = view.at(slot);
            int weight = 0;
            for (const view::SeenPlace& place : seen.places(now)) {
                const geo::Prepared there(place.reached->place.volume.shape);
                if (!geo::within(geo::Prepared(plan.shape), there, place.reached->reach())) {
                    continue;
                }
                const bool objects = seen.objection() != nullptr;
                weight = std::max(weight, place.coarse ? 2 : objects ? 1 : 3);
            }
            if (weight == 3) conflicts.insert(seen.id());
            if (weight == 2) coarse.insert(seen.id());
            if (weight == 1) objections.insert(seen.id());
        }
    }
};

TEST(Objected, IsWhatBruteForceFinds) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        Rng rng(seed);
        Exchange e;
        const int records = 3 + static_cast<int>(rng.below(12));
        for (int record = 0; record < records; ++record) {
            Said said;
            if (rng.below(2) == 0) said = objection(record);
            said.record = record;
            said.radius_dm = 100 + static_cast<std::int64_t>(rng.below(100'000));
            said.at = static_cast<int>(rng.below(3));
            // An objection of which only the area is open would be one by its head alone.
            e.say(said, said.grounds.empty() && rng.below(3) == 0 ? 3 : 7);
        }
        const view::View view = view_of(e);
        const geo::Volume4D plan{spot(static_cast<int>(rng.below(3)), 0), {}, {}};
        const Answer a = answer_of(view, plan, noon);
        const ByHand want(view, plan, noon);
        SCOPED_TRACE(seed);
        std::map<std::string, std::size_t> counts;
        for (const Reason& reason : a.reasons) counts[reason.code] = reason.count;
        EXPECT_EQ(counts["touches"], want.conflicts.size());
        EXPECT_EQ(counts["touches_coarse"], want.coarse.size());
        EXPECT_EQ(counts["open_objection"], want.objections.size());
        EXPECT_EQ(a.objections_total, want.objections.size());
        for (const Finding& one : a.objections) EXPECT_TRUE(want.objections.contains(one.id));
        for (const Finding& one : a.findings) EXPECT_FALSE(want.objections.contains(one.id));
        EXPECT_EQ(a.verdict >= Verdict::caution, want.conflicts.size() + want.coarse.size() +
                                                         want.objections.size() + a.nearby_total >
                                                     0);
        EXPECT_EQ(a.verdict == Verdict::conflict, !want.conflicts.empty());
    }
}

}  // namespace
}  // namespace entente::check
