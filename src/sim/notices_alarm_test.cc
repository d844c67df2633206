// SPDX-License-Identifier: Apache-2.0
// A new protection inside an activity that may still happen is an alarm: durable, told once, to
// whoever sees the activity; and what is said of activities and replied to them is told.
#include "base/sha256.h"
#include "node/compose_statement.h"
#include "node/noticing.h"
#include "sim/activities_for_test.h"
#include "sim/lied_for_test.h"

namespace entente::sim {
namespace {

using Words = std::vector<std::string>;

const std::string board = watch::board_of("nadia");
const geo::LatLng here{335'000'000, 363'000'000};

std::vector<node::Subscriber> everybody() {
    watch::Subscription subscription;
    subscription.owner = "nadia";
    return {{std::make_shared<const watch::Matcher>(subscription)}};
}

/// What a board holds by now, as "what detail", sorted.
Words told(Party& party, node::Noticing& noticing, Instant now) {
    (void)party.exchange().state();  // as a desk publishes it before it tells
    EXPECT_TRUE(noticing.make(everybody(), nullptr, now));
    Words out;
    const auto rows = noticing.waiting(board, 0, 100);
    EXPECT_TRUE(rows);
    for (const auto& row : *rows) out.push_back(row.notice.what + " " + row.notice.detail);
    std::sort(out.begin(), out.end());
    return out;
}

class Alarm : public testing::Test {
  protected:
    Alarm() { four.rounds(2); }
    node::Noticing anew(Party& party) {
        return node::Noticing({&party.node(), &party.exchange(), &party.store()});
    }
    Four four;
};

TEST_F(Alarm, IsToldOfANewProtectionInsideAnActivityAndOnce) {
    Party& msf = four.msf();
    node::Noticing noticing = anew(msf);
    ASSERT_TRUE(noticing.begin(four.now));
    const RecordId id = declare(four.ru(), {volume(here, 500, four.now)}, {"msf"}, four.now);
    four.rounds(2);
    EXPECT_EQ(told(msf, noticing, four.now), (Words{"activity add"}));
    const auto house = msf.say(hospital(), {}, {}, four.now);
    ASSERT_TRUE(house);
    const Words expected{"activity add", "alarm planned", "record add"};
    EXPECT_EQ(told(msf, noticing, four.now), expected);
    const node::Notice last = noticing.waiting(board, 0, 100)->back().notice;
    EXPECT_EQ(last.activity, id);
    EXPECT_EQ(last.record, *house);
    node::Noticing later = anew(msf);
    EXPECT_EQ(told(msf, later, four.now), expected) << "a process that begins again adds nothing";
    // ru sees its own activity, and hears of the house when it is released to it.
    node::Noticing rus = anew(four.ru());
    ASSERT_TRUE(rus.begin(four.now));
    ASSERT_TRUE(msf.exchange().release({*house}, PartyId{"ru"}, node::Tier::exact, four.now));
    four.rounds(2);
    EXPECT_EQ(told(four.ru(), rus, four.now), (Words{"alarm planned", "record add"}));
}

TEST_F(Alarm, IsToldBesideABoardThatIsFull) {
    Party& msf = four.msf();
    declare(four.ru(), {volume(here, 500, four.now)}, {"msf"}, four.now);
    four.rounds(2);
    ASSERT_TRUE(anew(msf).begin(four.now));
    node::Notice other;  // as if so many things had been told that nobody acknowledged
    other.id = node::notice_id(board, "x");
    other.party = PartyId{"fr"};
    node::Additions full;
    full.outbox.assign(node::Noticing::stream_rows_max, {board, node::encode_notice(other)});
    ASSERT_TRUE(msf.store().add(full));
    node::Noticing noticing = anew(msf);
    const auto last = [&] {
        EXPECT_TRUE(noticing.make(everybody(), nullptr, four.now));
        Words out;
        const auto rows = noticing.waiting(board, node::Noticing::stream_rows_max, 9).value();
        for (const auto& row : rows) out.push_back(row.notice.what);
        return out;
    };
    ASSERT_TRUE(msf.say(hospital(), {}, {}, four.now));
    EXPECT_EQ(last(), (Words{"overflow", "alarm"}));
    ASSERT_TRUE(msf.say(hospital(), {}, {}, four.now));
    stop_to_ru(four);
    four.rounds(2);
    EXPECT_EQ(last(), (Words{"overflow", "alarm", "alarm"})) << "that STOP is ru's to hear";
    // One party's many alarms keep its own from being told, and nobody else's.
    other.what = watch::what::alarm;
    other.party = PartyId{"fr"};
    full.outbox.assign(node::Noticing::urgent_rows_max, {board, node::encode_notice(other)});
    ASSERT_TRUE(msf.store().add(full));
    node::Noticing fuller = anew(msf);
    const auto say = [&](Party& party) {
        ASSERT_TRUE(party.say(hospital(), {}, {{PartyId{"msf"}, node::Tier::exact}}, four.now));
        four.rounds(2);
    };
    say(four.fr());
    EXPECT_EQ(fuller.make(everybody(), nullptr, four.now).value(), 0u);
    say(four.un());
    EXPECT_EQ(fuller.make(everybody(), nullptr, four.now).value(), 1u);
    // What was acknowledged makes room again.
    const auto rows = fuller.waiting(board, 0, 20'000).value();
    std::vector<std::uint64_t> seqs;
    for (const auto& row : rows) {
        if (row.notice.party == PartyId{"fr"} && row.notice.what == watch::what::alarm) {
            seqs.push_back(row.seq);
        }
    }
    ASSERT_EQ(fuller.acknowledge(board, seqs).value(), node::Noticing::urgent_rows_max);
    say(four.fr());
    EXPECT_EQ(fuller.make(everybody(), nullptr, four.now).value(), 1u);
}

TEST_F(Alarm, OfAnActivityThatIsOverdueIsToldByTheClock) {
    node::Noticing noticing = anew(four.fr());
    ASSERT_TRUE(noticing.begin(four.now));
    const Instant end = four.now + std::chrono::hours(3);
    const RecordId id = declare(four.ru(), {volume(here, 500, four.now)}, {"fr"}, four.now);
    declare(four.ru(), {volume(here, 500, four.now)}, {"fr"}, four.now);
    four.now += std::chrono::hours(1);
    ASSERT_TRUE(follow(four.ru(), id, "start", four.now));
    four.rounds(2);
    const Words so_far{"activity add", "activity add", "activity start"};
    EXPECT_EQ(told(four.fr(), noticing, end - Duration(1)), so_far);
    Words then = so_far;
    then.insert(then.begin() + 2, "activity overdue");
    EXPECT_EQ(told(four.fr(), noticing, end), then) << "of the one that was started";
    EXPECT_EQ(noticing.waiting(board, 0, 100)->back().notice.activity, id);
    EXPECT_EQ(told(four.fr(), noticing, end + std::chrono::hours(1)), then) << "once";
    node::Noticing later = anew(four.fr());
    EXPECT_EQ(told(four.fr(), later, end + std::chrono::hours(2)), then);
}

TEST_F(Alarm, IsNotToldOfWhatIsElsewhereOrOverOrAddsNothing) {
    Party& msf = four.msf();
    const RecordId over = declare(msf, {volume(here, 500, four.now)}, {}, four.now);
    ASSERT_TRUE(follow(msf, over, "cancel", four.now));
    node::Noticing noticing = anew(msf);
    ASSERT_TRUE(noticing.begin(four.now));
    ASSERT_TRUE(msf.say(hospital(), {}, {}, four.now));
    EXPECT_EQ(told(msf, noticing, four.now), (Words{"record add"})) << "cancelled";
    ASSERT_TRUE(declare(msf, {volume(here, 500, four.now)}, {}, four.now) != RecordId{});
    ASSERT_TRUE(msf.say(hospital(345'000'000), {}, {}, four.now));
    EXPECT_EQ(told(msf, noticing, four.now), (Words{"activity add", "record add", "record add"}))
        << "100 km away";
}

TEST_F(Alarm, AConfirmationRingsNoBellAndALargerPlaceDoes) {
    Party& msf = four.msf();
    declare(msf, {volume(here, 500, four.now)}, {}, four.now);
    const auto house = msf.say(hospital(), {}, {}, four.now);
    ASSERT_TRUE(house);
    node::Noticing noticing = anew(msf);
    ASSERT_TRUE(noticing.begin(four.now));
    node::Draft confirm = hospital(335'000'000, statement::act::confirm);
    confirm.until = four.now + std::chrono::hours(9);
    ASSERT_TRUE(msf.say(confirm, *house, {}, four.now));
    EXPECT_EQ(told(msf, noticing, four.now), (Words{"record confirm"}));
    node::Draft larger = hospital(335'000'000, statement::act::amend);
    larger.protection.where.front().volume.shape = geo::Circle{here, {5'000}};
    ASSERT_TRUE(msf.say(larger, *house, {}, four.now));
    EXPECT_EQ(told(msf, noticing, four.now),
              (Words{"alarm planned", "record amend", "record confirm"}));
}

TEST_F(Alarm, AnActivityThatTouchesWhatProtectsIsOneWhenItIsSaid) {
    Party& msf = four.msf();
    ASSERT_TRUE(msf.say(hospital(), {}, {}, four.now));
    node::Noticing noticing(
        {&msf.node(), &msf.exchange(), &msf.store(), [&] { return msf.exchange().state().index; }});
    ASSERT_TRUE(noticing.begin(four.now));
    declare(msf, {volume({345'000'000, 363'000'000}, 500, four.now)}, {}, four.now);
    EXPECT_EQ(told(msf, noticing, four.now), (Words{"activity add"}));
    const RecordId id = declare(four.ru(), {volume(here, 500, four.now)}, {"msf"}, four.now);
    four.rounds(2);
    EXPECT_EQ(told(msf, noticing, four.now),
              (Words{"activity add", "activity add", "alarm planned"}));
    EXPECT_EQ(noticing.waiting(board, 0, 100)->back().notice.activity, id);
}

/// What fr says: where a group of ru is, around `here`.
node::Draft presence(const RecordId& group, Instant now) {
    node::Draft out = hospital(335'000'000);
    statement::Protection& said = out.protection;
    said.protection_class = statement::ProtectionClass::group_area;
    said.presence = statement::Presence{group, {}, {'B', '2'}};
    said.where.front().volume.window = {now, now + std::chrono::hours(48)};
    return out;
}

/// Said for the first time, or the next version of `of`; given to everybody, or to nobody.
RecordId deal(Party& party, statement::Dealt said, Instant now, std::optional<RecordId> of = {},
              const char* act = statement::act::add, bool to_all = true) {
    const auto& dealings = party.node().snapshot().dealings();
    const registry::Dealing* before = of ? &dealings.at(*dealings.find(*of)) : nullptr;
    auto made = node::compose_statement(party.author(), {act, "a.liaison", std::move(said)}, before,
                                        now, party.rng().bytes());
    EXPECT_TRUE(made) << made.error().detail;
    const RecordId id = made->id;
    node::Audience to;
    for (const char* other : {"fr", "ru", "msf", "un"}) {
        if (to_all && party.id().v != other) to[PartyId{other}] = node::Tier::exact;
    }
    node::Batch batch;
    batch.statements.push_back(std::move(*made));
    EXPECT_TRUE(party.exchange().log(std::move(batch), {std::move(to)}, now));
    return id;
}

statement::Group some_group(std::vector<RecordId> same = {}) {
    statement::Group out;
    out.names = {{"EXERCISE", "", ""}};
    out.contact = "liaison";
    out.same = std::move(same);
    return out;
}

statement::Position stand(const RecordId& group, statement::Stand stand) {
    statement::Position out;
    out.group = group;
    out.contact = "liaison";
    out.stand = stand;
    return out;
}

/// A group of ru that fr says it does not protect, an area of it by fr, and a plan of ru there: a
/// caution so far.
class GroupAlarm : public Alarm {
  protected:
    GroupAlarm() {
        id = deal(four.ru(), some_group(), four.now);
        position = deal(four.fr(), none(), four.now);
        const auto said = four.fr().say(presence(id, four.now), {},
                                        {{PartyId{"ru"}, node::Tier::exact}}, four.now);
        EXPECT_TRUE(said) << said.error().detail;
        area = *said;
        declare(four.ru(), {volume(here, 500, four.now)}, {}, four.now);
        four.rounds(2);
        EXPECT_TRUE(noticing.begin(four.now));
        EXPECT_TRUE(hears().empty());
    }
    statement::Position none() const { return stand(id, statement::Stand::not_protected); }
    Words hears() {
        four.rounds(2);
        return told(four.ru(), noticing, four.now);
    }
    node::Notice last() { return noticing.waiting(board, 0, 100)->back().notice; }

    RecordId id, position, area;
    node::Noticing noticing = anew(four.ru());
};

TEST_F(GroupAlarm, IsToldWhenItIsProtected) {
    const auto protects = stand(id, statement::Stand::is_protected);
    deal(four.msf(), protects, four.now);
    EXPECT_EQ(hears(), (Words{"alarm planned"}));
    EXPECT_EQ(last().record, area);
    EXPECT_EQ(last().party, PartyId{"msf"});
    node::Noticing later = anew(four.ru());
    EXPECT_EQ(told(four.ru(), later, four.now).size(), 1u) << "once, across starts";
    deal(four.un(), protects, four.now);
    deal(four.un(), none(), four.now);
    EXPECT_EQ(hears().size(), 1u) << "it was protected already";
}

TEST_F(GroupAlarm, IsToldOnceHoweverManyProtectAtOnce) {
    for (Party* party : {&four.un(), &four.msf()}) {
        deal(*party, stand(id, statement::Stand::is_protected), four.now);
    }
    EXPECT_EQ(hears(), (Words{"alarm planned"}));
}

TEST_F(GroupAlarm, IsToldWhenItIsSaidToBeOneThatIsProtected) {
    const RecordId other = deal(four.un(), some_group(), four.now);
    deal(four.msf(), stand(other, statement::Stand::is_protected), four.now);
    EXPECT_TRUE(hears().empty()) << "another group";
    deal(four.un(), some_group({id}), four.now, other, statement::act::amend);
    EXPECT_EQ(hears(), (Words{"alarm planned"}));
    EXPECT_EQ(last().party, PartyId{"un"});
    EXPECT_EQ(last().record, area);
}

TEST_F(GroupAlarm, IsToldThoughAnotherPositionIsOnItsWayMeanwhile) {
    const RecordId mine = deal(four.un(), none(), four.now);
    EXPECT_TRUE(hears().empty());
    // The next version is logged, and given to nobody yet; and then somebody protects.
    Party& un = four.un();
    const auto& dealings = un.node().snapshot().dealings();
    const auto made =
        node::compose_statement(un.author(), {statement::act::amend, "a.liaison", none()},
                                &dealings.at(*dealings.find(mine)), four.now, un.rng().bytes());
    ASSERT_TRUE(made) << made.error().detail;
    ASSERT_TRUE(un.node().submit({*made}, four.now));
    deal(four.msf(), stand(id, statement::Stand::is_protected), four.now);
    const Words words = hears();
    EXPECT_GE(std::count(words.begin(), words.end(), "alarm planned"), 1);
}

TEST_F(GroupAlarm, IsToldWhenItsAuthorTakesItsPositionBack) {
    deal(four.fr(), {}, four.now, position, statement::act::withdraw);
    EXPECT_EQ(hears(), (Words{"alarm planned"}));
    EXPECT_EQ(last().party, PartyId{"fr"});
}

TEST_F(GroupAlarm, IsToldWhenItsAuthorRecallsItsPosition) {
    node::RecallWish wish;
    wish.records = {position};
    wish.from = PartyId{"ru"};
    ASSERT_TRUE(four.fr().exchange().recall(wish, four.now));
    four.rounds(2);
    EXPECT_EQ(hears(), (Words{"alarm planned"})) << "fr is silent by now";
    EXPECT_EQ(last().party, PartyId{"fr"});
    EXPECT_EQ(last().record, area);
}

/// What was said is gone for good by then: only what was noted with the recall tells of it.
TEST_F(GroupAlarm, IsToldThoughTheNodeDiesBetweenTheRecallAndWhoIsToldOfIt) {
    node::RecallWish wish;
    wish.records = {position};
    wish.from = PartyId{"ru"};
    ASSERT_TRUE(four.fr().exchange().recall(wish, four.now));
    four.rounds(2);
    restart(four.ru());
    node::Noticing next = anew(four.ru());
    EXPECT_EQ(told(four.ru(), next, four.now), (Words{"alarm planned"}));
    EXPECT_EQ(next.waiting(board, 0, 100)->back().notice.record, area);
    node::Noticing later = anew(four.ru());
    EXPECT_EQ(told(four.ru(), later, four.now).size(), 1u) << "once";
    EXPECT_EQ(four.ru().store().local(node::forgotten_name)->value_or("x"), "");
}

TEST(Forgotten, APresenceStandsThereOnce) {
    std::vector<node::Forgotten> all;
    const node::Forgotten first{Origin{"a"}, {{7}, sha256("leaf")}, {RecordId{}}};
    EXPECT_TRUE(node::add_forgotten(all, first));
    EXPECT_FALSE(node::add_forgotten(all, {Origin{"b"}, {{8}, sha256("other")}, {RecordId{}}}));
    EXPECT_EQ(all, std::vector{first});
}

/// A row that cannot be read keeps nothing else from being told, and that is told.
TEST_F(GroupAlarm, WhatWasForgottenAndCannotBeReadIsSaidOnce) {
    node::Additions rotten;
    rotten.local.emplace_back(node::forgotten_name, "rotten");
    ASSERT_TRUE(four.ru().store().add(rotten));
    deal(four.msf(), stand(id, statement::Stand::is_protected), four.now);
    four.rounds(2);
    node::Noticing next = anew(four.ru());
    EXPECT_EQ(told(four.ru(), next, four.now), (Words{"alarm planned", "unreadable unreadable"}));
    node::Noticing later = anew(four.ru());
    EXPECT_EQ(told(four.ru(), later, four.now).size(), 2u);
}

TEST(Forgotten, ComesBackAsItWas) {
    const std::vector<node::Forgotten> all{
        {Origin{"exchange-aaaabbbbccccdddd/fr"}, {{7}, sha256("leaf")}, {RecordId{}, RecordId{}}},
        {Origin{"exchange-aaaabbbbccccdddd/ru"}, {{0}, sha256("other")}, {}}};
    const Bytes bytes = node::encode_forgotten(all);
    EXPECT_EQ(node::decode_forgotten(bytes).value(), all);
    EXPECT_TRUE(node::decode_forgotten("")->empty());
    for (std::size_t size = 1; size < bytes.size(); ++size) {
        EXPECT_FALSE(node::decode_forgotten(bytes.substr(0, size)));
    }
}

TEST_F(GroupAlarm, IsToldWhenALaterPositionIsWithheld) {
    const RecordId mine = deal(four.msf(), none(), four.now);
    EXPECT_TRUE(hears().empty());
    // A next version is owed to whoever has one: this one is given to nobody, past the exchange.
    Party& msf = four.msf();
    const auto& dealings = msf.node().snapshot().dealings();
    const auto made = node::compose_statement(
        msf.author(),
        {statement::act::amend, "a.liaison", stand(id, statement::Stand::is_protected)},
        &dealings.at(*dealings.find(mine)), four.now, msf.rng().bytes());
    ASSERT_TRUE(made) << made.error().detail;
    ASSERT_TRUE(msf.node().submit({*made}, four.now));
    four.rounds(2);
    EXPECT_EQ(hears(), (Words{"alarm planned", "withheld withheld"}));
    EXPECT_EQ(last().party, PartyId{"msf"});
    EXPECT_EQ(last().record, area);
}

TEST_F(Alarm, RepliesAreToldToWhoDeclared) {
    node::Noticing noticing = anew(four.ru());
    ASSERT_TRUE(noticing.begin(four.now));
    ASSERT_TRUE(four.msf().say(hospital(), {}, {{PartyId{"ru"}, node::Tier::exact}}, four.now));
    declare(four.ru(), {volume(here, 500, four.now)}, {"msf"}, four.now);
    four.rounds(2);
    EXPECT_EQ(reply_to_all(four.msf(), four.now), 2u);
    four.rounds(2);
    EXPECT_EQ(told(four.ru(), noticing, four.now),
              (Words{"activity add", "activity replied_conflict", "activity replied_missing",
                     "alarm planned", "record add"}));
}

}  // namespace
}  // namespace entente::sim
