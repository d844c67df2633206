// SPDX-License-Identifier: Apache-2.0
// Done when 4 in the core: a process that dies at any one of its writes, with that write kept or
// lost, while statements are said and arrive, other parties say what they did with them, legs fall
// late, and notices are made of it all and acknowledged. What was durable is told, in order, and
// nothing again once its acknowledgement is durable.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "node/noticing.h"
#include "sim/draft_for_test.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;

const std::string stream = watch::board_of("nadia");

/// One leg that nobody says anything of, from then on for half an hour.
node::Draft convoy(Instant from) {
    node::Draft out = hospital(100'000'000);
    statement::Leg leg;
    leg.window = {from, from + 30min};
    geo::Place line;
    line.volume.shape = geo::Corridor{{{0, 0}, {0, 1'000'000}}, {100}};
    out.protection.where = {place_of(leg, line)};
    out.protection.legs = {leg};
    return out;
}

/// fr, whose process dies, and ru, who tells it things.
class Story {
  public:
    Story() {
        watch::Subscription subscription;
        subscription.id = "a2b3c4d5e6f7a2b3";
        subscription.owner = "nadia";
        subscribers_.push_back({std::make_shared<const watch::Matcher>(subscription)});
        begin();
        EXPECT_TRUE(noticing_->begin(now_));
        first_ = fr_.node().log().size();
    }

    /// Everything once; `dies`: at the n-th write, or never.
    void run(std::optional<std::uint64_t> dies, bool kept) {
        if (dies) fr_.kill().arm(*dies, kept);
        std::optional<RecordId> own, other;
        step([&] { own = must(fr_.say(hospital(100'000'000), {}, to_ru, tick())); });
        step([&] { must(fr_.say(convoy(noon + 6min), {}, to_ru, tick())); });
        step([&] { make(); });
        (void)sync(ru_, fr_, tick());
        if (own) receipt(*own, Rung::passed);
        step([&] { other = must(ru_.say(clinic(200'000'000), {}, to_fr, tick())); });
        step([&] { sync(fr_, ru_, tick()); });
        step([&] { make(); });
        step([&] { deliver(1); });
        if (own) step([&] { must(fr_.say(hospital(110'000'000, "amend"), own, {}, tick())); });
        step([&] { must(ru_.say(clinic(210'000'000), {}, to_fr, tick())); });
        step([&] { must(ru_.say(clinic(220'000'000, "amend"), other, {}, tick())); });
        step([&] { sync(fr_, ru_, tick()); });
        step([&] { make(); });
        step([&] { deliver(2); });
        step([&] { must(fr_.say(hospital(120'000'000), {}, {}, tick())); });
        step([&] { make(); });
        // Nothing is said for as long as the clock alone makes the leg late, overdue, lapsed.
        for (const Duration pass : {Duration(1h), Duration(24h)}) {
            now_ += pass;
            step([&] { make(); });
        }
        step([&] { deliver(9); });
        (void)sync(ru_, fr_, tick());
        if (own) receipt(*own, Rung::refused);
        step([&] { sync(fr_, ru_, tick()); });
        step([&] { make(); });
        fr_.kill().disarm();
        must_be(sync(fr_, ru_, tick()));
        make();
        deliver(99);
    }

    /// By what the register holds in the end.
    void judge() {
        std::set<std::string> expected;
        const view::View view(fr_.node().snapshot(), {fr_.id()});
        for (view::Slot slot = 0; slot < view.size(); ++slot) {
            const view::Seen seen = view.at(slot);
            for (const view::SeenVersion& version : seen.history()) {
                if (!seen.own() || version.index.v >= first_.v) expected.insert(key(version.leaf));
            }
        }
        judge_receipts();
        judge_legs();
        std::set<std::string> told, withheld;
        for (const auto& [id, notice] : sent_) {
            if (notice.what != watch::what::record && notice.what != watch::what::withheld)
                continue;
            // Where it died between an entry and its release, the entry is told of as withheld.
            auto& of = notice.what == watch::what::withheld ? withheld : told;
            EXPECT_TRUE(of.insert(key(notice.leaf)).second) << "one cause made two ids";
        }
        EXPECT_EQ(told, expected);
        EXPECT_TRUE(
            std::includes(expected.begin(), expected.end(), withheld.begin(), withheld.end()));
        EXPECT_EQ(acknowledged_.size(), sent_.size());
    }

    bool died() const { return died_; }
    std::size_t told() const { return sent_.size(); }

