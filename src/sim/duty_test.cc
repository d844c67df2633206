// SPDX-License-Identifier: Apache-2.0
// Who is told of what is addressed to a duty role: whoever is signed on to it, when they are, what
// waited for them when they sign on, and nobody else; once, whatever ends in between.
#include "node/compose_challenge.h"
#include "node/noticing.h"
#include "node/urgent.h"
#include "sim/activities_for_test.h"

namespace entente::sim {
namespace {

using statement::ReplyWord;
using std::chrono::minutes;
using Words = std::vector<std::string>;

/// ru, whose nadia and omar are told of what is addressed to `duty` and to `floor`.
class Desks : public testing::Test {
  protected:
    Desks() {
        four.rounds(2);
        begin();
        EXPECT_TRUE(noticing->begin(four.now));
    }
    Party& fr() { return four.fr(); }
    Party& ru() { return four.ru(); }
    node::Urgents urgents(Party& of) {
        return std::move(*node::Urgents::load(
            {&of.node(), &of.exchange(), &of.store(), &of.vault(), &of.keys(), of.rng().bytes()}));
    }
    /// As after a start.
    void begin() {
        at_ru.emplace(urgents(ru()));
        noticing.emplace(
            node::Noticing::Of{&ru().node(), &ru().exchange(), &ru().store(), {}, {}, [this] {
                                   return at_ru->heard();
                               }});
    }
    RecordId stop() { return stop_to_ru(four); }
    /// fr calls these desks urgently.
    void call(const RecordId& id, const Words& desks) {
        const view::View view(fr().node().snapshot(), {fr().id()});
        auto calling = node::calling_of(view, *view.find(id), four.now);
        ASSERT_TRUE(calling);
        const auto box = urgents(fr()).make(*calling, desks, four.now);
        ASSERT_TRUE(box) << box.error().detail;
        ASSERT_TRUE(at_ru->take(*box, four.now));
    }
    RecordId message(const char* desk) {
        statement::Message said;
        said.desks = {desk};
        said.from = "liaison";
        said.text = "EXERCISE";
        auto composed =
            node::compose_message(fr().author(), said, "a.liaison", four.now, fr().rng().bytes());
        EXPECT_TRUE(composed) << composed.error().detail;
        return *log_dealing(fr(), std::move(*composed), {{PartyId{"ru"}, node::Tier::exact}},
                            four.now);
    }
    void answer(const RecordId& of, const Hash& to, ReplyWord word) {
        statement::Reply said;
        said.of = of;
        said.to = to;
        said.word = word;
        said.text = "EXERCISE";
        said.contact = "duty";
        auto composed =
            node::compose_reply(ru().author(), said, "nadia", four.now, ru().rng().bytes());
        ASSERT_TRUE(composed) << composed.error().detail;
        ASSERT_TRUE(log_dealing(ru(), std::move(*composed), {{PartyId{"fr"}, node::Tier::exact}},
                                four.now));
    }
    node::Subscriber subscriber(const char* who, const char* role) const {
        watch::Subscription wants;
        wants.id = std::string(who) + "-sub";
        wants.owner = who;
        wants.duties = {role};
        node::Subscriber out{std::make_shared<const watch::Matcher>(wants)};
        if (const auto on = roster.find(role); on != roster.end() && on->second.first == who) {
            out.on_duty[role] = on->second.second;
        }
        return out;
    }
    /// All that stands on the board, after one more pass.
    Words board(const char* who) {
        (void)ru().exchange().state();  // as a desk publishes it before it tells
        EXPECT_TRUE(at_ru->settle());
        const std::vector<node::Subscriber> all{subscriber("nadia", "duty"),
                                                subscriber("omar", "floor")};
        EXPECT_TRUE(noticing->make(all, nullptr, four.now));
        Words out;
        const auto rows = noticing->waiting(watch::board_of(who), 0, 100).value();
        for (const auto& row : rows) {
            out.push_back(row.notice.what + " " + row.notice.detail);
        }
        return out;
    }
    void on(const char* who, const char* role) { roster[role] = {who, four.now}; }
    void off(const char* role) { roster.erase(role); }

