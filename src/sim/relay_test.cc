// SPDX-License-Identifier: Apache-2.0
// Relays (PROTOCOL 28): two parties that nobody can ask, and a third that both ask. What one says
// to the other goes over the third as sealed packs, and the third learns sizes and times.
#include <gtest/gtest.h>

#include "base/encode.h"
#include "node/pack.h"
#include "node/paths.h"
#include "sim/draft_for_test.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
namespace act = statement::act;
using check::Verdict;
using node::Tier;

const PartyId fr_id{"fr"}, ru_id{"ru"}, un_id{"un"};

/// What un keeps for others, by who left it and for whom; and all that it ever saw go by.
struct Box {
    std::map<std::pair<PartyId, PartyId>, Bytes> kept;
    std::vector<Bytes> seen;
};

/// fr and ru state no address. un's node is asked by both and asks nobody.
class Relaying {
  public:
    Relaying() : founders_(found({"fr", "ru", "un"}, terms(), 1)) {
        for (std::size_t i = 0; i < 3; ++i) {
            parties_.push_back(std::make_unique<Party>(founders_, i, 300 + i));
        }
    }
    Party& fr() { return *parties_[0]; }
    Party& ru() { return *parties_[1]; }
    Party& un() { return *parties_[2]; }
    Instant now = noon;
    Box box;
    bool spoils = false;  // un changes a byte of what it gives out

    /// The two ask un, and hand over.
    void round() {
        now += 60s;
        for (auto& party : parties_) ASSERT_TRUE(party->exchange().tick(now));
        ask(fr(), follows_[0], {{ru_id, un_id}, {ru_id}});
        ask(ru(), follows_[1], {{fr_id, un_id}, {fr_id}});
    }
    void rounds(int count) {
        for (int i = 0; i < count; ++i) round();
    }
    /// A process of its own again: what it had in memory of whom it handed what is gone.
    void forget_follows() { follows_[0].reset(), follows_[1].reset(); }
    std::optional<Error> trouble(std::size_t who) const { return follows_[who]->trouble(); }

    static node::Draft hospital() {
        node::Draft out = sim::hospital(335'000'000);
        out.protection.names = {{"a name that nobody in between reads", "en", "Latn"}};
        return out;
    }
    Verdict verdict(Party& party) {
        return party.ask({{{geo::Circle{{335'000'000, 363'000'000}, {500}}, {}, {}}}, {0}}, now)
            .verdict;
    }
    node::PeerStatus status(Party& of, const PartyId& party) {
        for (auto& one : of.exchange().status(now)) {
            if (one.party == party) return one;
        }
        return {};
    }

  private:
    static statement::CharterTerms terms() {
        auto out = statement::default_joint_terms();
        out.reduce_delay = 5min;
        return out;
    }
    void ask(Party& asker, std::optional<node::Follow>& follow, const node::Relayed& relayed) {
        if (!follow) follow.emplace(asker.exchange(), un_id, 10s, relayed);
        follow->hurry();
        for (int steps = 0; steps < 200; ++steps) {
            const auto step = follow->next(now);
            if (!step) break;
            follow->take(answer(asker.id(), *step), now);
            if (follow->due() > now) break;
        }
    }
    /// As a node with a listener and a box answers.
    Result<node::StepAnswer> answer(const PartyId& asker, const node::Step& step) {
        if (step.path == node::packs_path) return take(asker, step.body);
        if (step.path.starts_with(node::packs_from_path)) {
            const PartyId from{step.path.substr(node::packs_from_path.size())};
            const auto kept = box.kept.find({from, asker});
            if (kept == box.kept.end()) return fail(Errc::not_found, "nothing is kept");
            Bytes pack = kept->second;
            if (spoils) pack[pack.size() / 2] ^= 1;
            return node::StepAnswer{false, {}, std::move(pack)};
        }
        TRY(body, un().exchange().answer(asker, step.path));
        return node::StepAnswer{false, {}, std::move(body)};
    }
    Result<node::StepAnswer> take(const PartyId& from, const Bytes& pack) {
        TRY(header, node::handed_over(un().exchange(), from, pack));
        if (header.to != un_id) {
            box.kept[{from, header.to}] = pack;
            box.seen.push_back(pack);
            return node::StepAnswer{};
        }
        TRYV(node::unpack(un().exchange(), pack, now));
        TRYV(un().exchange().tick(now));
        const node::Peer& peer = *un().exchange().peer(from);
        return node::StepAnswer{false, {}, std::to_string(peer.mirror.size().v) + "\n0\n"};
    }

    Founders founders_;
    std::vector<std::unique_ptr<Party>> parties_;
    std::optional<node::Follow> follows_[2];
};