  private:
    using Rung = statement::Rung;
    const node::Audience to_fr{{PartyId{"fr"}, node::Tier::coarse}};
    const node::Audience to_ru{{PartyId{"ru"}, node::Tier::exact}};

    /// ru does something with fr's record, if it got there.
    void receipt(const RecordId& id, Rung rung) {
        node::Acknowledgement given;
        given.records = {id};
        given.rung = rung;
        given.unit = "wing";
        if (rung == Rung::refused) given.reason = "no such place";
        if (ru_.exchange().acknowledge(given, "a.duty", tick())) ++receipts_;
    }

    /// What persons of ru said is told, each once, and nothing that its node said by itself.
    void judge_receipts() {
        std::set<std::string> expected, told;
        for (const node::HeardReceipt& one : fr_.exchange().heard()) {
            if (one.receipt.rung >= Rung::loaded) expected.insert(key(one.position.leaf));
        }
        for (const auto& [id, notice] : sent_) {
            if (notice.what != watch::what::receipt) continue;
            EXPECT_TRUE(told.insert(key(notice.leaf)).second) << "one receipt made two notices";
            EXPECT_TRUE(notice.detail == "passed" || notice.detail == "refused") << notice.detail;
            EXPECT_TRUE(notice.record);
        }
        EXPECT_EQ(told, expected);
        EXPECT_EQ(told.size(), receipts_);
    }

    /// How its leg stood, each once, as the clock went by.
    void judge_legs() {
        std::vector<std::string> told;
        for (const std::string& id : order_) {
            if (sent_.at(id).what == watch::what::leg) told.push_back(sent_.at(id).detail);
        }
        const view::View view(fr_.node().snapshot(), {fr_.id()});
        bool moves = false;
        for (view::Slot slot = 0; slot < view.size(); ++slot) moves |= view.at(slot).moves();
        EXPECT_EQ(told, moves ? (std::vector<std::string>{"late", "overdue", "lapsed"})
                              : std::vector<std::string>());
    }

    static std::string key(const Hash& leaf) { return Bytes(leaf.view()); }
    static void must_be(bool done) { EXPECT_TRUE(done); }
    template <class T>
    static T must(Result<T> result) {
        EXPECT_TRUE(result) << result.error().detail;
        return std::move(*result);
    }

    Instant tick() { return now_ += 60s; }

    void begin() { noticing_.emplace(node::Noticing::Of{&fr_.node(), &fr_.exchange(), &store_}); }

    template <class Work>
    void step(const Work& work) {
        try {
            work();
        } catch (const Killed&) {
            died_ = true;
            fr_.stop();
            EXPECT_TRUE(fr_.start());
            begin();
            see_what_is_durable();
            make();
        }
    }

    void make() { must(noticing_->make(subscribers_, nullptr, now_)); }

    /// Sends so many, and acknowledges each.
    void deliver(std::size_t most) {
        for (const auto& one : must(noticing_->waiting(stream, 0, most))) {
            EXPECT_FALSE(acknowledged_.contains(one.notice.id)) << "told again";
            EXPECT_GT(one.seq, acknowledged_up_to_) << "out of order";
            if (!sent_.contains(one.notice.id)) order_.push_back(one.notice.id);
            sent_[one.notice.id] = one.notice;
            under_way_ = one;
            EXPECT_EQ(must(noticing_->acknowledge(stream, {&one.seq, 1})), 1u);
            acknowledge(one);
        }
    }

    void acknowledge(const node::WaitingNotice& one) {
        acknowledged_.insert(one.notice.id);
        acknowledged_up_to_ = one.seq;
        under_way_.reset();
    }

    /// The acknowledgement at which it died: durable if its row is gone.
    void see_what_is_durable() {
        if (!under_way_) return;
        const auto rows = must(noticing_->waiting(stream, 0, 1));
        if (rows.empty() || rows.front().seq != under_way_->seq) acknowledge(*under_way_);
        under_way_.reset();
    }

    Founders founders_ = found({"fr", "ru"}, statement::default_joint_terms(), 1);
    Party fr_{founders_, 0, 1}, ru_{founders_, 1, 2};
    KillStore store_{fr_.store(), fr_.kill()};
    std::vector<node::Subscriber> subscribers_;
    std::optional<node::Noticing> noticing_;
    Instant now_ = noon;
    TreeSize first_;
    bool died_ = false;
    std::map<std::string, node::Notice> sent_;
    std::vector<std::string> order_;
    std::size_t receipts_ = 0;
    std::set<std::string> acknowledged_;
    std::uint64_t acknowledged_up_to_ = 0;
    std::optional<node::WaitingNotice> under_way_;
};

