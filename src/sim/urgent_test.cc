// SPDX-License-Identifier: Apache-2.0
// Urgent statements among four parties: what is believed, what is not, and what is here after a
// crash.
#include "node/urgent.h"

#include <gtest/gtest.h>

#include <functional>

#include "node/compose_dealing.h"
#include "node/noticing.h"
#include "sim/four_for_test.h"

namespace entente::sim {
namespace {

using node::Urgents;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Urgents urgents(Party& of) {
    auto out = Urgents::load(
        {&of.node(), &of.exchange(), &of.writes(), &of.vault(), &of.keys(), of.rng().bytes()});
    EXPECT_TRUE(out) << out.error().detail;
    return std::move(*out);
}

node::Draft stop_to(const char* party) {
    node::Draft out;
    out.act = statement::act::add;
    out.actor = "a.duty";
    geo::Place place;
    place.volume.shape = geo::Circle{{335'000'000, 363'000'000}, {20'000}};
    place.buffer = Decimetres{0};
    out.protection.where = {place};
    out.protection.contact = "duty, fr";
    out.protection.stop = statement::Stop{PartyId{party}, {"duty", "floor"}, "EXERCISE", {}};
    return out;
}

/// fr says STOP to ru; nobody has asked fr for its log since.
class Urgency : public testing::Test {
  protected:
    Urgency() {
        four_.rounds(2);
        id_ = *four_.fr().say(stop_to("ru"), {}, {{PartyId{"ru"}, node::Tier::exact}}, four_.now);
    }
    Party& fr() { return four_.fr(); }
    Party& ru() { return four_.ru(); }
    node::Calling calling() {
        const view::View view(fr().node().snapshot(), {fr().id()});
        auto out = node::calling_of(view, *view.find(id_), four_.now);
        EXPECT_TRUE(out);
        out->attempts.clear();
        out->replies.clear();
        return *out;
    }
    Bytes box(std::vector<std::string> desks = {"duty"}) {
        return urgents(fr()).make(calling(), desks, four_.now).value();
    }
    /// What fr sends, changed and signed anew with this key.
    Bytes changed(const std::function<void(seal::Urgent&)>& change, const SecretKey* key = nullptr,
                  const SealingKey* to = nullptr) {
        seal::Urgent urgent = seal::open_urgent(box(), ru().keys().sealing)->urgent;
        change(urgent);
        return seal::seal_urgent(urgent, key != nullptr ? *key : *fr().keys().duty,
                                 to != nullptr ? *to : ru().keys().sealing.public_key(),
                                 fr().rng().bytes());
    }
    Errc refused(const Bytes& box) {
        Urgents at_ru = urgents(ru());
        const auto taken = at_ru.take(box, four_.now);
        EXPECT_FALSE(taken);
        EXPECT_TRUE(at_ru.heard().empty());
        EXPECT_TRUE(urgents(ru()).heard().empty()) << "nothing of it is stored";
        return taken ? Errc::not_found : taken.error().code;
    }

    Four four_;
    RecordId id_;
};

TEST_F(Urgency, IsHereBeforeItsLogIsAndUntilThatIsHere) {
    Urgents at_ru = urgents(ru());
    const auto taken = at_ru.take(box(), four_.now);
    ASSERT_TRUE(taken) << taken.error().detail;
    EXPECT_TRUE(taken->first && taken->reply_due && !taken->known);
    ASSERT_EQ(at_ru.heard().size(), 1u);
    EXPECT_EQ(at_ru.heard()[0].record, id_);
    EXPECT_EQ(at_ru.heard()[0].said.stop->text, "EXERCISE");
    EXPECT_EQ(at_ru.unlogged().at(PartyId{"fr"}), 1u);
    // A later call of it is no other one, and says whom it calls.
    const auto again = at_ru.take(box({"floor"}), four_.now);
    ASSERT_TRUE(again);
    EXPECT_FALSE(again->first);
    EXPECT_EQ(again->called, std::vector<std::string>{"floor"});
    EXPECT_EQ(at_ru.heard()[0].desks, (std::vector<std::string>{"duty", "floor"}));
    four_.rounds(2);
    // What cannot be written has not happened: a start would hear it, and people were told of it.
    ru().faults().fail_commit(0, store::Fault::not_persisted);
    EXPECT_FALSE(at_ru.settle());
    EXPECT_EQ(at_ru.heard().size(), 1u);
    EXPECT_EQ(at_ru.unlogged().at(PartyId{"fr"}), 1u);
    ASSERT_TRUE(at_ru.settle());
    EXPECT_TRUE(at_ru.heard().empty());
    EXPECT_TRUE(at_ru.unlogged().empty());
    EXPECT_TRUE(urgents(ru()).heard().empty());
    const auto late =
        at_ru.take(changed([&](seal::Urgent& one) { one.sent = four_.now; }), four_.now);
    ASSERT_TRUE(late);
    EXPECT_TRUE(late->known) << "its log has it";
    EXPECT_TRUE(at_ru.heard().empty());
}

TEST_F(Urgency, ACrashLosesNothingThatWasTaken) {
    {
        Urgents at_ru = urgents(ru());
        ASSERT_TRUE(at_ru.take(box(), four_.now));
    }
    // Later calls of it, minutes after, change nothing of that.
    four_.now += minutes(10);
    ASSERT_TRUE(urgents(ru()).take(box({"floor"}), four_.now));
    const Urgents again = urgents(ru());
    ASSERT_EQ(again.heard().size(), 1u);
    EXPECT_EQ(again.heard()[0].record, id_);
    EXPECT_EQ(again.heard()[0].desks, (std::vector<std::string>{"duty", "floor"}));
    // Who has no keys at hand counts it all the same.
    const auto blind = Urgents::load({&ru().node(), &ru().exchange(), &ru().store(), &ru().vault(),
                                      nullptr, ru().rng().bytes()});
    ASSERT_TRUE(blind);
    EXPECT_TRUE(blind->heard().empty());
    EXPECT_EQ(blind->unlogged().at(PartyId{"fr"}), 1u);
}

TEST_F(Urgency, IsBelievedOfNobodyElse) {
    // Another party's duty key, fr's channel key, a key of nobody's.
    EXPECT_EQ(refused(changed([](seal::Urgent&) {}, &*ru().keys().duty)), Errc::bad_signature);
    EXPECT_EQ(refused(changed([](seal::Urgent&) {}, &fr().keys().channel)), Errc::bad_signature);
    // msf signs, and says that it is fr's, or that fr's statement is its own.
    EXPECT_EQ(refused(changed([](seal::Urgent&) {}, &*four_.msf().keys().duty)),
              Errc::bad_signature);
    EXPECT_EQ(refused(changed([](seal::Urgent& one) { one.author = PartyId{"msf"}; },
                              &*four_.msf().keys().duty)),
              Errc::refused);
    EXPECT_EQ(
        refused(changed([](seal::Urgent& one) { one.author = PartyId{"ru"}; }, &*ru().keys().duty)),
        Errc::refused)
        << "nobody says STOP to himself";
}

TEST_F(Urgency, IsBelievedOfThisCharterLogAndRecipientAlone) {
    EXPECT_EQ(refused(changed([](seal::Urgent& one) { one.charter = "other"; })), Errc::refused);
    EXPECT_EQ(refused(changed([](seal::Urgent& one) { one.recipient = PartyId{"un"}; })),
              Errc::refused);
    EXPECT_EQ(refused(changed([](seal::Urgent& one) { one.origin.v += "2"; })), Errc::refused);
    EXPECT_EQ(refused(changed(
                  [&](seal::Urgent& one) { one.origin = four_.msf().node().log().origin(); })),
              Errc::refused);
    const SealingKey un = four_.un().keys().sealing.public_key();
    EXPECT_EQ(refused(changed([](seal::Urgent&) {}, nullptr, &un)), Errc::bad_signature);
    // To un, by whom it was said to ru: the statement says to whom.
    Urgents at_un = urgents(four_.un());
    const auto taken = at_un.take(
        changed([](seal::Urgent& one) { one.recipient = PartyId{"un"}; }, nullptr, &un), four_.now);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, Errc::refused);
}

TEST_F(Urgency, NoClockThatIsWrongKeepsItOut) {
    for (const Duration off : {Duration(hours(48)), Duration(-hours(48)), Duration(0)}) {
        Urgents at_ru = urgents(ru());
        const auto taken =
            at_ru.take(changed([&](seal::Urgent& one) { one.sent = four_.now + off; }), four_.now);
        ASSERT_TRUE(taken) << taken.error().detail;
        EXPECT_EQ(at_ru.heard().size(), 1u) << "and it is one";
        EXPECT_EQ(urgents(ru()).heard().size(), 1u);
    }
}

TEST_F(Urgency, ASuccessorLogOfItsAuthorIsBelievedBeforeItIsKnown) {
    EXPECT_EQ(refused(changed([](seal::Urgent& one) { one.origin.v += "x"; })), Errc::refused);
    // The entry is of the log before, so what it says does not fit: but not for the log's name.
    const auto taken =
        urgents(ru()).take(changed([](seal::Urgent& one) { one.origin.v += "/2"; }), four_.now);
    ASSERT_FALSE(taken);
    EXPECT_NE(taken.error().detail.find("no STOP to this party"), std::string::npos);
}

TEST_F(Urgency, APlanThatTouchesItIsAConflictAndElsewhereACaution) {
    Urgents at_ru = urgents(ru());
    ASSERT_TRUE(at_ru.take(box(), four_.now));
    const auto ask = [&](std::int32_t lat) {
        check::Question question;
        question.volumes.push_back({geo::Circle{{lat, 363'000'000}, {1000}}, {}, {}});
        return ru().ask(question, four_.now);
    };
    const auto has = [](const check::Answer& answer, const std::string& code) {
        return std::any_of(answer.reasons.begin(), answer.reasons.end(),
                           [&](const auto& one) { return one.code == code; });
    };
    const check::Answer there = ask(335'000'000);
    EXPECT_EQ(there.verdict, check::Verdict::conflict);
    EXPECT_TRUE(has(there, "open_stop_unlogged"));
    const check::Answer elsewhere = ask(345'000'000);
    EXPECT_FALSE(has(elsewhere, "open_stop_unlogged"));
    EXPECT_TRUE(has(elsewhere, "stop_unlogged"));
    four_.rounds(2);
    ASSERT_TRUE(at_ru.settle());
    EXPECT_FALSE(has(ask(335'000'000), "open_stop_unlogged"));
    EXPECT_TRUE(has(ask(335'000'000), "open_stop"));
    EXPECT_FALSE(has(ask(345'000'000), "stop_unlogged"));
}

TEST_F(Urgency, PeopleAreToldOfAnAnswerBeforeTheLogShowsTheStop) {
    Urgents at_ru = urgents(ru());
    node::Noticing noticing(
        {&ru().node(), &ru().exchange(), &ru().store(), {}, {}, [&] { return at_ru.heard(); }});
    watch::Subscription all;
    all.owner = "nadia";
    const node::Subscriber nadia{std::make_shared<const watch::Matcher>(all)};
    ASSERT_TRUE(noticing.begin(four_.now));
    const node::HeardStop stop = at_ru.take(box(), four_.now)->stop;
    statement::Reply reply;
    reply.of = stop.record;
    reply.to = stop.leaf;
    reply.word = statement::ReplyWord::accepted;
    auto composed =
        node::compose_reply(ru().author(), reply, "b.duty", four_.now, ru().rng().bytes());
    node::Batch batch;
    batch.statements.push_back(std::move(*composed));
    ASSERT_TRUE(
        ru().exchange().log(std::move(batch), {{{PartyId{"fr"}, node::Tier::exact}}}, four_.now));
    ASSERT_TRUE(noticing.make({&nadia, 1}, nullptr, four_.now));
    const auto told = noticing.waiting(watch::stream_of(all), 0, 99);
    ASSERT_TRUE(told);
    std::vector<std::string> details;
    for (const auto& one : *told) {
        if (one.notice.record == stop.record) details.push_back(one.notice.detail);
    }
    EXPECT_EQ(details, (std::vector<std::string>{"heard", "replied_accepted"}));
}

TEST_F(Urgency, BodiesThatAreNotTheEntrysAreNobodys) {
    EXPECT_EQ(refused(changed([](seal::Urgent& one) { one.bodies[2]->body += " "; })),
              Errc::refused);
    EXPECT_EQ(refused(changed([](seal::Urgent& one) { one.bodies[2].reset(); })), Errc::refused);
    EXPECT_EQ(refused(changed([](seal::Urgent& one) { one.bodies[0].reset(); })), Errc::refused);
    EXPECT_EQ(refused(changed([](seal::Urgent& one) { one.entry = "{}"; })), Errc::malformed);
    EXPECT_EQ(refused(changed([](seal::Urgent& one) { one.desks.clear(); })), Errc::malformed);
    EXPECT_EQ(refused(changed([](seal::Urgent& one) { one.desks = {"a\nb"}; })), Errc::malformed);
    EXPECT_EQ(refused(changed([](seal::Urgent& one) { one.desks = {"another"}; })), Errc::refused);
    // A protection is not urgent, whoever signs it.
    const auto other = fr().say(hospital(335'000'000), {}, {}, four_.now);
    ASSERT_TRUE(other);
    const view::View view(fr().node().snapshot(), {fr().id()});
    node::Calling as_stop = calling();
    as_stop.entry = view.at(*view.find(*other)).first_entry();
    EXPECT_EQ(refused(urgents(fr()).make(as_stop, {"duty"}, four_.now).value()), Errc::refused);
}

TEST_F(Urgency, ManyOfOneThatItsLogDoesNotShowAreBounded) {
    Urgents at_ru = urgents(ru());
    Urgents at_fr = urgents(fr());
    std::size_t taken = 0;
    for (std::size_t i = 0; i < Urgents::heard_max + 3; ++i) {
        id_ = *fr().say(stop_to("ru"), {}, {{PartyId{"ru"}, node::Tier::exact}}, four_.now);
        const auto one = at_ru.take(at_fr.make(calling(), {"duty"}, four_.now).value(), four_.now);
        if (one)
            ++taken;
        else
            EXPECT_EQ(one.error().code, Errc::too_large);
    }
    EXPECT_EQ(taken, Urgents::heard_max);
    EXPECT_EQ(at_ru.unlogged().at(PartyId{"fr"}), Urgents::heard_max);
    // Of what is beyond every answer says that there is more.
    check::Question question;
    question.volumes.push_back({geo::Circle{{345'000'000, 363'000'000}, {1000}}, {}, {}});
    const check::Answer answer = ru().ask(question, four_.now);
    EXPECT_TRUE(std::any_of(answer.reasons.begin(), answer.reasons.end(),
                            [](const auto& one) { return one.code == "stop_unread"; }));
}

TEST_F(Urgency, IsKeptForAThirdPartyAndShowsNothingToWhoKeepsIt) {
    Urgents at_un = urgents(four_.un());
    const Bytes one = box();
    const PartyId from{"fr"}, to{"ru"};
    const auto kept = [&] { return *node::urgent_boxes(at_un.kept(to, four_.now).value()); };
    EXPECT_TRUE(at_un.keep(from, to, "a", one, four_.now).value());
    EXPECT_FALSE(at_un.keep(from, to, "a", one, four_.now).value()) << "the same again is no news";
    EXPECT_EQ(kept(), std::vector<Bytes>{one});
    const Bytes later = box({"floor"});
    EXPECT_TRUE(at_un.keep(from, to, "a", later, four_.now).value());
    four_.now += seconds(1);
    EXPECT_EQ(kept(), std::vector<Bytes>{later}) << "a later call takes its place";
    EXPECT_TRUE(at_un.kept(PartyId{"msf"}, four_.now)->empty());
    for (char of = 'b'; of < 'a' + static_cast<int>(Urgents::kept_max); ++of) {
        ASSERT_TRUE(at_un.keep(from, to, Bytes(1, of), one, four_.now));
        four_.now += seconds(1);
    }
    EXPECT_EQ(at_un.keep(from, to, "z", one, four_.now).error().code, Errc::too_large);
    four_.now += seconds(1);
    EXPECT_TRUE(at_un.keep(from, to, "a", one, four_.now)) << "and no flood keeps that one out";
    EXPECT_TRUE(at_un.keep(PartyId{"msf"}, to, "a", one, four_.now)) << "each has its own share";
    EXPECT_TRUE(at_un.kept(to, four_.now + Urgents::kept_for)->empty());
    EXPECT_FALSE(kept().empty()) << "a clock that was ahead ends none";
    EXPECT_TRUE(at_un.kept(to, four_.now + 2 * Urgents::kept_for)->empty());
    EXPECT_TRUE(kept().empty()) << "what is long over is let go of, not only left out";
    EXPECT_TRUE(at_un.keep(from, to, "z", one, four_.now + Urgents::kept_for));
    EXPECT_EQ(at_un.keep(from, PartyId{"nobody"}, "a", one, four_.now).error().code, Errc::refused);
    EXPECT_EQ(at_un.keep(to, to, "a", one, four_.now).error().code, Errc::refused);
    EXPECT_FALSE(node::urgent_boxes(BytesView("\0\0\1", 3)));
}

TEST_F(Urgency, SeveralAtOnceAreKeptAndAFloodIsPaced) {
    Urgents at_un = urgents(four_.un());
    const Bytes one = box();
    const PartyId from{"fr"}, to{"ru"};
    for (char of = 'a'; of < 'a' + static_cast<int>(Urgents::kept_max); ++of) {
        EXPECT_TRUE(at_un.keep(from, to, Bytes(1, of), one, four_.now)) << "said in one breath";
    }
    EXPECT_EQ(at_un.keep(from, to, "a", one + "x", four_.now).error().code, Errc::too_large);
    EXPECT_TRUE(at_un.keep(PartyId{"msf"}, to, "a", one, four_.now)) << "each at his own pace";
    EXPECT_TRUE(at_un.keep(from, to, "a", one + "x", four_.now + Urgents::paced));
}

TEST_F(Urgency, WithoutADutyKeyNothingIsSentAndItSaysSo) {
    node::ExchangeKeys keys = fr().keys();
    keys.duty.reset();
    const auto none = Urgents::load(
        {&fr().node(), &fr().exchange(), &fr().store(), &fr().vault(), &keys, fr().rng().bytes()});
    const auto made = none->make(calling(), {"duty"}, four_.now);
    ASSERT_FALSE(made);
    EXPECT_NE(made.error().detail.find("keys/duty"), std::string::npos);
}

TEST_F(Urgency, AnAnswerStandsBeforeTheStopDoes) {
    Urgents at_ru = urgents(ru());
    ASSERT_TRUE(at_ru.take(box(), four_.now)->reply_due);
    // ru's node says that it has it; then no later box makes it say so again.
    const node::HeardStop& heard = at_ru.heard()[0];
    statement::Reply reply;
    reply.of = heard.record;
    reply.to = heard.leaf;
    reply.automatic = true;
    auto composed =
        node::compose_reply(ru().author(), reply, "node", four_.now, ru().rng().bytes());
    node::Batch batch;
    batch.statements.push_back(std::move(*composed));
    ASSERT_TRUE(
        ru().exchange().log(std::move(batch), {{{PartyId{"fr"}, node::Tier::exact}}}, four_.now));
    EXPECT_FALSE(at_ru.take(box({"floor"}), four_.now)->reply_due);
    four_.rounds(2);
    const view::View at_fr(fr().node().snapshot(), {fr().id()});
    const auto replies = at_fr.replies(id_, {});
    ASSERT_EQ(replies.size(), 1u);
    EXPECT_TRUE(replies[0].reply->automatic);
    EXPECT_EQ(node::calling_of(at_fr, *at_fr.find(id_), four_.now)->answered(),
              node::Answered::nobody);
}

}  // namespace
}  // namespace entente::sim