    Four four;
    std::map<std::string, std::pair<std::string, Instant>> roster;  // role: who, since when
    std::optional<node::Urgents> at_ru;
    std::optional<node::Noticing> noticing;
};

TEST_F(Desks, WhoSignsOnWhileAStopCallsIsToldOfItOnceAndWhoIsOffOfNothing) {
    on("omar", "floor");
    const RecordId id = stop();
    call(id, {"duty"});
    EXPECT_EQ(board("nadia"), Words{}) << "she is not on duty";
    EXPECT_EQ(board("omar"), Words{"stop heard"}) << "it names his desk";
    four.now += minutes(1);
    on("nadia", "duty");
    EXPECT_EQ(board("nadia"), Words{"stop waiting"});
    for (int i = 0; i < 2; ++i) {
        begin();
        EXPECT_EQ(board("nadia"), Words{"stop waiting"}) << "once, after a start too";
    }
    EXPECT_EQ(board("omar"), Words{"stop heard"});
    call(id, {"floor"});
    EXPECT_EQ(board("omar"), (Words{"stop heard", "stop called"})) << "a call of his desk";
    EXPECT_EQ(board("nadia"), (Words{"stop waiting", "stop called"})) << "of all that were called";
    off("duty");
    four.now += minutes(1);
    four.rounds(2);
    EXPECT_EQ(board("nadia"), (Words{"stop waiting", "stop called"}));
    EXPECT_EQ(board("omar").back(), "stop add") << "the log shows it";
    on("nadia", "duty");
    EXPECT_EQ(board("nadia").size(), 3u);
    EXPECT_EQ(board("nadia").back(), "stop waiting") << "of what the log shows";
}

TEST_F(Desks, WhatIsDecidedOrAcknowledgedWaitsForNobody) {
    const RecordId id = stop();
    const RecordId said = message("duty");
    const RecordId other = message("floor");
    four.rounds(2);
    EXPECT_EQ(board("nadia"), Words{});
    on("nadia", "duty");
    EXPECT_EQ(board("nadia"), (Words{"stop waiting", "message waiting"}));
    off("duty");
    EXPECT_EQ(board("nadia").size(), 2u);
    const view::View view = view_of(ru());
    answer(said, view.find_message(said)->version().position.leaf, ReplyWord::noted);
    const auto history = view.at(*view.find(id)).history();
    four.now += minutes(1);
    answer(id, history.front().leaf, ReplyWord::noted);
    EXPECT_EQ(board("nadia").size(), 2u) << "she is off";
    on("nadia", "duty");
    EXPECT_EQ(board("nadia").size(), 3u) << "noted decides nothing";
    EXPECT_EQ(board("nadia").back(), "stop waiting");
    off("duty");
    four.now += minutes(1);
    answer(id, history.front().leaf, ReplyWord::accepted);
    EXPECT_EQ(board("nadia").size(), 3u) << "she is off";
    on("nadia", "duty");
    EXPECT_EQ(board("nadia").size(), 3u);
    on("omar", "floor");
    EXPECT_EQ(board("omar"), Words{"message waiting"});
    EXPECT_TRUE(view_of(ru()).find_message(other));
}

TEST_F(Desks, IsToldOfNothingElse) {
    on("nadia", "duty");
    on("omar", "floor");
    say(four);  // a house of msf's, coarse to ru
    four.rounds(2);
    EXPECT_EQ(board("nadia"), Words{});
    message("duty");
    four.rounds(2);
    EXPECT_EQ(board("nadia"), Words{"message add"});
    EXPECT_EQ(board("omar"), Words{});
    // Who said it waits for its answer at the desk that it named.
    const RecordId id = stop();
    four.rounds(2);
    node::Noticing at_fr({&fr().node(), &fr().exchange(), &fr().store()});
    ASSERT_TRUE(at_fr.begin(four.now));
    node::Subscriber watch = subscriber("wanda", "watch");
    watch.on_duty["watch"] = four.now;
    const auto view = view_of(ru());
    answer(id, view.at(*view.find(id)).history().front().leaf, ReplyWord::accepted);
    four.rounds(2);
    (void)fr().exchange().state();
    ASSERT_TRUE(at_fr.make({&watch, 1}, nullptr, four.now));
    const auto rows = *at_fr.waiting(watch::board_of("wanda"), 0, 9);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].notice.detail, "replied_accepted");
}

}  // namespace
}  // namespace entente::sim