TEST(Dw4NoticesKill, LosesNothingAndTellsNothingAgainWhateverWriteAProcessDiesAt) {
    Story whole;
    whole.run({}, false);
    whole.judge();
    EXPECT_EQ(whole.told(), 12u);
    std::uint64_t writes = 0;
    for (bool more = true; more; ++writes) {
        more = false;
        for (const bool kept : {true, false}) {
            SCOPED_TRACE(std::to_string(writes) + (kept ? " kept" : " lost"));
            Story story;
            story.run(writes, kept);
            story.judge();
            more |= story.died();
            if (HasFailure()) return;
        }
    }
    EXPECT_GT(writes, 30u);
}

TEST(Noticing, TellsOfANewerVersionThatIsWithheldAndOfNoneThatIsOnItsWay) {
    const Founders founders = found({"fr", "ru"}, statement::default_joint_terms(), 1);
    Party fr(founders, 0, 1), ru(founders, 1, 2);
    Instant now = noon;
    const auto round = [&] {
        now += 60s;
        EXPECT_TRUE(ru.exchange().tick(now));
        EXPECT_TRUE(sync(fr, ru, now));
    };
    watch::Subscription subscription;
    subscription.owner = "nadia";
    subscription.what = {watch::what::withheld};
    const std::vector<node::Subscriber> subscribers{
        {std::make_shared<const watch::Matcher>(subscription)}};
    node::Noticing noticing({&fr.node(), &fr.exchange(), &fr.store()});
    ASSERT_TRUE(noticing.begin(noon));
    const auto id = ru.say(clinic(200'000'000), {}, {{PartyId{"fr"}, node::Tier::coarse}}, now);
    ASSERT_TRUE(id);
    round();
    EXPECT_EQ(noticing.make(subscribers, nullptr, now).value(), 0u);
    // The entry comes first, and then what it says.
    ASSERT_TRUE(ru.say(clinic(210'000'000, "amend"), *id, {}, now + 1s));
    now += 60s;
    node::Follow follow(fr.exchange(), ru.id(), 10s);
    for (int steps = 0; steps < 100; ++steps) {
        const auto step = follow.next(now);
        if (!step || step->path.find("releases") != std::string::npos) break;
        auto answer = ru.exchange().answer(fr.id(), step->path);
        ASSERT_TRUE(answer);
        follow.take(node::StepAnswer{false, {}, std::move(*answer)}, now);
    }
    const auto slot = fr.node().snapshot().find(*id);
    ASSERT_TRUE(slot);
    EXPECT_TRUE(fr.node().snapshot().at(*slot).newer_withheld);
    EXPECT_EQ(noticing.make(subscribers, nullptr, now).value(), 0u) << "it is on its way";
    round();
    EXPECT_EQ(noticing.make(subscribers, nullptr, now).value(), 0u);
    // A version that its author gives to nobody, whatever it owes: past the exchange.
    const auto of = ru.node().snapshot().find(*id);
    const auto composed = node::compose(ru.author(), clinic(220'000'000, "amend"),
                                        &ru.node().snapshot().at(*of), now + 1s, ru.rng().bytes());
    ASSERT_TRUE(composed);
    ASSERT_TRUE(ru.node().submit({*composed}, now + 1s));
    round();
    round();
    ASSERT_TRUE(fr.node().snapshot().at(*slot).newer_withheld);
    EXPECT_EQ(noticing.make(subscribers, nullptr, now).value(), 1u);
    EXPECT_EQ(noticing.make(subscribers, nullptr, now).value(), 0u);
    node::Noticing anew({&fr.node(), &fr.exchange(), &fr.store()});
    EXPECT_EQ(anew.make(subscribers, nullptr, now).value(), 0u);
    const auto rows = anew.waiting(stream, 0, 9);
    ASSERT_TRUE(rows);
    ASSERT_EQ(rows->size(), 1u);
    EXPECT_EQ(rows->front().notice.what, watch::what::withheld);
    EXPECT_EQ(rows->front().notice.record, *id);
}

