// SPDX-License-Identifier: Apache-2.0
// A node that was put back to an earlier time and has fetched its own log again out of the others'
// copies (PROTOCOL 26): it says nothing before all have told what they have of it, goes on where it
// stopped, and nobody has reason to accuse anybody.
#include <gtest/gtest.h>

#include "node/lost.h"
#include "node/peer_wire.h"
#include "sim/four_for_test.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
namespace act = statement::act;
using check::Verdict;
using node::Tier;

const PartyId fr_id{"fr"}, ru_id{"ru"}, msf_id{"msf"};

/// The backup of a party's store with what `holder` has of its log since, as scrub writes it.
store::MemoryStore fetched(store::MemoryStore backup, const Origin& origin, Party& holder) {
    const auto head = backup.head(origin);
    const node::Peer* copy = nullptr;
    for (const auto& peer : holder.exchange().peers()) {
        if (peer->origin == origin) copy = peer.get();
    }
    node::Commit commit;
    commit.expected = **head;
    const tlog::SignedCheckpoint& newest = *copy->heads.newest();
    commit.next = {origin, newest.checkpoint.size, newest.checkpoint.root, newest.bytes(),
                   (*head)->epoch};
    EXPECT_TRUE(holder.store().scan(origin, {(*head)->size.v}, {newest.checkpoint.size.v},
                                    [&](node::StoredEntry&& row) {
                                        commit.entries.push_back({row.index, row.entry, {}, {}});
                                        return Result<void>();
                                    }));
    const node::LostBodies lost{{{(*head)->size.v}, {newest.checkpoint.size.v}}};
    commit.additions.local.emplace_back(node::lost_bodies_name, node::format_lost(lost));
    commit.additions.local.emplace_back(node::lost_lists_name, "1\n");
    const auto done = backup.commit(commit);
    EXPECT_TRUE(done) << (done ? "" : done.error().detail);
    return backup;
}

class FetchedBack : public testing::Test {
  protected:
    FetchedBack() {
        first = *four.fr().say(clinic(335'000'000), {}, {{ru_id, Tier::exact}}, four.now);
        four.rounds(3);
        const store::MemoryStore backup = four.fr().store();
        second = *four.fr().say(clinic(336'000'000), {},
                                {{ru_id, Tier::exact}, {msf_id, Tier::coarse}}, four.now);
        EXPECT_TRUE(four.fr().say(clinic(335'000'100, act::amend), first, {}, four.now));
        four.rounds(3);
        size = four.fr().node().log().size();
        given = four.fr().exchange().peer(ru_id)->given.size();
        const Origin origin = four.fr().node().origin();
        const auto back = four.fr().put_back(fetched(backup, origin, four.msf()));
        EXPECT_TRUE(back) << back.error().detail;
    }
    Verdict verdict(Party& of, std::int32_t lat_e7) {
        return of.ask({{{geo::Circle{{lat_e7, 363'000'000}, {500}}, {}, {}}}, {0}}, four.now)
            .verdict;
    }
    void expect_no_accusations() {
        for (Party* of : {&four.fr(), &four.ru(), &four.msf(), &four.un()}) {
            for (const auto& status : of->exchange().status(four.now)) {
                for (const auto& misdeed : status.misdeeds) {
                    ADD_FAILURE() << of->id().v << " of " << status.party.v << ": " << misdeed.text;
                }
            }
        }
    }
    Four four;
    RecordId first, second;
    TreeSize size, given;
};

