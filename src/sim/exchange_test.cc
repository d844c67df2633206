// SPDX-License-Identifier: Apache-2.0
// Four parties over links without loss: what one says to whom, and what each then knows, checks and
// acknowledges (PROTOCOL 9 to 16).
#include <gtest/gtest.h>

#include "sim/draft_for_test.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
namespace act = statement::act;
using check::Verdict;

class Four {
  public:
    explicit Four(Duration reduce_delay = 1h) : founders_(found(names(), terms(reduce_delay), 1)) {
        for (std::size_t i = 0; i < 4; ++i) {
            parties_.push_back(std::make_unique<Party>(founders_, i, 100 + i));
        }
    }
    Party& fr() { return *parties_[0]; }
    Party& ru() { return *parties_[1]; }
    Party& msf() { return *parties_[2]; }
    Party& un() { return *parties_[3]; }
    Instant now = noon;

    /// Beats where they are due, and everybody asks everybody.
    void round() {
        for (auto& party : parties_) EXPECT_TRUE(party->exchange().tick(now));
        for (auto& asker : parties_) {
            for (auto& asked : parties_) {
                if (asker != asked) EXPECT_TRUE(sync(*asker, *asked, now));
            }
        }
    }
    void rounds(int count) {
        for (int i = 0; i < count; ++i) {
            now += 60s;
            round();
        }
    }

  private:
    static std::vector<std::string> names() { return {"fr", "ru", "msf", "un"}; }
    static statement::CharterTerms terms(Duration reduce_delay) {
        auto out = statement::default_joint_terms();
        out.reduce_delay = reduce_delay;
        return out;
    }
    Founders founders_;
    std::vector<std::unique_ptr<Party>> parties_;
};

check::Question at(std::int32_t lat_e7) {
    return {{{geo::Circle{{lat_e7, 363'000'000}, {500}}, {}, {}}}, {0}};
}

constexpr std::int32_t site = 335'000'000;
constexpr std::int32_t elsewhere = 345'000'000;

TEST(Exchange, WhatIsReleasedIsSeenAtItsTierAndNowhereElse) {
    Four four;
    const auto id = four.msf().say(
        hospital(site), {},
        {{PartyId{"fr"}, node::Tier::exact}, {PartyId{"ru"}, node::Tier::coarse}}, four.now);
    ASSERT_TRUE(id) << id.error().detail;
    four.rounds(3);
    EXPECT_EQ(four.fr().ask(at(site), four.now).verdict, Verdict::conflict);
    const auto coarse = four.ru().ask(at(site), four.now);
    EXPECT_EQ(coarse.verdict, Verdict::caution);
    EXPECT_EQ(coarse.reasons.at(0).code, "touches_coarse");
    EXPECT_EQ(four.un().ask(at(site), four.now).verdict, Verdict::no_registered_conflict);
    EXPECT_FALSE(four.un().node().snapshot().find(*id));
    for (Party* one : {&four.fr(), &four.ru(), &four.un()}) {
        EXPECT_EQ(one->ask(at(elsewhere), four.now).verdict, Verdict::no_registered_conflict);
        for (const auto& status : one->exchange().status(four.now)) {
            EXPECT_TRUE(status.missing.empty())
                << one->id().v << " of " << status.party.v << ": " << status.missing.front().second;
            EXPECT_TRUE(status.misdeeds.empty()) << status.misdeeds.front().text;
        }
    }
}

TEST(Exchange, ReceiptsComeBackWithTheReceiversOwnReading) {
    Four four;
    const auto id =
        four.msf().say(hospital(site), {}, {{PartyId{"fr"}, node::Tier::exact}}, four.now);
    ASSERT_TRUE(id);
    four.rounds(4);
    bool opened = false, read = false;
    for (const node::HeardReceipt& heard : four.msf().exchange().heard()) {
        EXPECT_EQ(heard.from, PartyId{"fr"});
        opened |= heard.receipt.rung == statement::Rung::opened && heard.receipt.list;
        read |= heard.receipt.rung == statement::Rung::read_back &&
                heard.receipt.read_back.size() == 1 &&
                heard.receipt.read_back[0].at == geo::LatLng{site, 363'000'000};
    }
    EXPECT_TRUE(opened);
    EXPECT_TRUE(read);
    for (const auto& status : four.msf().exchange().status(four.now)) {
        EXPECT_EQ(status.acknowledged, status.given) << status.party.v;
    }
    const auto before = four.fr().node().log().size();
    four.rounds(5);
    EXPECT_EQ(four.fr().node().log().size().v, before.v + 5) << "beats alone: no thanks for thanks";
}

TEST(Exchange, AWithdrawalProtectsUntilItIsFinalAndItsDelayHasPassed) {
    Four four;
    const auto id =
        four.msf().say(hospital(site), {}, {{PartyId{"fr"}, node::Tier::exact}}, four.now);
    ASSERT_TRUE(id);
    four.rounds(3);
    node::Draft withdraw;
    withdraw.act = act::withdraw;
    withdraw.actor = "a.registrar";
    ASSERT_TRUE(four.msf().say(withdraw, *id, {}, four.now));
    const Instant said = four.now;
    for (Party* one : {&four.msf(), &four.fr()}) {
        EXPECT_EQ(one->ask(at(site), said + 24h * 365).verdict, Verdict::conflict)
            << "nobody has cosigned it yet";
    }
    four.rounds(3);
    for (Party* one : {&four.msf(), &four.fr()}) {
        EXPECT_EQ(one->ask(at(site), said + 59min).verdict, Verdict::conflict);
        const check::Answer after = one->ask(at(site), said + 65min);
        EXPECT_EQ(after.findings_total, 0u) << one->id().v;
        EXPECT_EQ(after.verdict, Verdict::incomplete) << "nobody was heard for an hour";
    }
}

