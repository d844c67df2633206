// SPDX-License-Identifier: Apache-2.0
// Answers in an exchange (PROTOCOL 15, 19 to 23): what a coarse area, a flag, a withheld version,
// an old, missing, forked or absent party makes of them; and what a view as somebody else shows.
#include <gtest/gtest.h>

#include <algorithm>

#include "check/answer.h"
#include "geo/coarse.h"
#include "registry/exchange_for_test.h"
#include "view/filter.h"

namespace entente::check {
namespace {

using registry::Slot;
using registry::test::circle_at;
using registry::test::Exchange;
using registry::test::joint_charter;
using registry::test::Made;
using registry::test::noon;
using registry::test::Said;
using view::Flag;
namespace act = statement::act;
using Codes = std::vector<std::string>;

constexpr auto hour = std::chrono::hours(1);
constexpr unsigned coarse = 3, exact = 5, withheld = 0;

/// Both other parties were heard just now, and nothing of theirs is missing.
AsOf fresh(Instant now) {
    AsOf out;
    out.party = PartyId{"un"};
    for (const char* party : {"fr", "ru"}) {
        Source source;
        source.party = PartyId{party};
        source.beat = source.received = now;
        out.sources.push_back(source);
    }
    return out;
}

Answer answer_of(const view::View& view, const geo::Shape& shape, const AsOf& as_of, Instant now) {
    std::vector<index::Item> items;
    for (view::Slot slot = 0; slot < view.size(); ++slot) {
        for (index::Item& item : index_items(slot, view.at(slot))) items.push_back(item);
    }
    index::Scratch scratch;
    return answer(view, index::Index::build(std::move(items)), scratch, {{{shape, {}, {}}}, {0}},
                  as_of, now);
}

Answer answer_of(Exchange& e, const geo::Shape& shape, Instant now = noon) {
    return answer_of(view::View(e.settled(), {PartyId{"un"}}), shape, fresh(now), now);
}

Codes codes(const Answer& a) {
    Codes out;
    for (const Reason& reason : a.reasons) out.push_back(reason.code);
    return out;
}

geo::Shape spot(int at = 0) { return geo::Circle{{at * 1'000'000, 0}, {0}}; }
geo::Shape wide() { return geo::Circle{{0, 0}, {500'000}}; }

TEST(Joint, AnExactTouchIsAConflictWhoseverItIs) {
    Exchange e;
    const Made made = e.say({.act = act::add}, exact);
    e.registry().apply(0, e.un().make({.act = act::add}).open());
    const Answer a = answer_of(e, spot());
    EXPECT_EQ(a.verdict, Verdict::conflict);
    EXPECT_EQ(codes(a), Codes({"touches"}));
    ASSERT_EQ(a.findings.size(), 2u);
    for (const Finding& f : a.findings) {
        EXPECT_EQ(f.tier, view::Tier::exact);
        EXPECT_EQ(f.weight, Verdict::conflict);
        EXPECT_EQ(f.leaf == made.position.leaf, f.party.v == "fr");
    }
    EXPECT_NE(a.findings[0].party, a.findings[1].party);
}

TEST(Joint, ACoarseAreaIsACautionUnlessThePlanTakesAllOfItIn) {
    Exchange e;
    e.say({.act = act::add}, coarse);
    const Answer touched = answer_of(e, spot());
    EXPECT_EQ(touched.verdict, Verdict::caution);
    EXPECT_EQ(codes(touched), Codes({"touches_coarse"}));
    EXPECT_EQ(touched.findings.at(0).tier, view::Tier::coarse);
    EXPECT_TRUE(touched.findings[0].flags.has(Flag::coarse));
    const Answer inside = answer_of(e, wide());
    EXPECT_EQ(inside.verdict, Verdict::conflict);
    EXPECT_EQ(codes(inside), Codes({"touches"}));
    EXPECT_NE(inside.findings.at(0).why.find("coarse area"), std::string::npos);
}

TEST(Joint, OfOneRecordTheWeightiestPlaceIsFound) {
    Exchange e;
    e.say({.act = act::add, .radius_dm = 100}, exact);
    // The coarse area of the newer version lies around the plan, the exact place only near it.
    e.say({.act = act::amend, .version = 2, .radius_dm = 200}, coarse);
    const Answer a = answer_of(e, geo::Circle{{3000, 0}, {0}});
    ASSERT_EQ(a.findings.size(), 1u);
    EXPECT_EQ(a.findings[0].weight, Verdict::conflict);
    EXPECT_EQ(a.findings[0].tier, view::Tier::exact);
}

TEST(Joint, WhereANewerVersionIsWithheldTheAnswerIsIncomplete) {
    Exchange e;
    e.say({.act = act::add}, exact);
    const Made second = e.say({.act = act::withdraw, .version = 2, .approvals = "o"}, withheld);
    e.say({.act = act::add, .record = 1, .at = 5}, exact);
    const Answer a = answer_of(e, spot());
    EXPECT_EQ(codes(a), Codes({"touches", "newer_withheld"}));
    EXPECT_TRUE(a.findings.at(0).flags.has(Flag::newer_withheld));
    EXPECT_EQ(codes(answer_of(e, spot(5))), Codes({"touches"})) << "only what touches it";
    e.say({.act = act::add, .record = 2, .at = 7}, coarse);
    e.say({.act = act::amend, .record = 2, .version = 2}, withheld);
    const Answer incomplete = answer_of(e, spot(7));
    EXPECT_EQ(incomplete.verdict, Verdict::incomplete);
    EXPECT_EQ(codes(incomplete), Codes({"newer_withheld", "touches_coarse"}));
}

TEST(Joint, AWithdrawalIsPendingUntilItIsFinalAndItsDelayHasPassed) {
    Exchange e(joint_charter({"fr", "ru", "un"}, hour));
    e.say({.act = act::add}, exact);
    e.say({.act = act::withdraw, .version = 2, .approvals = "o"}, exact);
    const auto at = [&](Instant now) { return answer_of(e, spot(), now); };
    EXPECT_EQ(at(noon + 100 * hour).verdict, Verdict::conflict);
    EXPECT_EQ(at(noon + 100 * hour).findings.at(0).state, view::State::pending_relaxation);
    EXPECT_TRUE(at(noon).findings.at(0).flags.has(Flag::pending_relaxation));
    e.final(100, noon + 5 * hour);
    EXPECT_EQ(at(noon + 6 * hour - Duration(1)).verdict, Verdict::conflict);
    EXPECT_EQ(at(noon + 6 * hour).verdict, Verdict::no_registered_conflict);
}

TEST(Joint, FlagsAreAllListedAndLowerNothing) {
    Exchange e;
    e.say({.act = act::add, .radius_dm = 300, .reconfirm_by = noon}, exact);
    e.say({.act = act::amend, .version = 2, .radius_dm = 200, .reconfirm_by = noon}, exact);
    e.registry().apply(e.log(), e.fr().position("leave"), statement::OpenEntry{"leave", {}});
    AsOf as_of = fresh(noon);
    as_of.sources[0].absent = true;
    const Answer a = answer_of(view::View(e.settled(), {PartyId{"un"}}), spot(), as_of, noon);
    EXPECT_EQ(a.verdict, Verdict::conflict);
    EXPECT_EQ(codes(a), Codes({"touches", "absent"}));
    const std::vector<Flag> want = {Flag::unconfirmed, Flag::author_left, Flag::absent,
                                    Flag::pending_relaxation};
    EXPECT_EQ(a.findings.at(0).flags.list(), want);
}

TEST(Sources, AnOldMissingForkedOrUnheardPartyIsSaid) {
    Exchange e;
    const view::View view(e.settled(), {PartyId{"un"}});
    const auto with = [&](auto change) {
        AsOf as_of = fresh(noon);
        change(as_of.sources[0]);
        return answer_of(view, spot(), as_of, noon);
    };
    EXPECT_TRUE(with([](Source&) {}).reasons.empty());
    struct Case {
        const char* code;
        Verdict verdict;
        std::function<void(Source&)> change;
    };
    const auto limit = statement::default_terms().age_limit;
    const Case cases[] = {
        {"stale", Verdict::incomplete, [&](Source& s) { s.beat = noon - limit - Duration(1); }},
        {"stale", Verdict::incomplete, [&](Source& s) { s.received = noon - limit - Duration(1); }},
        {"never_heard", Verdict::incomplete, [](Source& s) { s.beat.reset(); }},
        {"beat_ahead", Verdict::incomplete, [](Source& s) { s.beat = noon + hour; }},
        {"missing_releases", Verdict::incomplete, [](Source& s) { s.missing = 2; }},
        {"slot_unexplained", Verdict::incomplete,
         [](Source& s) {
             s.missing = 1;
             s.missing_code = "slot_unexplained";
         }},
        {"forked", Verdict::caution, [](Source& s) { s.forked = true; }},
        {"absent", Verdict::caution,
         [&](Source& s) {
             s.absent = true;
             s.beat = noon - 100 * hour;
         }},
        {"left", Verdict::caution,
         [&](Source& s) {
             s.left = true;
             s.beat = noon - 100 * hour;
         }},
    };
    for (const Case& one : cases) {
        const Answer a = with(one.change);
        EXPECT_EQ(codes(a), Codes({one.code}));
        EXPECT_EQ(a.verdict, one.verdict) << one.code;
        EXPECT_NE(a.reasons.at(0).text.find("fr"), std::string::npos) << a.reasons[0].text;
        EXPECT_EQ(a.reasons[0].party.v, "fr");
    }
    EXPECT_TRUE(with([&](Source& s) { s.beat = noon - limit; }).reasons.empty()) << "just not";
    EXPECT_TRUE(with([&](Source& s) { s.beat = noon + Duration(1000); }).reasons.empty());
    EXPECT_EQ(codes(answer_of(view, spot(), AsOf{}, noon)), Codes({"never_heard", "never_heard"}))
        << "a party that nobody says anything of";
}

TEST(ViewAs, ShowsWhatWasReleasedAndNothingElse) {
    Exchange e(joint_charter({"fr", "ru", "un"}));
    std::vector<Made> made;
    const auto say = [&](const Said& said) {
        made.push_back(e.un().make(said));
        e.registry().apply(0, made.back().open());
    };
    for (int i = 0; i < 4; ++i) say({.act = act::add, .record = i, .at = i});
    say({.act = act::amend, .record = 1, .version = 2, .radius_dm = 900, .at = 1});
    e.say({.act = act::add, .record = 7}, exact);  // another party's, which is not ours to show
    // Record 0 exact, 1 in its first version only, 2 coarse, 3 not at all.
    const view::Released released = {{made[0].position.leaf, std::uint8_t{exact}},
                                     {made[1].position.leaf, std::uint8_t{exact}},
                                     {made[2].position.leaf, std::uint8_t{coarse}}};
    const view::View seen = view::View::as(e.settled(), {PartyId{"ru"}}, released);
    EXPECT_EQ(seen.size(), 3u);
    EXPECT_EQ(seen.find(e.un().id(3)), std::nullopt);
    EXPECT_EQ(seen.find(e.fr().id(7)), std::nullopt);
    const view::Seen whole = seen.at(*seen.find(e.un().id(0)));
    EXPECT_EQ(whole.tier(), view::Tier::exact);
    EXPECT_EQ(whole.party().v, "un");
    EXPECT_FALSE(whole.newer_withheld());
    const view::Seen old = seen.at(*seen.find(e.un().id(1)));
    EXPECT_EQ(old.version(), 1u);
    EXPECT_TRUE(old.flags(noon).has(Flag::newer_withheld));
    const view::Seen area = seen.at(*seen.find(e.un().id(2)));
    EXPECT_EQ(area.tier(), view::Tier::coarse);
    EXPECT_EQ(area.protection(), nullptr);
    EXPECT_EQ(area.class_name(), "hospital");
    ASSERT_EQ(area.places(noon).size(), 1u);
    EXPECT_TRUE(
        std::holds_alternative<geo::Area>(area.places(noon)[0].reached->place.volume.shape));
}

TEST(ViewOwn, ListsAndMapsHaveOthersExactPlacesAsTheirCoarseAreas) {
    Exchange e;
    e.say({.act = act::add}, exact);
    e.registry().apply(0, e.un().make({.act = act::add}).open());
    const view::View view(e.settled(), {PartyId{"un"}});
    const view::Seen theirs = view.at(*view.find(e.fr().id(0)));
    const view::Seen ours = view.at(*view.find(e.un().id(0)));
    statement::Protection room;
    ASSERT_NE(theirs.listed(room), nullptr);
    ASSERT_EQ(room.where.size(), 1u);
    const auto* area = std::get_if<geo::Area>(&room.where[0].volume.shape);
    ASSERT_NE(area, nullptr);
    const registry::Reached& exactly = *theirs.places(noon).at(0).reached;
    EXPECT_TRUE(geo::area_covers(*area, exactly.place.volume.shape, exactly.reach()));
    EXPECT_TRUE(room.names.empty());
    EXPECT_EQ(theirs.drawn_ever().places.at(0).reached->place.volume.shape,
              room.where[0].volume.shape);
    EXPECT_EQ(ours.listed(room), ours.protection());
    EXPECT_EQ(ours.drawn_ever().places.at(0).reached, ours.places(noon).at(0).reached);
    // A box that holds the area and not the place shows it all the same: it tells nothing more.
    view::Filter filter;
    geo::Box corner = geo::bounding_box(*area);
    corner.south = corner.north - 10;
    filter.box = corner;
    EXPECT_TRUE(view::passes(filter, theirs, noon));
    EXPECT_FALSE(view::passes(filter, ours, noon));
}

/// The same as the other party's own register makes of the same bodies.
TEST(ViewAs, IsWhatTheOtherPartysRegisterHolds) {
    Rng rng(4);
    for (int round = 0; round < 30; ++round) {
        const auto charter = joint_charter({"fr", "un"});
        Exchange ours(charter);
        registry::Registry theirs(charter, PartyId{"fr"});
        const auto log = theirs.add_log(ours.un().origin(), PartyId{"un"});
        theirs.apply(log, {{0}, {}},
                     registry::make_key_entry({"officer", registry::test::key('o').public_key(), 0},
                                              ours.un().origin(), registry::test::key('r')));
        view::Released released;
        std::vector<std::uint32_t> versions(4);
        for (int n = 0; n < 12; ++n) {
            Said said;
            said.record = static_cast<int>(rng.below(4));
            said.version = ++versions[static_cast<std::size_t>(said.record)];
            said.act = said.version == 1   ? act::add
                       : rng.below(3) == 0 ? act::withdraw
                                           : act::amend;
            said.radius_dm = static_cast<std::int64_t>(1 + rng.below(3)) * 100;
            said.approvals = rng.below(2) == 0 ? "o" : "";
            const Made made = ours.un().make(said);
            ours.registry().apply(0, made.open());
            const unsigned tiers[] = {0, coarse, exact, exact};
            const unsigned slots = tiers[rng.below(4)];
            if (slots == 0) {
                theirs.note_sealed(log, made.position, made.entry);
            } else {
                released[made.position.leaf] = static_cast<std::uint8_t>(slots);
                theirs.apply(log, made.open(slots));
            }
        }
        theirs.settle();
        const view::View as = view::View::as(ours.settled(), {PartyId{"fr"}}, released);
        const view::View own(theirs.snapshot(), {PartyId{"fr"}});
        ASSERT_EQ(as.size(), own.size());
        EXPECT_EQ(as.unplaced(), own.unplaced());
        for (Slot slot = 0; slot < own.size(); ++slot) {
            const view::Seen there = own.at(slot), here = as.at(*as.find(there.id()));
            EXPECT_EQ(here.flags(noon), there.flags(noon)) << round;
            EXPECT_EQ(here.class_name(), there.class_name());
            const auto a = here.places(noon), b = there.places(noon);
            ASSERT_EQ(a.size(), b.size()) << round;
            for (std::size_t i = 0; i < a.size(); ++i) {
                EXPECT_EQ(*a[i].reached, *b[i].reached);
                EXPECT_EQ(a[i].until, b[i].until);
            }
        }
    }
}

}  // namespace
}  // namespace entente::check