TEST(Noticing, TellsAnewOfAnEntryWithoutAPlaceWhereTheOneBeforeHasGotOne) {
    const Founders founders = found({"fr", "ru"}, statement::default_joint_terms(), 1);
    Party fr(founders, 0, 1), ru(founders, 1, 2);
    watch::Subscription subscription;
    subscription.owner = "nadia";
    subscription.what = {watch::what::log};
    const std::vector<node::Subscriber> subscribers{
        {std::make_shared<const watch::Matcher>(subscription)}};
    node::Noticing noticing({&fr.node(), &fr.exchange(), &fr.store()});
    ASSERT_TRUE(noticing.begin(noon));
    Instant now = noon;
    const auto made = [&] {
        now += 60s;
        EXPECT_TRUE(ru.exchange().tick(now));
        EXPECT_TRUE(sync(fr, ru, now));
        return noticing.make(subscribers, nullptr, now).value();
    };
    // Of a kind that nobody here knows, and nothing of it but its head.
    const auto say = [&] {
        const auto plain =
            node::compose(ru.author(), clinic(200'000'000), nullptr, now, ru.rng().bytes());
        const auto composed = ru.as_kind(*plain, "enclave");
        node::Batch batch;
        batch.statements.push_back(*composed);
        EXPECT_TRUE(ru.exchange().log(batch, {{{PartyId{"fr"}, node::Tier::head}}}, now));
        return composed->id;
    };
    std::set<std::string> ids;
    for (const std::size_t time : {1u, 2u, 3u}) {
        const RecordId record = say();
        ASSERT_EQ(made(), 1u) << time;
        const auto rows = noticing.waiting(stream, 0, 9).value();
        ASSERT_EQ(rows.size(), 1u);
        EXPECT_EQ(rows[0].notice.detail, "unplaced");
        ids.insert(rows[0].notice.id);
        ASSERT_TRUE(noticing.acknowledge(stream, {&rows[0].seq, 1}));
        ASSERT_TRUE(ru.exchange().release({record}, PartyId{"fr"}, node::Tier::coarse, now));
        ASSERT_EQ(made(), 0u) << "it shows an area now";
    }
    EXPECT_EQ(ids.size(), 3u) << "who knows an id takes what bears it again for a repeat";
}

TEST(Noticing, SaysOnceThatMoreWasSaidThanIsKept) {
    const Founders founders = found({"fr", "ru"}, statement::default_joint_terms(), 1);
    Party fr(founders, 0, 1);
    watch::Subscription subscription;
    subscription.owner = "nadia";
    const std::vector<node::Subscriber> subscribers{
        {std::make_shared<const watch::Matcher>(subscription)}};
    node::Noticing noticing({&fr.node(), &fr.exchange(), &fr.store()});
    ASSERT_TRUE(noticing.begin(noon));
    node::Additions full;  // as if so many had been made
    node::Notice one;
    one.id = node::notice_id(stream, "x");
    one.party = PartyId{"fr"};
    full.outbox.assign(node::Noticing::stream_rows_max, {stream, node::encode_notice(one)});
    ASSERT_TRUE(fr.store().add(full));
    node::Noticing anew({&fr.node(), &fr.exchange(), &fr.store()});
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(fr.say(hospital(100'000'000), {}, {}, noon + i * 60s));
        EXPECT_EQ(anew.make(subscribers, nullptr, noon).value(), i == 0 ? 1u : 0u);
    }
    const auto rows = anew.waiting(stream, 0, node::Noticing::stream_rows_max + 9);
    ASSERT_TRUE(rows);
    ASSERT_EQ(rows->size(), node::Noticing::stream_rows_max + 1);
    EXPECT_EQ(rows->back().notice.what, node::overflow);
    std::vector<std::uint64_t> seqs;
    for (const auto& row : *rows) seqs.push_back(row.seq);
    EXPECT_EQ(anew.acknowledge(stream, seqs).value(), seqs.size());
    ASSERT_TRUE(fr.say(hospital(100'000'000), {}, {}, noon + 600s));
    EXPECT_EQ(anew.make(subscribers, nullptr, noon).value(), 1u);
}