/// Without the mark, which is of one life.
std::vector<Bytes> heads_of(Party& one, const std::string& path = "/peer/v1/heads") {
    const Bytes frame = one.exchange().answer(PartyId{"fr"}, path).value();
    const auto heads = node::parse_heads(frame).value();
    return {heads.notes.begin(), heads.notes.end()};
}

TEST(Exchange, AStartFindsEverythingAgain) {
    Four four;
    for (int i = 0; i < 10; ++i) {
        ASSERT_TRUE(four.msf().say(
            hospital(site + i * 1'000'000), {},
            {{PartyId{"fr"}, node::Tier::exact}, {PartyId{"ru"}, node::Tier::coarse}}, four.now));
    }
    four.rounds(4);
    for (Party* one : {&four.fr(), &four.ru(), &four.msf(), &four.un()}) {
        const Hash before = one->node().snapshot().hash();
        const auto status = one->exchange().status(four.now);
        const auto heads = heads_of(*one);
        one->stop();
        const auto started = one->start();
        ASSERT_TRUE(started) << started.error().detail;
        EXPECT_EQ(one->node().snapshot().hash(), before) << one->id().v;
        EXPECT_EQ(heads_of(*one), heads);
        const auto again = one->exchange().status(four.now);
        for (std::size_t i = 0; i < status.size(); ++i) {
            EXPECT_EQ(again[i].held, status[i].held);
            EXPECT_EQ(again[i].final_size, status[i].final_size);
            EXPECT_EQ(again[i].beat, status[i].beat);
            EXPECT_EQ(again[i].given, status[i].given);
            EXPECT_EQ(again[i].received, status[i].received);
            EXPECT_EQ(again[i].acknowledged, status[i].acknowledged);
        }
    }
    four.rounds(2);
    for (const auto& status : four.fr().exchange().status(four.now)) {
        EXPECT_TRUE(status.missing.empty()) << status.missing.front().second;
    }
}

/// Who is told of a withdrawal alone has its head, however much was meant for it.
TEST(Exchange, AStartFindsWhatEachPartyWasGiven) {
    Four four;
    const auto id = four.msf().say(hospital(site), {}, {}, four.now);
    ASSERT_TRUE(id);
    ASSERT_TRUE(four.msf().say(hospital(site, act::withdraw), *id,
                               {{PartyId{"ru"}, node::Tier::exact}}, four.now));
    const auto before = four.msf().exchange().readers(*id);
    four.msf().stop();
    ASSERT_TRUE(four.msf().start());
    EXPECT_EQ(four.msf().exchange().readers(*id), before);
    EXPECT_EQ(before, (std::map<PartyId, node::Slots>{{PartyId{"ru"}, node::Slots{1}}}));
    EXPECT_TRUE(four.msf().exchange().release({*id}, PartyId{"ru"}, node::Tier::exact, four.now));
}

TEST(Exchange, TellsOnlyTheHeadsThatCameSince) {
    Four four;
    four.rounds(4);
    const auto mark_of = [](Party& one) {
        const Bytes frame = one.exchange().answer(PartyId{"fr"}, "/peer/v1/heads").value();
        return std::string(node::parse_heads(frame).value().mark);
    };
    Party& msf = four.msf();
    const std::string after = "/peer/v1/heads?after=";
    const std::string then = mark_of(msf);
    EXPECT_TRUE(heads_of(msf, after + then).empty()) << "nothing came since";
    ASSERT_TRUE(msf.say(hospital(site), {}, {}, four.now));
    EXPECT_EQ(heads_of(msf, after + then).size(), 1u) << "its own head";
    // Of another life, of another node, of nobody: all there is.
    const auto all = heads_of(msf);
    EXPECT_GE(all.size(), 4u);
    for (const std::string& mark : {mark_of(four.ru()), std::string("0-1"), std::string()}) {
        EXPECT_EQ(heads_of(msf, after + mark), all) << mark;
    }
    msf.stop();
    ASSERT_TRUE(msf.start());
    EXPECT_EQ(heads_of(msf, after + then), heads_of(msf));
    EXPECT_FALSE(msf.exchange().answer(PartyId{"fr"}, after + "A b"));
}

TEST(Exchange, ALaterReleaseAtAHigherTierReplacesTheCoarseOne) {
    Four four;
    const auto id =
        four.msf().say(hospital(site), {}, {{PartyId{"ru"}, node::Tier::coarse}}, four.now);
    ASSERT_TRUE(id);
    four.rounds(3);
    const auto twice =
        four.msf().exchange().release({*id}, PartyId{"ru"}, node::Tier::coarse, four.now);
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().code, Errc::refused);
    ASSERT_TRUE(four.msf().exchange().release({*id}, PartyId{"ru"}, node::Tier::exact, four.now));
    four.rounds(3);
    const auto slot = four.ru().node().snapshot().find(*id);
    ASSERT_TRUE(slot);
    EXPECT_FALSE(four.ru().node().snapshot().at(*slot).newest().coarse_only);
    EXPECT_FALSE(four.un().node().snapshot().find(*id));
}

}  // namespace
}  // namespace entente::sim
