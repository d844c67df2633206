// SPDX-License-Identifier: Apache-2.0
// A party that keeps two histories of its log (PROTOCOL 25): whoever sees both holds both, names it
// in `peer status` and in its own log, and by that everybody hears of it. What either says
// protects; what was said after they parted relaxes nothing.
#include "node/noticing.h"
#include "sim/activities_for_test.h"
#include "sim/lied_for_test.h"
#include "statement/fork_entry.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
using check::Verdict;

TEST(Fork, IsNamedByWhoeverSeesBothAndBothAreHeld) {
    Lied lied;
    lied.round();
    const auto twin = lied.twin();
    lied.say(lied.ru(), site);
    const RecordId other = lied.say(*twin, elsewhere);
    lied.tick();
    ASSERT_TRUE(twin->exchange().tick(lied.now));
    lied.follow([](const std::string&, Answer&) {});
    ASSERT_EQ(lied.verdict(site), Verdict::conflict);
    (void)sync(lied.msf(), *twin, lied.now);
    ASSERT_TRUE(lied.msf().node().snapshot().find(other));
    const TreeSize before = lied.fr().exchange().peer(ru_id)->mirror.size();
    (void)sync(lied.fr(), lied.msf(), lied.now);
    (void)sync(lied.msf(), lied.fr(), lied.now);
    EXPECT_TRUE(lied.named(ru_id).contains("fork"));
    EXPECT_TRUE(lied.named(msf_id).empty()) << "who passes it on is not to blame";
    EXPECT_EQ(lied.verdict(site), Verdict::conflict) << "what was added protects";
    // Both branches are held by both, and what they have in common is known.
    const node::Peer& at_fr = *lied.fr().exchange().peer(ru_id);
    const node::Peer& at_msf = *lied.msf().exchange().peer(ru_id);
    EXPECT_EQ(at_fr.mirror.size(), before);
    ASSERT_TRUE(at_fr.branch && at_msf.branch);
    EXPECT_EQ(at_fr.branch->mirror.tree().root(), at_msf.mirror.tree().root());
    EXPECT_EQ(at_msf.branch->mirror.tree().root(), at_fr.mirror.tree().root());
    const TreeSize common = mirror::common_prefix(at_fr.mirror.tree(), at_msf.mirror.tree());
    EXPECT_GT(common.v, 0u);
    for (Party* one : {&lied.fr(), &lied.msf()}) {
        EXPECT_EQ(one->node().snapshot().log(one->exchange().peer(ru_id)->log).forked, common);
        const Hash hash = one->node().snapshot().hash();
        one->stop();
        const auto started = one->start();
        ASSERT_TRUE(started) << started.error().detail;
        EXPECT_EQ(one->node().snapshot().hash(), hash);
        EXPECT_TRUE(one->exchange().peer(ru_id)->branch);
    }
}

std::optional<TreeSize> common_at(Party& party) {
    return party.node().snapshot().log(party.exchange().peer(ru_id)->log).forked;
}

/// ru goes on, and so does a second node with its keys: two histories from here on.
std::unique_ptr<Party> parted(Lied& lied, std::int32_t here, std::int32_t there) {
    auto twin = lied.twin();
    lied.say(lied.ru(), here);
    lied.say(*twin, there);
    lied.tick();
    EXPECT_TRUE(twin->exchange().tick(lied.now));
    return twin;
}

/// As a witness msf was shown twin's history, and of that only its own word is left; then it holds
/// ru's.
TEST(Fork, ThatWasCosignedBeforeItWasSeenStopsNobodyElse) {
    Lied lied;
    lied.round();
    const auto twin = parted(lied, site, elsewhere);
    const auto& head = twin->node().head();
    const auto& at_msf = *lied.msf().exchange().peer(ru_id);
    const TreeSize old = at_msf.mirror.size();
    const auto proof = twin->node().log().tree().consistency_proof(old, head.checkpoint.size);
    ASSERT_TRUE(proof);
    const auto word = lied.msf().exchange().add_checkpoint(
        tlog::format_add_checkpoint({old, *proof, head.checkpoint, head.note}), lied.now);
    ASSERT_EQ(word.status, 200) << word.detail;
    for (int i = 0; i < 4; ++i) {
        lied.tick();
        EXPECT_TRUE(sync(lied.msf(), lied.ru(), lied.now));
    }
    EXPECT_GT(at_msf.mirror.size(), head.checkpoint.size);
    const auto status = lied.msf().exchange().status(lied.now);
    ASSERT_EQ(status[1].party, ru_id);
    ASSERT_EQ(status[1].misdeeds.size(), 1u);
    EXPECT_EQ(status[1].misdeeds[0].code, "cosigned_other");
    // Neither role says any more of it, also after a start, and the others are followed as before.
    const std::string mirror = lied.msf().exchange().keys()->mirror.key().name;
    EXPECT_LE(at_msf.heads.size_of(mirror), old);
    lied.msf().stop();
    ASSERT_TRUE(lied.msf().start());
    lied.rounds(2);
    EXPECT_GE(lied.msf().exchange().peer(fr_id)->beat->time, lied.now - 1min);
    EXPECT_LE(lied.msf().exchange().peer(ru_id)->heads.size_of(mirror), old);
}