TEST_F(FetchedBack, SaysNothingBeforeAllHaveToldAndThenGoesOn) {
    EXPECT_EQ(four.fr().node().log().size(), size);
    EXPECT_LT(four.fr().exchange().peer(ru_id)->given.size(), given);
    // The others speak on; none of them is asked yet, so nothing may be said.
    four.now += 60s;
    EXPECT_TRUE(four.fr().exchange().tick(four.now));
    EXPECT_EQ(four.fr().node().log().size(), size);
    EXPECT_FALSE(four.fr().say(clinic(339'000'000), {}, {}, four.now));
    four.rounds(5);
    EXPECT_EQ(four.fr().node().halted(), "");
    EXPECT_GE(four.fr().exchange().peer(ru_id)->given.size(), given);
    EXPECT_GT(four.fr().node().log().size(), size) << "it says beats again";
    const auto third = four.fr().say(clinic(337'000'000), {},
                                     {{ru_id, Tier::exact}, {msf_id, Tier::exact}}, four.now);
    ASSERT_TRUE(third) << third.error().detail;
    four.rounds(4);
    EXPECT_EQ(verdict(four.ru(), 337'000'000), Verdict::conflict);
    EXPECT_EQ(verdict(four.ru(), 336'000'000), Verdict::conflict) << "what it was told stays";
    EXPECT_EQ(verdict(four.msf(), 336'000'000), Verdict::caution);
    EXPECT_EQ(verdict(four.ru(), 300'000'000), Verdict::no_registered_conflict);
    for (const auto& status : four.fr().exchange().status(four.now)) {
        EXPECT_EQ(status.given, status.acknowledged) << status.party.v;
        EXPECT_TRUE(status.missing.empty()) << status.missing.front().second;
    }
    expect_no_accusations();
    for (Party* of : {&four.ru(), &four.msf(), &four.un()}) {
        EXPECT_FALSE(of->exchange().peer(fr_id)->fork);
    }
    // And so after one more start.
    four.fr().stop();
    ASSERT_TRUE(four.fr().start());
    four.rounds(2);
    EXPECT_EQ(four.fr().node().halted(), "");
    expect_no_accusations();
}

TEST_F(FetchedBack, WhatItCannotReadMakesItsAnswersIncompleteAndIsNotSaidTwice) {
    four.rounds(5);
    EXPECT_EQ(verdict(four.fr(), 300'000'000), Verdict::incomplete);
    EXPECT_EQ(verdict(four.fr(), 335'000'000), Verdict::conflict) << "what the backup had";
    const auto again = four.fr().say(clinic(335'000'200, act::amend), first, {}, four.now);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::refused);
    EXPECT_EQ(four.fr().exchange().shown_to(ru_id)->given.size,
              four.fr().exchange().peer(ru_id)->given.size());
}

TEST_F(FetchedBack, BelievesNoListThatItsOwnBeatDoesNotHide) {
    node::Exchange& fr = four.fr().exchange();
    const auto good = four.ru().exchange().answer(
        fr_id, "/peer/v1/received?after=" + std::to_string(fr.peer(ru_id)->given.size().v));
    ASSERT_TRUE(good) << good.error().detail;
    auto frame = node::parse_received(*good);
    ASSERT_TRUE(frame);
    ASSERT_FALSE(frame->leaves.empty());
    const auto refused = [&](const node::ReceivedFrame& one) {
        const auto taken = fr.take_received(ru_id, node::format_received(one), four.now);
        return !taken;
    };
    node::ReceivedFrame other = *frame;
    other.leaves.front().replace(other.leaves.front().find(" 1,3"), 4, " 1,2");
    EXPECT_TRUE(refused(other)) << "another leaf";
    other = *frame;
    other.content.replace(0, 1, "9");
    EXPECT_TRUE(refused(other)) << "another size";
    other = *frame;
    other.first += 1;
    EXPECT_TRUE(refused(other)) << "a gap";
    other = *frame;
    other.beat.v -= 1;
    EXPECT_TRUE(refused(other)) << "another beat";
    EXPECT_FALSE(node::parse_received(BytesView(*good).substr(0, good->size() - 1)));
    EXPECT_TRUE(fr.take_received(ru_id, *good, four.now));
    EXPECT_EQ(fr.peer(ru_id)->given.size(), given);
}

}  // namespace
}  // namespace entente::sim