TEST(Noticing, TellsOnceOfALegThatSetsOutEarly) {
    const Founders founders = found({"fr", "ru"}, statement::default_joint_terms(), 1);
    Party fr(founders, 0, 1);
    watch::Subscription subscription;
    subscription.owner = "nadia";
    subscription.what = {watch::what::leg};
    const std::vector<node::Subscriber> subscribers{
        {std::make_shared<const watch::Matcher>(subscription)}};
    node::Noticing noticing({&fr.node(), &fr.exchange(), &fr.store()});
    ASSERT_TRUE(noticing.begin(noon));
    const RecordId id = fr.say(convoy(noon + 1h), {}, {}, noon).value();
    EXPECT_EQ(noticing.make(subscribers, nullptr, noon).value(), 0u);
    node::Draft start;
    start.act = statement::act::start;
    start.actor = "a.registrar";
    start.leg = 1;
    ASSERT_TRUE(fr.say(start, id, {}, noon + 10min));
    EXPECT_EQ(noticing.make(subscribers, nullptr, noon + 10min).value(), 1u);
    const auto rows = noticing.waiting(stream, 0, 9).value();
    EXPECT_EQ(rows[0].notice.detail, "early");
    EXPECT_EQ(rows[0].notice.leg, 1u);
    EXPECT_EQ(noticing.make(subscribers, nullptr, noon + 20min).value(), 0u);
}

TEST(Noticing, TellsOfALegWhenItsMomentHasComeAndOfNoneThatWasBefore) {
    const Founders founders = found({"fr", "ru"}, statement::default_joint_terms(), 1);
    Party fr(founders, 0, 1);
    const auto said = [&](Instant from, Instant at) {
        return fr.say(convoy(from), {}, {}, at).value();
    };
    watch::Subscription subscription;
    subscription.owner = "nadia";
    subscription.what = {watch::what::leg};
    const std::vector<node::Subscriber> subscribers{
        {std::make_shared<const watch::Matcher>(subscription)}};
    const auto told = [&](node::Noticing& by) {
        std::vector<std::pair<std::string, RecordId>> out;
        const auto rows = by.waiting(stream, 0, 99).value();
        for (const auto& row : rows) {
            EXPECT_EQ(row.notice.what, watch::what::leg);
            EXPECT_EQ(row.notice.leg, 1u);
            out.emplace_back(row.notice.detail, *row.notice.record);
        }
        return out;
    };
    const RecordId before = said(noon - 10min, noon - 20min);
    node::Noticing noticing({&fr.node(), &fr.exchange(), &fr.store()});
    ASSERT_TRUE(noticing.begin(noon));
    const std::vector<registry::Slot> none;
    EXPECT_EQ(noticing.make(subscribers, nullptr, noon).value(), 0u) << "late before noon";
    const RecordId ahead = said(noon + 1h, noon + 1min);
    const RecordId behind = said(noon - 5min, noon + 2min);
    EXPECT_EQ(noticing.make(subscribers, nullptr, noon + 2min).value(), 1u)
        << "what is late as it is said";
    EXPECT_EQ(noticing.make(subscribers, &none, noon + 3min).value(), 0u);
    EXPECT_EQ(noticing.make(subscribers, &none, noon + 20min).value(), 1u) << "by the clock alone";
    EXPECT_EQ(noticing.make(subscribers, &none, noon + 19min).value(), 0u) << "set back";
    EXPECT_EQ(noticing.make(subscribers, &none, noon + 25min).value(), 1u);
    EXPECT_EQ(noticing.make(subscribers, &none, noon + 1h - Duration(1)).value(), 0u);
    EXPECT_EQ(noticing.make(subscribers, &none, noon + 1h).value(), 1u);
    const std::vector<std::pair<std::string, RecordId>> so_far{
        {"late", behind}, {"overdue", before}, {"overdue", behind}, {"late", ahead}};
    EXPECT_EQ(told(noticing), so_far);
    // One that starts anew knows up to when it was told; what passed meanwhile is told as it
    // stands.
    node::Noticing anew({&fr.node(), &fr.exchange(), &fr.store()});
    EXPECT_EQ(anew.make(subscribers, nullptr, noon + 1h).value(), 0u);
    for (const char* act : {statement::act::start, statement::act::end}) {
        node::Draft draft;
        draft.act = act;
        draft.actor = "a.registrar";
        draft.leg = 1;
        const auto done = fr.say(draft, before, {}, noon + 2h);
        ASSERT_TRUE(done) << done.error().detail;
    }
    EXPECT_EQ(anew.make(subscribers, &none, noon + 48h).value(), 2u);
    const auto all = told(anew);
    ASSERT_EQ(all.size(), 6u);
    EXPECT_EQ(all[4].first, "lapsed");
    EXPECT_EQ(all[5].first, "lapsed");
    EXPECT_NE(all[4].second, before) << "its author said that it has ended";
    EXPECT_NE(all[5].second, before);
}

}  // namespace
}  // namespace entente::sim