TEST(Fork, OfThreeHistoriesNothingIsTakenForCommon) {
    Lied lied;
    lied.round();
    const auto third = lied.twin(998);
    lied.say(*third, elsewhere + 998);
    const auto twin = parted(lied, site, elsewhere);
    ASSERT_TRUE(third->exchange().tick(lied.now));
    (void)sync(lied.fr(), lied.ru(), lied.now);
    EXPECT_EQ(common_at(lied.fr()), std::nullopt);
    (void)sync(lied.fr(), *twin, lied.now);
    ASSERT_TRUE(common_at(lied.fr()));
    EXPECT_GT(common_at(lied.fr())->v, 0u);
    (void)sync(lied.fr(), *third, lied.now);
    EXPECT_EQ(common_at(lied.fr()), TreeSize{0});
    lied.fr().stop();
    ASSERT_TRUE(lied.fr().start());
    EXPECT_EQ(common_at(lied.fr()), TreeSize{0});
}

TEST(Fork, IsAnAlarmToWhoPlannedWhereSomethingProtectsAgain) {
    Lied lied;
    lied.rounds(2);
    const RecordId record = lied.say(lied.ru(), site);
    lied.rounds(2);
    const auto twin = lied.twin();
    lied.withdraw(lied.ru(), record);
    lied.rounds(3);
    lied.now += 3h;
    lied.rounds(2);
    Party& fr = lied.fr();
    ASSERT_NE(lied.verdict(site), Verdict::conflict) << "it has ended";
    const RecordId there = declare(fr, {volume({site, 363'000'000}, 500, lied.now)}, {}, lied.now);
    declare(fr, {volume({elsewhere, 363'000'000}, 500, lied.now)}, {}, lied.now);
    node::Noticing noticing({&fr.node(), &fr.exchange(), &fr.store()});
    ASSERT_TRUE(noticing.begin(lied.now));
    lied.say(*twin, elsewhere + 10'000'000);
    ASSERT_TRUE(twin->exchange().tick(lied.now));
    (void)sync(fr, *twin, lied.now);
    ASSERT_EQ(lied.verdict(site), Verdict::conflict);
    (void)fr.exchange().state();
    watch::Subscription subscription;
    subscription.owner = "nadia";
    subscription.what = {watch::what::alarm};
    const std::vector<node::Subscriber> subscribers{
        {std::make_shared<const watch::Matcher>(subscription)}};
    ASSERT_EQ(noticing.make(subscribers, nullptr, lied.now).value(), 1u);
    const auto rows = noticing.waiting(watch::board_of("nadia"), 0, 9).value();
    EXPECT_EQ(rows[0].notice.activity, there);
    EXPECT_EQ(rows[0].notice.record, record);
    EXPECT_EQ(rows[0].notice.party, ru_id);
}

TEST(Fork, VoidsWhatWasFinalAndNotYetActing) {
    for (const bool forks : {false, true}) {
        Lied lied;
        lied.rounds(2);
        const RecordId record = lied.say(lied.ru(), site);
        lied.rounds(2);
        const auto twin = lied.twin();
        lied.withdraw(lied.ru(), record);
        lied.rounds(3);  // everybody has it and has cosigned it
        if (forks) {
            lied.say(*twin, elsewhere);
            ASSERT_TRUE(twin->exchange().tick(lied.now));
            (void)sync(lied.msf(), *twin, lied.now);
            lied.round();
        }
        const Instant soon = lied.now + 30min, late = lied.now + 3h;
        for (Party* at : {&lied.fr(), &lied.msf()}) {
            EXPECT_EQ(Lied::verdict(*at, site, soon), Verdict::conflict) << forks;
            EXPECT_EQ(Lied::verdict(*at, site, late) == Verdict::conflict, forks)
                << at->id().v << ": without a fork it ends, with one it never does";
        }
    }
}

