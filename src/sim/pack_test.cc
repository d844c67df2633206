// SPDX-License-Identifier: Apache-2.0
// An exchange by file alone: packs in any order, repeated, lost and made anew end where the network
// ends (PROTOCOL 20, 28).
#include "node/pack.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "sim/draft_for_test.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
namespace act = statement::act;
using check::Verdict;
using node::Tier;

statement::CharterTerms terms() {
    auto out = statement::default_joint_terms();
    out.age_limit = std::chrono::hours(24 * 60);  // sticks travel for weeks
    out.reduce_delay = 1h;
    return out;
}

check::Question at(std::int32_t lat_e7) {
    return {{{geo::Circle{{lat_e7, 363'000'000}, {500}}, {}, {}}}, {0}};
}

constexpr std::int32_t site = 335'000'000;

class Four {
  public:
    Four() : founders_(found({"fr", "ru", "msf", "un"}, terms(), 1)) {
        for (std::size_t i = 0; i < 4; ++i) parties_.push_back(make(i));
    }
    std::unique_ptr<Party> make(std::size_t number) {
        return std::make_unique<Party>(founders_, number, 100 + number);
    }
    Party& fr() { return *parties_[0]; }
    Party& ru() { return *parties_[1]; }
    Party& msf() { return *parties_[2]; }
    Party& un() { return *parties_[3]; }
    Instant now = noon;

    Bytes pack(Party& from, const Party& to, bool whole = false) {
        auto packed = node::pack(from.exchange(), to.id(), 1, whole, now, from.rng().bytes());
        EXPECT_TRUE(packed) << packed.error().detail;
        EXPECT_FALSE(packed->more);
        return packed ? packed->bytes : Bytes();
    }
    node::Unpacked unpack(Party& at, const Bytes& bytes) {
        auto taken = node::unpack(at.exchange(), bytes, now);
        EXPECT_TRUE(taken) << taken.error().detail;
        return taken ? *taken : node::Unpacked{};
    }
    /// Everybody hands everybody a stick.
    void round() {
        now += 60s;
        for (auto& party : parties_) EXPECT_TRUE(party->exchange().tick(now));
        for (auto& from : parties_) {
            for (auto& to : parties_) {
                if (from == to) continue;
                const node::Unpacked taken = unpack(*to, pack(*from, *to));
                EXPECT_FALSE(taken.trouble) << taken.trouble->detail;
            }
        }
    }

  private:
    Founders founders_;
    std::vector<std::unique_ptr<Party>> parties_;
};

void expect_no_misdeeds(Party& party, Instant now) {
    for (const auto& status : party.exchange().status(now)) {
        EXPECT_TRUE(status.misdeeds.empty())
            << party.id().v << " of " << status.party.v << ": " << status.misdeeds.front().text;
    }
}

TEST(Packs, CarryTheWholeExchange) {
    Four four;
    const auto id =
        four.msf().say(hospital(site), {},
                       {{PartyId{"fr"}, Tier::exact}, {PartyId{"ru"}, Tier::coarse}}, four.now);
    ASSERT_TRUE(id);
    for (int i = 0; i < 4; ++i) four.round();
    EXPECT_EQ(four.fr().ask(at(site), four.now).verdict, Verdict::conflict);
    EXPECT_EQ(four.ru().ask(at(site), four.now).verdict, Verdict::caution);
    EXPECT_EQ(four.un().ask(at(site), four.now).verdict, Verdict::no_registered_conflict);
    for (const auto& status : four.msf().exchange().status(four.now)) {
        EXPECT_EQ(status.acknowledged, status.given) << status.party.v;
        EXPECT_GT(status.final_size.v, 0u) << status.party.v;
    }
    bool read_back = false;
    for (const node::HeardReceipt& heard : four.msf().exchange().heard()) {
        read_back |= heard.receipt.rung == statement::Rung::read_back;
    }
    EXPECT_TRUE(read_back);
    for (Party* one : {&four.fr(), &four.ru(), &four.msf(), &four.un()}) {
        expect_no_misdeeds(*one, four.now);
    }
}

TEST(Exchange, WhoOnlyReadsSeesTheSameFinality) {
    Four four;
    for (int i = 0; i < 4; ++i) four.round();
    const auto reader =
        node::Exchange::open(four.fr().node(), four.fr().store(), four.fr().cosigned(), nullptr,
                             four.fr().vault(), four.fr().rng().bytes());
    ASSERT_TRUE(reader) << reader.error().detail;
    const auto seen = (*reader)->status(four.now);
    const auto known = four.fr().exchange().status(four.now);
    for (std::size_t i = 0; i < known.size(); ++i) {
        EXPECT_GT(known[i].final_size.v, 0u);
        EXPECT_EQ(seen[i].final_size, known[i].final_size);
    }
}

