// SPDX-License-Identifier: Apache-2.0
// Two parties that never reach each other, and a third that both reach (PROTOCOL 11): what waits
// there arrives, is acknowledged the same way back, and who held it has signed since when.
#include "base/sha256.h"
#include "evidence/verify.h"
#include "node/compose.h"
#include "node/gather.h"
#include "node/ladder.h"
#include "node/paths.h"
#include "seal/parcel.h"
#include "sim/lied_for_test.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
using check::Verdict;

/// As rounds, but fr and ru hear of each other only by msf.
void apart(
    Lied& lied, int minutes, const std::function<void()>& each = [] {}) {
    for (int i = 0; i < minutes; i += 5) {
        lied.now += 5min;
        for (Party* one : {&lied.fr(), &lied.ru(), &lied.msf()}) {
            EXPECT_TRUE(one->exchange().tick(lied.now));
        }
        for (Party* one : {&lied.fr(), &lied.ru()}) {
            EXPECT_TRUE(sync(lied.msf(), *one, lied.now));
            EXPECT_TRUE(sync(*one, lied.msf(), lied.now));
        }
        each();
    }
}

std::optional<node::Custody> custody_at(Party& author) {
    const auto all = author.exchange().custody();
    if (all.size() != 1) return std::nullopt;
    return all.front();
}

TEST(Deposit, ReachesWhoCannotBeReached) {
    Lied lied;
    lied.rounds(3);
    lied.say(lied.fr(), site);
    const Instant said = lied.now;
    const std::uint64_t size = lied.fr().exchange().peer(ru_id)->given.size().v;
    apart(lied, 55);
    EXPECT_EQ(Lied::verdict(lied.ru(), site, lied.now), Verdict::incomplete);
    EXPECT_FALSE(custody_at(lied.fr())) << "it is not due yet";
    apart(lied, 30);
    EXPECT_EQ(Lied::verdict(lied.ru(), site, lied.now), Verdict::conflict);
    const auto custody = custody_at(lied.fr());
    ASSERT_TRUE(custody);
    EXPECT_EQ(custody->with, msf_id);
    EXPECT_EQ(custody->recipient, ru_id);
    EXPECT_EQ(custody->list.size.v, size);
    EXPECT_GE(custody->held, said + 1h);
    ASSERT_TRUE(custody->fetched);
    EXPECT_GE(*custody->fetched, custody->held);
    // The receipts for it go the same way back.
    apart(lied, 120);
    const auto ladders = lied.fr().exchange().ladders({}, lied.now);
    ASSERT_TRUE(ladders);
    const auto of_ru = std::find_if(ladders->begin(), ladders->end(),
                                    [](const node::Ladder& one) { return one.party == ru_id; });
    ASSERT_NE(of_ru, ladders->end());
    EXPECT_EQ(of_ru->rung(), statement::Rung::read_back);
    for (const PartyId& party : {ru_id, msf_id}) {
        EXPECT_TRUE(lied.fr().exchange().peer(party)->misdeeds.empty()) << party.v;
    }
}

TEST(Deposit, IsInTheEvidenceByTheWordOfWhoHeldIt) {
    Lied lied;
    lied.rounds(3);
    const RecordId id = lied.say(lied.fr(), site);
    const Instant said = lied.now;
    apart(lied, 180);
    Party& fr = lied.fr();
    const auto file = node::gather({fr.node(), fr.exchange(), fr.store(), *fr.author().vault},
                                   {id, node::Tier::exact, lied.now});
    ASSERT_TRUE(file) << file.error().detail;
    const std::string charter = lied.charter();
    const auto report = evidence::verify(evidence::format_file(*file), {&charter, 1});
    ASSERT_TRUE(report) << report.error().detail;
    ASSERT_EQ(report->kept.size(), 2u);
    const evidence::Kept& held = report->kept[0];
    const evidence::Kept& fetched = report->kept[1];
    for (const evidence::Kept& one : report->kept) {
        EXPECT_EQ(one.with, msf_id);
        EXPECT_EQ(one.receipt->held->recipient, ru_id);
        EXPECT_TRUE(one.bounds.before) << "by another's clock";
        ASSERT_EQ(one.holds.size(), 1u);
        EXPECT_EQ(report->told[one.holds[0]].to, ru_id);
    }
    EXPECT_GE(held.receipt->held->at, said + 1h);
    EXPECT_GE(fetched.receipt->held->at, held.receipt->held->at);
    std::vector<std::string> codes;
    for (const auto& line : report->lines) {
        if (line.code == "kept" || line.code == "fetched") codes.push_back(line.code);
    }
    EXPECT_EQ(codes, (std::vector<std::string>{"kept", "fetched"}));
}