TEST(Relay, CarriesAProtectionOneWayAndItsReceiptTheOther) {
    Relaying world;
    const auto id = world.fr().say(Relaying::hospital(), {}, {{ru_id, Tier::exact}}, world.now);
    ASSERT_TRUE(id) << id.error().detail;
    world.rounds(4);
    EXPECT_EQ(world.verdict(world.ru()), Verdict::conflict);
    EXPECT_EQ(world.verdict(world.un()), Verdict::no_registered_conflict);
    const node::PeerStatus ru = world.status(world.fr(), ru_id);
    EXPECT_EQ(ru.given, ru.acknowledged);
    EXPECT_TRUE(ru.missing.empty()) << ru.missing.front().second;
    EXPECT_TRUE(ru.misdeeds.empty());
    std::set<statement::Rung> rungs;
    for (const node::HeardReceipt& one : world.fr().exchange().heard()) {
        if (one.from == ru_id) rungs.insert(one.receipt.rung);
    }
    EXPECT_TRUE(rungs.contains(statement::Rung::opened));
    EXPECT_TRUE(rungs.contains(statement::Rung::read_back));
    // Everybody has everybody's log, and cosigned it.
    for (Party* of : {&world.fr(), &world.ru(), &world.un()}) {
        for (const auto& one : of->exchange().status(world.now)) {
            EXPECT_GT(one.held.v, 2u);
            EXPECT_GT(one.final_size.v, 0u);
        }
    }
}

TEST(Relay, LearnsSizesAndTimesAndNothingElse) {
    Relaying world;
    const auto id = world.fr().say(Relaying::hospital(), {}, {{ru_id, Tier::exact}}, world.now);
    ASSERT_TRUE(id);
    world.rounds(4);
    ASSERT_GE(world.box.seen.size(), 4u);
    const node::Peer& ru = *world.fr().exchange().peer(ru_id);
    const std::string given =
        std::to_string(ru.given.size().v) + " " + to_base64(ru.given.root().view());
    for (const Bytes& pack : world.box.seen) {
        EXPECT_EQ(pack.find("nobody in between"), Bytes::npos);
        EXPECT_EQ(pack.find(to_base64(ru.given.root().view())), Bytes::npos) << given;
        EXPECT_EQ(pack.find("entente/parcel"), Bytes::npos);
        EXPECT_EQ(pack.find("entente/releases"), Bytes::npos);
        const auto header = seal::pack_header(pack);
        ASSERT_TRUE(header);
        // Its own sealing key does not open it.
        EXPECT_FALSE(node::unpack(world.un().exchange(), pack, world.now));
    }
    // A party that nothing was released to is left as many packs as one that something was.
    std::size_t to_fr = 0, to_ru = 0;
    for (const Bytes& pack : world.box.seen) {
        (seal::pack_header(pack)->to == fr_id ? to_fr : to_ru) += 1;
    }
    EXPECT_LE(to_fr > to_ru ? to_fr - to_ru : to_ru - to_fr, 2u);
}

TEST(Relay, WhatIsAlteredOnTheWayIsRefusedAndComesAgain) {
    Relaying world;
    ASSERT_TRUE(world.fr().say(Relaying::hospital(), {}, {{ru_id, Tier::exact}}, world.now));
    world.spoils = true;
    world.rounds(3);
    EXPECT_NE(world.verdict(world.ru()), Verdict::conflict);
    ASSERT_TRUE(world.trouble(1));
    EXPECT_NE(world.verdict(world.ru()), Verdict::no_registered_conflict)
        << "it knows that something is missing";
    world.spoils = false;
    world.rounds(3);
    EXPECT_EQ(world.verdict(world.ru()), Verdict::conflict);
    EXPECT_FALSE(world.trouble(1));
    // Nobody signed what was altered: nobody is blamed for it.
    EXPECT_TRUE(world.status(world.ru(), fr_id).misdeeds.empty());
}

TEST(Relay, WhoIsAwayForLongFindsTheNewest) {
    Relaying world;
    world.rounds(2);
    std::vector<RecordId> said;
    for (int i = 0; i < 5; ++i) {
        const auto id =
            world.fr().say(Relaying::hospital(), {}, {{ru_id, Tier::coarse}}, world.now);
        ASSERT_TRUE(id);
        world.rounds(1);
        if (i == 2) world.forget_follows();
    }
    world.box.kept.clear();  // un lost what it kept: the next beat brings it again
    world.rounds(3);
    EXPECT_EQ(world.status(world.fr(), ru_id).given, world.status(world.fr(), ru_id).acknowledged);
    EXPECT_EQ(world.verdict(world.ru()), Verdict::caution);
}

TEST(Relay, TakesNothingInTheNameOfSomebodyElse) {
    Relaying world;
    world.rounds(2);
    const auto pack = node::pack_own(world.fr().exchange(), {ru_id}, world.now, os_random());
    ASSERT_TRUE(pack);
    const auto taken = [&](const PartyId& from, const Bytes& bytes) {
        const auto header = node::handed_over(world.un().exchange(), from, bytes);
        return header ? "" : header.error().detail;
    };
    EXPECT_EQ(taken(fr_id, pack->bytes), "");
    EXPECT_NE(taken(ru_id, pack->bytes), "");
    EXPECT_NE(taken(fr_id, pack->bytes.substr(1)), "");
    EXPECT_NE(taken(fr_id, Bytes(node::relay_pack_bytes_max + 1, 'x')), "");
    // Of another charter, or for a party that is none.
    Bytes other = pack->bytes;
    other.replace(other.find(" ru\n"), 4, " xx\n");
    EXPECT_NE(taken(fr_id, other), "");
    EXPECT_FALSE(node::pack_own(world.fr().exchange(), {PartyId{"xx"}}, world.now, os_random()));
}

}  // namespace
}  // namespace entente::sim
