// SPDX-License-Identifier: Apache-2.0
// Activities among four parties: who sees which, their life, and what nodes reply by themselves:
// that something was missing from what was checked, and conflicts within PROTOCOL 14.
#include "sim/activities_for_test.h"

namespace entente::sim {
namespace {

using Words = std::vector<std::string>;

const geo::LatLng here{335'000'000, 363'000'000};
/// Inside every coarse area around `here`, and far from what stands there.
const geo::LatLng a_kilometre_off{335'100'000, 363'000'000};

node::Draft desk_of(node::Draft draft, const std::string& desk, bool replies) {
    draft.protection.contact = desk;
    if (replies) draft.protection.texts["automatic_reply"] = "coarse";
    return draft;
}

view::ActivityState state_at(Party& party, const RecordId& id, Instant now) {
    const view::View view = view_of(party);
    const auto seen = view.find_activity(id);
    EXPECT_TRUE(seen);
    return seen->state(now);
}

TEST(Activity, IsSeenByWhomItIsDeclaredToAndByNobodyElse) {
    Four four;
    four.rounds(2);
    const RecordId id = declare(four.ru(), {volume(here, 500, four.now)}, {"fr"}, four.now);
    four.rounds(2);
    EXPECT_TRUE(view_of(four.ru()).find_activity(id));
    ASSERT_TRUE(view_of(four.fr()).find_activity(id));
    EXPECT_EQ(view_of(four.fr()).find_activity(id)->activity()->contact, "ru operations");
    EXPECT_FALSE(view_of(four.msf()).find_activity(id));
    EXPECT_FALSE(view_of(four.un()).find_activity(id));
    // What ru shows of itself to fr and to msf is the same.
    const auto fr = four.ru().exchange().shown_to(PartyId{"fr"});
    const auto msf = four.ru().exchange().shown_to(PartyId{"msf"});
    const auto& snapshot = four.ru().node().snapshot();
    EXPECT_TRUE(view::View::as(snapshot, {PartyId{"fr"}}, fr->bodies).find_activity(id));
    EXPECT_FALSE(view::View::as(snapshot, {PartyId{"msf"}}, msf->bodies).find_activity(id));
}

TEST(Activity, SealedIsSeenByNobodyUntilItIsOpened) {
    Four four;
    four.rounds(2);
    const RecordId id = declare(four.ru(), {volume(here, 500, four.now)}, {}, four.now);
    four.rounds(2);
    for (Party* other : {&four.fr(), &four.msf(), &four.un()}) {
        EXPECT_FALSE(view_of(*other).find_activity(id));
    }
    ASSERT_TRUE(four.ru().exchange().release({id}, PartyId{"un"}, node::Tier::exact, four.now));
    four.rounds(2);
    EXPECT_TRUE(view_of(four.un()).find_activity(id));
    EXPECT_FALSE(view_of(four.fr()).find_activity(id));
}

TEST(Activity, ItsLifeReachesWhoKnowsIt) {
    Four four;
    four.rounds(2);
    const RecordId id = declare(four.ru(), {volume(here, 500, four.now)}, {"fr"}, four.now);
    four.rounds(2);
    using view::ActivityState;
    EXPECT_EQ(state_at(four.fr(), id, four.now), ActivityState::planned);
    EXPECT_FALSE(follow(four.ru(), id, "start", four.now)) << "before its window";
    EXPECT_FALSE(follow(four.ru(), id, "end", four.now)) << "before it has started";
    four.now += std::chrono::hours(1);
    ASSERT_TRUE(follow(four.ru(), id, "start", four.now));
    EXPECT_FALSE(follow(four.ru(), id, "start", four.now)) << "twice";
    four.rounds(2);
    EXPECT_EQ(state_at(four.fr(), id, four.now), ActivityState::running);
    EXPECT_EQ(view_of(four.fr()).find_activity(id)->version(), 2u);
    ASSERT_TRUE(follow(four.ru(), id, "end", four.now));
    EXPECT_FALSE(follow(four.ru(), id, "cancel", four.now)) << "when it is over";
    four.rounds(2);
    EXPECT_EQ(state_at(four.fr(), id, four.now), ActivityState::ended);
    EXPECT_TRUE(view_of(four.fr()).find_activity(id)->volumes().empty());
}

TEST(Activity, AWindowThatIsOverEndsItForEverybody) {
    Four four;
    four.rounds(2);
    const RecordId id = declare(four.ru(), {volume(here, 500, four.now)}, {"fr"}, four.now);
    const Instant end = four.now + std::chrono::hours(3);
    four.rounds(2);
    using view::ActivityState;
    EXPECT_EQ(state_at(four.fr(), id, end - Duration(1)), ActivityState::running);
    EXPECT_EQ(state_at(four.fr(), id, end), ActivityState::lapsed);
    EXPECT_FALSE(follow(four.ru(), id, "start", end));
}

TEST(Activity, ThatWasStartedGoesOnUntilItsAuthorEndsIt) {
    Four four;
    four.rounds(2);
    Party& ru = four.ru();
    const RecordId id = declare(ru, {volume(here, 500, four.now)}, {"fr"}, four.now);
    const Instant end = four.now + std::chrono::hours(3);
    four.now += std::chrono::hours(1);
    ASSERT_TRUE(follow(ru, id, "start", four.now));
    four.rounds(2);
    using view::ActivityState;
    const auto found = [&](Instant from, Instant now) {
        geo::Place plan = volume(here, 500, {});
        plan.volume.window = {from, from + std::chrono::minutes(1)};
        const view::View view = view_of(four.fr());
        index::Scratch scratch;
        return check::meetings(view, four.fr().exchange().state().activities, scratch,
                               question({plan}), {}, now)
            .size();
    };
    const Duration late = std::chrono::hours(2);
    EXPECT_EQ(state_at(four.fr(), id, end - Duration(1)), ActivityState::running);
    EXPECT_EQ(found(end + late, end - Duration(1)), 0u) << "it is expected to keep its time";
    EXPECT_EQ(state_at(four.fr(), id, end), ActivityState::overdue);
    EXPECT_EQ(found(end + late, end), 1u) << "and has not";
    EXPECT_EQ(state_at(four.fr(), id, end + view::runs_on_for - Duration(1)),
              ActivityState::overdue);
    EXPECT_EQ(state_at(four.fr(), id, end + view::runs_on_for), ActivityState::lapsed);
    EXPECT_EQ(found(end + view::runs_on_for, end + view::runs_on_for), 0u);
    const auto seen = view_of(four.fr()).find_activity(id);
    EXPECT_FALSE(check::question_of(*seen, end + view::runs_on_for));
    ASSERT_TRUE(check::question_of(*seen, end));
    EXPECT_EQ(check::question_of(*seen, end)->volumes[0].window.start, end);
    four.now = end + std::chrono::minutes(10);
    geo::Place longer = volume(here, 500, end);
    longer.volume.window.start = end - late;
    ASSERT_TRUE(amend(ru, id, {longer}, four.now)) << "its author says so";
    four.rounds(2);
    EXPECT_EQ(state_at(four.fr(), id, four.now), ActivityState::running);
    four.now = end + std::chrono::hours(4);
    ASSERT_TRUE(follow(ru, id, "end", four.now)) << "late, and it is over";
    four.rounds(2);
    EXPECT_EQ(state_at(four.fr(), id, four.now), ActivityState::ended);
}

TEST(KeyProof, NamesWhatWasReleasedAndNotThereWhenItWasChecked) {
    Four four;
    four.rounds(2);
    const auto id = four.msf().say(desk_of(hospital(), "health desk", false), {},
                                   {{PartyId{"fr"}, node::Tier::exact}}, four.now);
    ASSERT_TRUE(id);
    // fr has not heard of it, checks, and declares.
    const RecordId activity = declare(four.fr(), {volume(here, 500, four.now)}, {"msf"}, four.now);
    four.rounds(2);
    EXPECT_EQ(reply_to_all(four.msf(), four.now), 2u);
    four.rounds(2);
    EXPECT_EQ(replies(four.fr(), activity),
              (Words{"msf conflict health desk 1", "msf missing  1"}));
    EXPECT_EQ(reply_to_all(four.msf(), four.now), 0u) << "it is said once";
    four.msf().stop();
    ASSERT_TRUE(four.msf().start());
    EXPECT_EQ(reply_to_all(four.msf(), four.now), 0u) << "whatever dies in between";
    // Checked again with all of it, nothing is missing; that it touches stays true.
    const RecordId again = declare(four.fr(), {volume(here, 500, four.now)}, {"msf"}, four.now);
    four.rounds(2);
    EXPECT_EQ(reply_to_all(four.msf(), four.now), 1u);
    four.rounds(2);
    EXPECT_EQ(replies(four.fr(), again), (Words{"msf conflict health desk 1"}));
}

TEST(AutomaticReply, SaysNothingOfWhatWasNotReleasedUnlessItsAuthorAllowsIt) {
    for (const bool allows : {false, true}) {
        Four four;
        four.rounds(2);
        ASSERT_TRUE(four.msf().say(desk_of(hospital(), "health desk", allows), {}, {}, four.now));
        const RecordId touching =
            declare(four.ru(), {volume(here, 500, four.now)}, {"msf"}, four.now);
        const RecordId beside =
            declare(four.ru(), {volume(a_kilometre_off, 100, four.now)}, {"msf"}, four.now);
        const RecordId far = declare(four.ru(), {volume({345'000'000, 363'000'000}, 500, four.now)},
                                     {"msf"}, four.now);
        four.rounds(2);
        reply_to_all(four.msf(), four.now);
        four.rounds(2);
        const Words expected = allows ? Words{"msf conflict health desk 0"} : Words{};
        EXPECT_EQ(replies(four.ru(), touching), expected);
        EXPECT_EQ(replies(four.ru(), beside), expected)
            << "where only the coarse area is touched the answer must be the same";
        EXPECT_EQ(replies(four.ru(), far), Words{});
    }
}

TEST(AutomaticReply, ComparesWhatIsHeldAsAnAreaWithTheAreaAlone) {
    for (const bool recalled : {false, true}) {
        Four four;
        four.rounds(2);
        const node::Tier tier = recalled ? node::Tier::exact : node::Tier::coarse;
        const auto house = four.msf().say(desk_of(hospital(), "health desk", false), {},
                                          {{PartyId{"ru"}, tier}}, four.now);
        ASSERT_TRUE(house);
        four.rounds(2);
        if (recalled) {
            ASSERT_TRUE(four.msf().exchange().recall(
                {{*house}, PartyId{"ru"}, true, "EXERCISE", "a.liaison"}, four.now));
            four.rounds(2);
        }
        const RecordId touching =
            declare(four.ru(), {volume(here, 100, four.now)}, {"msf"}, four.now);
        const RecordId beside =
            declare(four.ru(), {volume(a_kilometre_off, 100, four.now)}, {"msf"}, four.now);
        four.rounds(2);
        reply_to_all(four.msf(), four.now);
        four.rounds(2);
        EXPECT_EQ(replies(four.ru(), touching), (Words{"msf conflict health desk 1"}));
        EXPECT_EQ(replies(four.ru(), beside), replies(four.ru(), touching))
            << "what is answered to an exact question would find the place";
    }
}

TEST(AutomaticReply, LooksAgainWhereTheAreaOfSomethingNewIsTouched) {
    Four four;
    four.rounds(2);
    const RecordId beside =
        declare(four.ru(), {volume(a_kilometre_off, 100, four.now)}, {"msf"}, four.now);
    const RecordId above = [&] {
        geo::Place high = volume(here, 100, four.now);
        high.volume.band = {50'000, 60'000, geo::AltitudeReference::agl};
        return declare(four.ru(), {high}, {"msf"}, four.now);
    }();
    four.rounds(2);
    Party& msf = four.msf();
    node::Replying replying(msf.exchange());
    replying.look(msf.exchange().state(), nullptr);
    node::Draft low = desk_of(hospital(), "health desk", true);
    low.protection.where.front().volume.band = {0, 100, geo::AltitudeReference::agl};
    const auto house = msf.say(low, {}, {}, four.now);
    ASSERT_TRUE(house);
    const std::vector<registry::Slot> changed{*msf.node().snapshot().find(*house)};
    const node::State state = msf.exchange().state();
    replying.look(state, &changed);
    const auto some = replying.concerned(state, changed, four.now);
    EXPECT_EQ(some.size(), 2u);
    EXPECT_EQ(reply_to(msf, replying, some, four.now), 2u);
    four.rounds(2);
    for (const RecordId& id : {beside, above}) {
        EXPECT_EQ(replies(four.ru(), id), (Words{"msf conflict health desk 0"}));
    }
}

TEST(AutomaticReply, GoesOnWhileARelaxationIsPendingAndEndsWithIt) {
    Four four;
    four.rounds(2);
    Party& msf = four.msf();
    const auto house = msf.say(desk_of(hospital(), "health desk", true), {}, {}, four.now);
    ASSERT_TRUE(house);
    ASSERT_TRUE(msf.say(hospital(335'000'000, statement::act::withdraw), *house, {}, four.now));
    const RecordId before = declare(four.ru(), {volume(here, 100, four.now)}, {"msf"}, four.now);
    four.rounds(2);
    EXPECT_EQ(reply_to_all(msf, four.now), 1u) << "it protects until that is final and acts";
    four.rounds(2);
    EXPECT_EQ(replies(four.ru(), before).size(), 1u);
    four.now += std::chrono::hours(2);
    four.rounds(4);
    four.now += std::chrono::hours(2);
    four.rounds(4);
    ASSERT_EQ(view_of(msf).at(*msf.node().snapshot().find(*house)).state(four.now),
              view::State::withdrawn);
    declare(four.ru(), {volume(here, 100, four.now)}, {"msf"}, four.now);
    four.rounds(2);
    EXPECT_EQ(reply_to_all(msf, four.now), 0u);
}

/// Who was told of a record when it had moved is told nothing of where it was, though it protects
/// there still.
TEST(AutomaticReply, ComparesNoVersionThatWasNotReleased) {
    Four four;
    four.rounds(2);
    Party& msf = four.msf();
    const geo::LatLng there{345'000'000, 363'000'000};
    const auto say = [&](const node::Draft& draft, const std::optional<RecordId>& record,
                         const node::Audience& audience) {
        const auto said = msf.say(desk_of(draft, "health desk", false), record, audience, four.now);
        EXPECT_TRUE(said) << said.error().detail;
        return *said;
    };
    const RecordId house = say(hospital(), {}, {});
    say(hospital(there.lat_e7, statement::act::amend), house, {});
    say(hospital(there.lat_e7, statement::act::confirm_move), house,
        {{PartyId{"ru"}, node::Tier::exact}});
    four.rounds(2);
    const RecordId before = declare(four.ru(), {volume(here, 500, four.now)}, {"msf"}, four.now);
    const RecordId now = declare(four.ru(), {volume(there, 500, four.now)}, {"msf"}, four.now);
    four.rounds(2);
    EXPECT_EQ(msf.ask(question({volume(here, 500, four.now)}), four.now).findings_total, 1u)
        << "it protects there until the move is final and acts";
    reply_to_all(msf, four.now);
    four.rounds(2);
    EXPECT_EQ(replies(four.ru(), before), Words{});
    EXPECT_EQ(replies(four.ru(), now), (Words{"msf conflict health desk 1"}));
}

/// And if it was told of that as an area, it is answered by that.
TEST(AutomaticReply, ComparesEachVersionAsItIsHeld) {
    Four four;
    four.rounds(2);
    Party& msf = four.msf();
    const geo::LatLng there{345'000'000, 363'000'000};
    const auto house = msf.say(desk_of(hospital(), "health desk", false), {},
                               {{PartyId{"ru"}, node::Tier::coarse}}, four.now);
    ASSERT_TRUE(house);
    ASSERT_TRUE(
        msf.say(desk_of(hospital(there.lat_e7, statement::act::amend), "health desk", false),
                *house, {}, four.now));
    ASSERT_TRUE(msf.say(hospital(there.lat_e7, statement::act::confirm_move), *house,
                        {{PartyId{"ru"}, node::Tier::exact}}, four.now));
    four.rounds(2);
    const RecordId touching = declare(four.ru(), {volume(here, 100, four.now)}, {"msf"}, four.now);
    const RecordId beside =
        declare(four.ru(), {volume(a_kilometre_off, 100, four.now)}, {"msf"}, four.now);
    four.rounds(2);
    reply_to_all(msf, four.now);
    four.rounds(2);
    EXPECT_EQ(replies(four.ru(), touching), (Words{"msf conflict health desk 1"}));
    EXPECT_EQ(replies(four.ru(), beside), replies(four.ru(), touching));
}

TEST(AutomaticReply, CountsHowFarWhoActsMayBeOutsideItsVolume) {
    Four four;
    four.rounds(2);
    ASSERT_TRUE(four.msf().say(desk_of(hospital(), "health desk", true), {}, {}, four.now));
    std::vector<geo::Place> points;
    for (int i = 0; i < 12; ++i) {
        points.push_back(volume({300'000'000 + i * 10'000'000, 300'000'000}, 0, four.now));
        points.back().accuracy = Decimetres{500'000};  // 50 km
    }
    declare(four.ru(), points, {"msf"}, four.now);
    const RecordId id = declare(four.ru(), {volume(here, 100, four.now)}, {"msf"}, four.now);
    four.rounds(2);
    reply_to_all(four.msf(), four.now);
    four.rounds(2);
    EXPECT_EQ(replies(four.ru(), id), Words{});
}

TEST(Activity, SaysNothingOfWhatOthersReleasedToItsParty) {
    Four four;
    four.rounds(2);
    ASSERT_TRUE(four.msf().say(hospital(), {}, {{PartyId{"fr"}, node::Tier::exact}}, four.now));
    four.rounds(2);
    const RecordId id = declare(four.fr(), {volume(here, 500, four.now)}, {"ru"}, four.now);
    four.rounds(2);
    const view::View view = view_of(four.ru());
    const statement::Checked& checked = view.find_activity(id)->activity()->checked;
    EXPECT_EQ(checked.verdict, "unstated");
    EXPECT_EQ(checked.touched, 0);
    for (const statement::CheckedLog& log : checked.logs) {
        if (log.origin != four.ru().node().origin()) EXPECT_EQ(log.released.size.v, 0u);
    }
}

TEST(Activity, WhatIsNotUnderstoodTakesNothingBack) {
    Four four;
    four.rounds(2);
    const RecordId id = declare(four.ru(), {volume(here, 500, four.now)}, {"fr"}, four.now);
    const auto& dealings = four.ru().node().snapshot().dealings();
    node::ActivityDraft draft{statement::act::cancel, "a.planner", {}, {}};
    auto cancelled =
        node::compose_activity(four.ru().author(), draft, &dealings.at(*dealings.find(id)),
                               four.now, four.ru().rng().bytes());
    ASSERT_TRUE(cancelled);
    ASSERT_TRUE(log_dealing(four.ru(), as_act(four.ru(), *cancelled, "postpone"), {}, four.now));
    four.rounds(2);
    const view::View view = view_of(four.fr());
    EXPECT_EQ(state_at(four.fr(), id, four.now), view::ActivityState::not_understood);
    EXPECT_EQ(view.find_activity(id)->volumes().size(), 1u);
}

TEST(AutomaticReply, SaysNothingOfWhatAThirdPartyReleased) {
    Four four;
    four.rounds(2);
    ASSERT_TRUE(four.un().say(desk_of(hospital(), "un desk", true), {},
                              {{PartyId{"msf"}, node::Tier::exact}}, four.now));
    four.rounds(2);
    const RecordId id = declare(four.ru(), {volume(here, 500, four.now)}, {"msf"}, four.now);
    four.rounds(2);
    EXPECT_EQ(reply_to_all(four.msf(), four.now), 0u);
    const view::View view = view_of(four.msf());
    const auto seen = view.find_activity(id);
    const auto answer = four.msf().ask(*check::question_of(*seen, four.now), four.now);
    EXPECT_EQ(answer.verdict, check::Verdict::conflict) << "people there are told";
}

TEST(AutomaticReply, LooksAtNoMoreUnreleasedAreaThanOnePartyMayAskFor) {
    Four four;
    four.rounds(2);
    ASSERT_TRUE(four.msf().say(desk_of(hospital(), "health desk", true), {}, {}, four.now));
    // 200 km around: some 160,000 km² of box.
    declare(four.ru(), {volume({300'000'000, 300'000'000}, 2'000'000, four.now)}, {"msf"},
            four.now);
    const RecordId id = declare(four.ru(), {volume(here, 500, four.now)}, {"msf"}, four.now);
    const RecordId other = declare(four.fr(), {volume(here, 500, four.now)}, {"msf"}, four.now);
    four.rounds(2);
    reply_to_all(four.msf(), four.now);
    four.rounds(2);
    EXPECT_EQ(replies(four.ru(), id), Words{});
    EXPECT_EQ(replies(four.fr(), other), Words{"msf conflict health desk 0"})
        << "what one party asked for is not on another's account";
}

TEST(AutomaticReply, NothingIsLookedAtForAnActivityOfWhichMoreWasSaidThanIsKept) {
    Four four;
    four.rounds(2);
    ASSERT_TRUE(four.msf().say(desk_of(hospital(), "health desk", true), {}, {}, four.now));
    const geo::LatLng elsewhere{300'000'000, 300'000'000};
    const RecordId id = declare(four.ru(), {volume(elsewhere, 500, four.now)}, {"msf"}, four.now);
    const auto moves = [&](geo::LatLng to, std::size_t times) {
        for (std::size_t i = 0; i < times; ++i) {
            ASSERT_TRUE(amend(four.ru(), id, {volume(to, 500, four.now)}, four.now));
        }
        four.rounds(2);
    };
    moves(elsewhere, registry::versions_kept_max - 2);
    moves(here, 1);
    EXPECT_EQ(reply_to_all(four.msf(), four.now), 1u) << "each version is counted";
    moves(elsewhere, 2);
    moves(here, 1);
    EXPECT_EQ(reply_to_all(four.msf(), four.now), 0u);
    four.now += std::chrono::hours(28);
    const RecordId later = declare(four.ru(), {volume(here, 500, four.now)}, {"msf"}, four.now);
    four.rounds(2);
    EXPECT_EQ(reply_to_all(four.msf(), four.now), 1u) << "a day after it is over";
    EXPECT_EQ(replies(four.ru(), later).size(), 0u);
}

TEST(AutomaticReply, AnAmendedActivityIsLookedAtAnew) {
    Four four;
    four.rounds(2);
    ASSERT_TRUE(four.msf().say(desk_of(hospital(), "health desk", false), {},
                               {{PartyId{"fr"}, node::Tier::exact}}, four.now));
    four.rounds(2);
    const RecordId id =
        declare(four.fr(), {volume({345'000'000, 363'000'000}, 500, four.now)}, {"msf"}, four.now);
    four.rounds(2);
    EXPECT_EQ(reply_to_all(four.msf(), four.now), 0u);
    ASSERT_TRUE(amend(four.fr(), id, {volume(here, 500, four.now)}, four.now));
    four.rounds(2);
    EXPECT_EQ(reply_to_all(four.msf(), four.now), 1u);
}

}  // namespace
}  // namespace entente::sim