TEST(Packs, CarryWhatIsNewAndNoMore) {
    Four four;
    for (int i = 0; i < 200; ++i) {
        ASSERT_TRUE(four.msf().say(hospital(site + i * 1000), {}, {{PartyId{"fr"}, Tier::exact}},
                                   four.now));
    }
    const Bytes first = four.pack(four.msf(), four.fr());
    for (int i = 0; i < 3; ++i) four.round();
    ASSERT_TRUE(
        four.msf().say(hospital(site - 1000), {}, {{PartyId{"fr"}, Tier::exact}}, four.now));
    const auto packed = node::pack(four.msf().exchange(), PartyId{"fr"}, 1, false, four.now,
                                   four.msf().rng().bytes());
    ASSERT_TRUE(packed);
    EXPECT_LT(packed->bytes.size() * 2, first.size());
    EXPECT_EQ(packed->releases, 1u);
    const node::Unpacked taken = four.unpack(four.fr(), packed->bytes);
    EXPECT_EQ(taken.releases, 1u);
    EXPECT_FALSE(taken.trouble);
    EXPECT_EQ(four.unpack(four.fr(), packed->bytes).entries, 0u) << "twice is once";
}

/// Two nodes of one party, of which one hears everything at once and the other by sticks that come
/// in any order, twice or never, over a month; then one that tells all.
void same_register_in_the_end(std::uint64_t seed) {
    Rng rng(seed);
    Four four;
    const auto twin = four.make(1);
    std::vector<Bytes> sticks;
    std::vector<RecordId> said;
    for (int day = 0; day < 30; ++day) {
        four.now += 24h;
        for (std::uint64_t i = rng.below(4); i > 0; --i) {
            const Tier tier = std::array{Tier::none, Tier::coarse, Tier::exact}[rng.below(3)];
            node::Audience audience;
            if (tier != Tier::none) audience = {{PartyId{"ru"}, tier}};
            node::Draft draft = hospital(site + static_cast<std::int32_t>(rng.below(1'000'000)));
            std::optional<RecordId> before;
            if (!said.empty() && rng.below(3) == 0) {
                before = said[rng.below(said.size())];
                draft.act = act::amend;
                audience.clear();
            }
            const auto id = four.msf().say(draft, before, audience, four.now);
            ASSERT_TRUE(id) << id.error().detail;
            if (!before) said.push_back(*id);
        }
        ASSERT_TRUE(four.msf().exchange().tick(four.now));
        ASSERT_TRUE(four.fr().exchange().tick(four.now));
        ASSERT_TRUE(sync(four.fr(), four.msf(), four.now));
        ASSERT_TRUE(sync(four.msf(), four.fr(), four.now));
        for (Party* from : {&four.fr(), &four.msf()}) {
            ASSERT_TRUE(sync(four.ru(), *from, four.now));
            if (rng.below(3) > 0) sticks.push_back(four.pack(*from, four.ru(), rng.below(4) == 0));
        }
    }
    for (int i = 0; i < 60 && !sticks.empty(); ++i) {
        four.unpack(*twin, sticks[rng.below(sticks.size())]);  // what comes too early says so
        four.now += 60s;
    }
    for (Party* from : {&four.fr(), &four.msf(), &four.fr()}) {
        const Bytes all = four.pack(*from, four.ru(), true);
        const node::Unpacked taken = four.unpack(*twin, all);
        EXPECT_FALSE(taken.trouble) << taken.trouble->detail;
        ASSERT_TRUE(sync(four.ru(), *from, four.now));
    }
    EXPECT_EQ(twin->node().snapshot().hash(), four.ru().node().snapshot().hash());
    for (const char* party : {"fr", "msf"}) {
        EXPECT_EQ(twin->exchange().peer(PartyId{party})->received.root(),
                  four.ru().exchange().peer(PartyId{party})->received.root());
    }
    expect_no_misdeeds(*twin, four.now);
    expect_no_misdeeds(four.ru(), four.now);
}

TEST(Packs, InAnyOrderOverAMonthEndInTheSameRegister) {
    const std::uint64_t seeds = std::getenv("ENTENTE_LONG") != nullptr ? 1000 : 20;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        same_register_in_the_end(seed);
        if (testing::Test::HasFailure()) return;
    }
}

TEST(Packs, AreForOnePartyOfOneCharterFromOneOfIt) {
    Four four;
    ASSERT_TRUE(four.msf().exchange().tick(four.now));
    const Bytes good = four.pack(four.msf(), four.fr());
    const auto refusal = [&](Party& party, const Bytes& bytes) {
        const auto taken = node::unpack(party.exchange(), bytes, four.now);
        EXPECT_FALSE(taken);
        return taken ? std::string() : taken.error().detail;
    };
    EXPECT_NE(refusal(four.ru(), good).find("the pack is for fr, this node is ru"), Bytes::npos);
    const Founders others = found({"fr", "msf"}, terms(), 2);
    Party stranger(others, 0, 1);
    EXPECT_NE(refusal(stranger, good).find("is of the charter"), Bytes::npos);
    // Somebody else's channel key under msf's name.
    Rng rng(3);
    seal::PackWriter forged(seal::pack_header(good).value(),
                            four.fr().exchange().keys()->sealing.public_key(), rng.bytes());
    forged.add("/peer/v1/heads", "rubbish");
    const Bytes bytes = std::move(forged).sign(SecretKey::generate(rng.bytes()));
    EXPECT_NE(refusal(four.fr(), bytes).find("no channel key of msf signed these bytes"),
              Bytes::npos);
    expect_no_misdeeds(four.fr(), four.now);
    EXPECT_FALSE(node::pack(four.msf().exchange(), PartyId{"xx"}, 1, false, four.now, rng.bytes()));
    EXPECT_FALSE(node::pack(four.msf().exchange(), PartyId{"fr"}, 2, false, four.now, rng.bytes()));
}

}  // namespace
}  // namespace entente::sim