TEST(Deposit, IsShownToItsRecipientAlone) {
    Lied lied;
    lied.rounds(3);
    lied.say(lied.fr(), site);
    apart(lied, 70);
    const auto held = lied.msf().exchange().answer(ru_id, node::held_path + "fr");
    ASSERT_TRUE(held);
    EXPECT_FALSE(lied.msf().exchange().answer(fr_id, node::held_path + "fr"));
    EXPECT_FALSE(lied.msf().exchange().answer(fr_id, node::held_path + "msf"));
    EXPECT_FALSE(lied.msf().exchange().answer(ru_id, node::held_path + "msf"));
    EXPECT_FALSE(lied.fr().exchange().answer(ru_id, node::deposit_path + "ru"))
        << "the recipient asks for its releases";
    // And msf, which holds it, cannot read it.
    const auto frame = node::parse_releases(*held);
    ASSERT_TRUE(frame);
    EXPECT_FALSE(seal::open_parcel(frame->parcel, lied.msf().exchange().keys()->sealing));
}

TEST(Deposit, IsThereAfterAStartAndGoneOnceItArrived) {
    Lied lied;
    lied.rounds(3);
    lied.say(lied.fr(), site);
    apart(lied, 65);
    const auto before = lied.msf().exchange().answer(ru_id, node::held_path + "fr");
    ASSERT_TRUE(before);
    lied.msf().stop();
    ASSERT_TRUE(lied.msf().start());
    EXPECT_EQ(lied.msf().exchange().answer(ru_id, node::held_path + "fr"), before);
    lied.rounds(4);  // the line is there again
    EXPECT_EQ(Lied::verdict(lied.ru(), site, lied.now), Verdict::conflict);
    lied.rounds(4);
    EXPECT_FALSE(lied.msf().exchange().answer(ru_id, node::held_path + "fr"));
}

/// Its author or who holds it may alter it: that is seen, is on nobody's account, since nobody can
/// tell who did it, and the right one is taken afterwards.
TEST(Deposit, AlteredInAnyPlaceIsNotTaken) {
    Lied lied;
    lied.rounds(3);
    lied.say(lied.fr(), site);
    apart(lied, 40);
    lied.now += 45min;
    for (Party* one : {&lied.fr(), &lied.msf()}) EXPECT_TRUE(one->exchange().tick(lied.now));
    EXPECT_TRUE(sync(lied.msf(), lied.fr(), lied.now));
    // Started anew it does not know yet that it lacks something: it fetches the log alone.
    lied.ru().stop();
    ASSERT_TRUE(lied.ru().start());
    EXPECT_TRUE(sync(lied.ru(), lied.msf(), lied.now));
    node::Exchange& ru = lied.ru().exchange();
    const auto held = lied.msf().exchange().answer(ru_id, node::held_path + "fr");
    ASSERT_TRUE(held);
    const TreeSize had = ru.peer(fr_id)->received.size();
    const std::size_t step = std::max<std::size_t>(1, held->size() / 97);
    for (std::size_t at = 0; at < held->size(); at += step) {
        Bytes altered = *held;
        altered[at] ^= 1;
        EXPECT_FALSE(ru.take_held(msf_id, fr_id, altered, lied.now)) << at;
        EXPECT_EQ(ru.peer(fr_id)->received.size(), had) << at;
    }
    for (const PartyId& party : {fr_id, msf_id}) EXPECT_TRUE(ru.peer(party)->misdeeds.empty());
    EXPECT_EQ(Lied::verdict(lied.ru(), site, lied.now), Verdict::incomplete);
    EXPECT_TRUE(ru.take_held(msf_id, fr_id, *held, lied.now));
    EXPECT_EQ(Lied::verdict(lied.ru(), site, lied.now), Verdict::conflict);
}

TEST(Deposit, ThatWasNeverLeftIsNamed) {
    Lied lied;
    lied.rounds(3);
    lied.say(lied.fr(), site);
    statement::Receipt receipt;
    receipt.to = fr_id;
    receipt.rung = statement::Rung::received;
    receipt.list = statement::LogHead{{1}, sha256("a list of its own")};
    receipt.held = statement::HeldFor{ru_id, lied.now, sha256("a parcel")};
    auto said = node::compose_receipt(lied.msf().author(), receipt, "node", lied.now,
                                      lied.msf().rng().bytes());
    ASSERT_TRUE(said);
    node::Batch batch;
    batch.statements.push_back(std::move(*said));
    ASSERT_TRUE(
        lied.msf().exchange().log(std::move(batch), {{{fr_id, node::Tier::exact}}}, lied.now));
    lied.rounds(2);
    EXPECT_TRUE(lied.named(msf_id).contains("bad_receipt"));
    EXPECT_TRUE(lied.fr().exchange().custody().empty());
}

TEST(Deposit, IsTakenOnlyFromItsAuthor) {
    Lied lied;
    lied.rounds(3);
    lied.say(lied.fr(), site);
    apart(lied, 65);
    const auto frame = lied.fr().exchange().answer(msf_id, node::deposit_path + "ru");
    ASSERT_TRUE(frame);
    node::Exchange& msf = lied.msf().exchange();
    EXPECT_TRUE(msf.take_deposit(fr_id, ru_id, *frame, lied.now));
    EXPECT_FALSE(msf.take_deposit(ru_id, fr_id, *frame, lied.now)) << "it is not ru's";
    EXPECT_FALSE(msf.take_deposit(fr_id, PartyId{"un"}, *frame, lied.now));
    EXPECT_FALSE(msf.take_deposit(fr_id, ru_id, Bytes("a parcel"), lied.now));
}

}  // namespace
}  // namespace entente::sim