TEST(Fork, LeavesWhatBothHistoriesRelax) {
    Lied lied;
    lied.rounds(2);
    const RecordId record = lied.say(lied.ru(), site);
    lied.rounds(2);
    lied.withdraw(lied.ru(), record);
    lied.rounds(3);
    const auto twin = parted(lied, site + 1'000'000, elsewhere);
    (void)sync(lied.fr(), lied.ru(), lied.now);
    (void)sync(lied.fr(), *twin, lied.now);
    ASSERT_TRUE(common_at(lied.fr()));
    EXPECT_EQ(Lied::verdict(lied.fr(), site, lied.now + 30min), Verdict::conflict);
    EXPECT_NE(Lied::verdict(lied.fr(), site, lied.now + 3h), Verdict::conflict);
}

TEST(Fork, IsHeardOfByWhoeverSawOneHistoryOnly) {
    Lied lied;
    lied.rounds(2);
    const auto twin = parted(lied, site, elsewhere);
    (void)sync(lied.fr(), lied.ru(), lied.now);
    (void)sync(lied.msf(), lied.ru(), lied.now);
    (void)sync(lied.msf(), *twin, lied.now);
    ASSERT_TRUE(lied.msf().exchange().peer(ru_id)->fork);
    EXPECT_TRUE(lied.named(ru_id).empty()) << *lied.named(ru_id).begin();
    lied.now += 60s;
    ASSERT_TRUE(lied.msf().exchange().tick(lied.now));
    EXPECT_TRUE(sync(lied.fr(), lied.msf(), lied.now));
    EXPECT_TRUE(lied.named(ru_id).contains("fork"));
    EXPECT_TRUE(lied.named(msf_id).empty());
    EXPECT_EQ(lied.verdict(site), Verdict::conflict);
    lied.fr().stop();
    ASSERT_TRUE(lied.fr().start());
    EXPECT_TRUE(lied.named(ru_id).contains("fork")) << "after a start too";
    // One's own log says it once, and who did it signs nothing more.
    const TreeSize before = lied.msf().node().log().size();
    lied.now += 1s;
    ASSERT_TRUE(lied.msf().exchange().tick(lied.now));
    EXPECT_EQ(lied.msf().node().log().size(), before);
    EXPECT_TRUE(lied.ru().node().halted().empty());
    (void)sync(lied.ru(), lied.msf(), lied.now);
    EXPECT_FALSE(lied.ru().node().halted().empty());
}

/// What could not be written is held in memory and written at the next contact.
TEST(Fork, IsKeptThoughItsFirstWriteFails) {
    for (std::uint64_t i = 0; i < 8; ++i) {
        const std::uint64_t write = i / 2;
        const auto fault = i % 2 == 0 ? store::Fault::not_persisted : store::Fault::persisted;
        Lied lied;
        lied.rounds(2);
        const auto twin = parted(lied, site, elsewhere);
        (void)sync(lied.fr(), lied.ru(), lied.now);
        lied.fr().faults().fail_commit(write, fault);
        (void)sync(lied.fr(), *twin, lied.now);
        EXPECT_TRUE(lied.named(ru_id).contains("fork")) << write;
        (void)sync(lied.fr(), *twin, lied.now);
        ASSERT_TRUE(lied.fr().exchange().peer(ru_id)->branch) << write;
        const Hash hash = lied.fr().node().snapshot().hash();
        lied.fr().stop();
        ASSERT_TRUE(lied.fr().start()) << write;
        EXPECT_EQ(lied.fr().node().snapshot().hash(), hash) << write;
        EXPECT_TRUE(lied.named(ru_id).contains("fork")) << write;
    }
}

TEST(Fork, ThatIsNoneIsOnTheAccountOfWhoNamesIt) {
    Lied lied;
    lied.rounds(2);
    node::Batch batch;
    const Origin msf = lied.msf().author().origin;
    batch.open.push_back(statement::encode_fork_entry(statement::fork_entry(msf, "a proof\n")));
    ASSERT_TRUE(lied.ru().exchange().log(std::move(batch), {}, lied.now));
    (void)sync(lied.fr(), lied.ru(), lied.now);
    EXPECT_TRUE(lied.named(ru_id).contains("false_fork"));
    EXPECT_TRUE(lied.named(msf_id).empty());
    EXPECT_FALSE(lied.fr().exchange().peer(msf_id)->fork);
}

}  // namespace
}  // namespace entente::sim
