// SPDX-License-Identifier: Apache-2.0
// A party among others goes on in a successor log (PROTOCOL 7, 25, 26): its peers follow what its
// root signed, and the log before goes on protecting.
#include "evidence/verify.h"
#include "node/gather.h"
#include "node/ladder.h"
#include "node/pack.h"
#include "sim/lied_for_test.h"
#include "statement/succession.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
using check::Verdict;

const Origin& log_of(Party& at, const PartyId& party) { return at.exchange().peer(party)->origin; }

/// The record by which the party states this one anew, as it is known at `at`.
std::optional<RecordId> anew(Party& at, const RecordId& record) {
    const registry::Snapshot snapshot = at.node().snapshot();
    for (std::size_t i = 0; i < snapshot.size(); ++i) {
        const auto& one = snapshot.at(static_cast<registry::Slot>(i));
        if (one.versions.front().was == record) return one.id;
    }
    return std::nullopt;
}

/// ru has gone on in ru/2, and all is as between parties that never did anything else.
void expect_goes_on(Lied& lied, const RecordId& record, bool forked = false) {
    const Origin next{lied.ru().node().origin()};
    for (Party* at : {&lied.fr(), &lied.msf()}) {
        EXPECT_EQ(log_of(*at, ru_id), next) << at->id().v;
        EXPECT_TRUE(at->exchange().peer(ru_id)->complete()) << at->id().v;
        EXPECT_EQ(Lied::verdict(*at, site, lied.now), Verdict::conflict) << at->id().v;
    }
    EXPECT_EQ(lied.fr().node().snapshot().hash(), lied.msf().node().snapshot().hash());
    // What is new goes to them, and they say so.
    const RecordId added = lied.say(lied.ru(), elsewhere);
    lied.rounds(3);
    for (Party* at : {&lied.fr(), &lied.msf()}) {
        EXPECT_EQ(Lied::verdict(*at, elsewhere, lied.now), Verdict::conflict) << at->id().v;
        const auto& peer = *lied.ru().exchange().peer(at->id());
        EXPECT_EQ(peer.acknowledged(), peer.given.size()) << at->id().v;
        for (const std::string& code : lied.named(*at, ru_id)) {
            EXPECT_TRUE(forked && (code == "fork" || code == "former_fork")) << code;
        }
        for (const std::string& code : lied.named(lied.ru(), at->id())) ADD_FAILURE() << code;
    }
    const auto ladders = lied.ru().exchange().ladders(added, lied.now);
    ASSERT_TRUE(ladders);
    ASSERT_EQ(ladders->size(), 2u);
    for (const auto& ladder : *ladders) EXPECT_GE(ladder.rung(), statement::Rung::read_back);
    // And what it said before it can end, by the record that states it anew.
    const auto again = anew(lied.ru(), record);
    ASSERT_TRUE(again);
    ASSERT_TRUE(lied.fr().node().snapshot().find(*again));
    lied.withdraw(lied.ru(), *again);
    lied.rounds(3);
    EXPECT_EQ(Lied::verdict(lied.fr(), site, lied.now + 30min), Verdict::conflict);
    EXPECT_NE(Lied::verdict(lied.fr(), site, lied.now + 3h), Verdict::conflict);
    EXPECT_NE(Lied::verdict(lied.ru(), site, lied.now + 3h), Verdict::conflict);
    EXPECT_EQ(lied.fr().node().snapshot().hash(), lied.msf().node().snapshot().hash());
    restart(lied.fr());
    restart(lied.ru());
    EXPECT_EQ(log_of(lied.fr(), ru_id), next);
    lied.rounds(2);
    EXPECT_TRUE(lied.fr().exchange().peer(ru_id)->complete());
    EXPECT_EQ(Lied::verdict(lied.msf(), elsewhere, lied.now), Verdict::conflict);
}

TEST(Successor, IsFollowedByThePeersOfWhoLostItsSigner) {
    Lied lied;
    lied.rounds(2);
    const RecordId record = lied.say(lied.ru(), site);
    lied.rounds(3);
    const Origin before = lied.ru().node().origin();
    const auto rotated = lied.ru().rotate(lied.now);
    ASSERT_TRUE(rotated) << rotated.error().detail;
    EXPECT_EQ(lied.ru().node().origin().v, before.v + "/2");
    lied.rounds(3);
    // Stated anew it has ended where it stood, and only there.
    const registry::Snapshot snapshot = lied.fr().node().snapshot();
    const auto& old = snapshot.at(*snapshot.find(record));
    EXPECT_TRUE(old.newest().restated);
    EXPECT_EQ(lied.fr().node().snapshot().hash(), lied.ru().node().snapshot().hash());
    expect_goes_on(lied, record);
    // And once more.
    ASSERT_TRUE(lied.ru().rotate(lied.now));
    lied.rounds(4);
    EXPECT_EQ(log_of(lied.fr(), ru_id).v, before.v + "/3");
    EXPECT_EQ(Lied::verdict(lied.fr(), elsewhere, lied.now), Verdict::conflict);
    EXPECT_EQ(lied.fr().node().snapshot().hash(), lied.msf().node().snapshot().hash());
    restart(lied.msf());
}

TEST(Successor, IsFollowedAfterAConviction) {
    Lied lied;
    lied.rounds(2);
    const RecordId record = lied.say(lied.ru(), site);
    const RecordId ended = lied.say(lied.ru(), site + 1'000'000);
    lied.rounds(3);
    const auto twin = lied.twin();
    lied.withdraw(lied.ru(), ended);
    const RecordId there = lied.say(*twin, elsewhere + 1'000'000);
    lied.tick();
    ASSERT_TRUE(twin->exchange().tick(lied.now));
    (void)sync(lied.fr(), *twin, lied.now);
    (void)sync(lied.msf(), *twin, lied.now);
    (void)sync(lied.msf(), lied.ru(), lied.now);
    ASSERT_TRUE(lied.msf().exchange().peer(ru_id)->fork);
    lied.rounds(3);
    ASSERT_FALSE(lied.ru().node().halted().empty());
    ASSERT_TRUE(lied.ru().rotate(lied.now));
    EXPECT_TRUE(lied.ru().node().halted().empty());
    lied.rounds(4);
    for (Party* at : {&lied.fr(), &lied.msf()}) {
        EXPECT_TRUE(at->node().snapshot().find(there)) << at->id().v;
        EXPECT_EQ(Lied::verdict(*at, elsewhere + 1'000'000, lied.now), Verdict::conflict)
            << at->id().v << ": what the other history added protects";
        EXPECT_EQ(Lied::verdict(*at, site + 1'000'000, lied.now + 5h), Verdict::conflict)
            << at->id().v << ": what was withdrawn after they parted is not";
        restart(*at);
        for (const check::Source& source : at->exchange().sources()) {
            EXPECT_FALSE(source.forked) << "the log in force is whole";
        }
    }
    expect_goes_on(lied, record, true);
}

/// Back at an earlier store, it says by its root that its log ended there.
TEST(Successor, RelaxesNothingBehindTheHeadThatTheRootNames) {
    Lied lied;
    lied.rounds(2);
    const RecordId record = lied.say(lied.ru(), site);
    lied.rounds(3);
    const auto backup = lied.ru().store();
    lied.withdraw(lied.ru(), record);
    const RecordId later = lied.say(lied.ru(), elsewhere + 1'000'000);
    lied.rounds(3);
    ASSERT_NE(Lied::verdict(lied.fr(), site, lied.now + 3h), Verdict::conflict);
    (void)lied.ru().put_back(backup);
    ASSERT_TRUE(lied.ru().rotate(lied.now));
    lied.rounds(4);
    for (Party* at : {&lied.fr(), &lied.msf()}) {
        EXPECT_EQ(Lied::verdict(*at, elsewhere + 1'000'000, lied.now), Verdict::conflict);
        EXPECT_EQ(Lied::verdict(*at, site, lied.now + 3h), Verdict::conflict) << at->id().v;
        EXPECT_TRUE(at->node().snapshot().find(later));
        restart(*at);
    }
    expect_goes_on(lied, record);
}

TEST(Successor, IsHeardOfThroughAThirdPartyAndByPack) {
    Lied lied;
    lied.rounds(2);
    (void)lied.say(lied.ru(), site);
    lied.rounds(3);
    ASSERT_TRUE(lied.ru().rotate(lied.now));
    lied.now += 60s;
    ASSERT_TRUE(lied.ru().exchange().tick(lied.now));
    EXPECT_TRUE(sync(lied.msf(), lied.ru(), lied.now));
    EXPECT_TRUE(sync(lied.fr(), lied.msf(), lied.now));
    EXPECT_EQ(log_of(lied.fr(), ru_id), lied.ru().node().origin());
    EXPECT_EQ(lied.fr().exchange().peer(ru_id)->mirror.size(), lied.ru().node().log().size());
    Rng rng(7);
    const auto packed = node::pack(lied.ru().exchange(), fr_id, 1, false, lied.now, rng.bytes());
    ASSERT_TRUE(packed);
    const auto taken = node::unpack(lied.fr().exchange(), packed->bytes, lied.now);
    ASSERT_TRUE(taken) << taken.error().detail;
    EXPECT_TRUE(lied.fr().exchange().peer(ru_id)->complete());
    // A pack alone is enough.
    Lied other;
    other.rounds(2);
    (void)other.say(other.ru(), site);
    other.rounds(3);
    ASSERT_TRUE(other.ru().rotate(other.now));
    other.now += 60s;
    ASSERT_TRUE(other.ru().exchange().tick(other.now));
    for (const bool own : {false, true}) {
        const auto made =
            own ? node::pack_own(other.ru().exchange(), {msf_id}, other.now, rng.bytes())
                : node::pack(other.ru().exchange(), fr_id, 1, false, other.now, rng.bytes());
        ASSERT_TRUE(made);
        Party& to = own ? other.msf() : other.fr();
        ASSERT_TRUE(node::unpack(to.exchange(), made->bytes, other.now));
        EXPECT_EQ(log_of(to, ru_id), other.ru().node().origin()) << own;
        EXPECT_TRUE(to.exchange().peer(ru_id)->complete()) << own;
    }
}

/// A frame with one entry more, which is to open a log of ru's.
Bytes frame_of(const Bytes& entry) {
    return "entente/successors/v1\n" + std::to_string(entry.size()) + "\n" + entry;
}

TEST(Successor, ThatTheRootDidNotSignIsOnTheAccountOfWhoShowsIt) {
    Lied lied;
    lied.rounds(2);
    const statement::Charter& charter = lied.fr().node().charter();
    Rng rng(5);
    const SecretKey stranger = SecretKey::generate(rng.bytes());
    const statement::Succession said{ru_id, 2, stranger.public_key(), {{3}, Hash{}}};
    const Bytes entry =
        statement::encode_entry(statement::succession_entry(charter, said, stranger));
    ASSERT_TRUE(lied.fr().exchange().take_successors(msf_id, frame_of(entry), lied.now));
    EXPECT_TRUE(lied.named(msf_id).contains("bad_successor"));
    EXPECT_TRUE(lied.named(ru_id).empty());
    EXPECT_EQ(log_of(lied.fr(), ru_id), lied.ru().node().origin());
    EXPECT_TRUE(lied.fr().exchange().successions().empty());
    EXPECT_FALSE(
        lied.fr().exchange().take_successors(msf_id, "entente/successors/v1\n9\n{", lied.now));
}

TEST(Successor, OfWhichThereAreTwoRelaxesNothing) {
    Lied lied;
    lied.rounds(2);
    lied.say(lied.ru(), site);
    lied.rounds(2);
    const auto twin = lied.twin();
    ASSERT_TRUE(lied.ru().rotate(lied.now));
    ASSERT_TRUE(twin->rotate(lied.now));
    lied.rounds(3);
    const RecordId ended = lied.say(lied.ru(), elsewhere);
    lied.rounds(2);
    lied.withdraw(lied.ru(), ended);
    lied.rounds(3);
    ASSERT_NE(Lied::verdict(lied.fr(), elsewhere, lied.now + 3h), Verdict::conflict);
    const auto rival = twin->exchange().answer(fr_id, "/peer/v1/successors");
    ASSERT_TRUE(rival);
    for (Party* at : {&lied.fr(), &lied.msf()}) {
        ASSERT_TRUE(at->exchange().take_successors(msf_id, *rival, lied.now));
        EXPECT_TRUE(lied.named(*at, ru_id).contains("rival_successor"));
        EXPECT_EQ(Lied::verdict(*at, elsewhere, lied.now + 3h), Verdict::conflict);
        restart(*at);
        EXPECT_EQ(Lied::verdict(*at, elsewhere, lied.now + 3h), Verdict::conflict);
    }
    EXPECT_TRUE(lied.named(msf_id).empty()) << "who passes it on is not to blame";
}

TEST(Successor, HaltsTheNodeThatKeepsTheLogBefore) {
    Lied lied;
    lied.rounds(2);
    const auto twin = lied.twin();
    ASSERT_TRUE(lied.ru().rotate(lied.now));
    lied.rounds(2);
    (void)sync(*twin, lied.fr(), lied.now);
    EXPECT_NE(twin->node().halted().find("the root has opened"), std::string::npos);
}

/// What it cosigned was beside the signer that is lost: nothing is said before all have told.
TEST(Successor, CosignsNothingBeforeAllHaveToldWhatItCosigned) {
    Lied lied;
    lied.rounds(3);
    const Origin fr = lied.fr().node().origin();
    const auto before = lied.ru().cosigned().last(fr, node::CosignRole::mirror);
    ASSERT_TRUE(before && *before);
    ASSERT_TRUE(lied.ru().rotate(lied.now, true));
    const auto last = [&] { return lied.ru().cosigned().last(fr, node::CosignRole::mirror); };
    lied.say(lied.fr(), site);
    lied.tick();
    EXPECT_TRUE(sync(lied.ru(), lied.fr(), lied.now));
    restart(lied.ru());
    EXPECT_TRUE(sync(lied.ru(), lied.fr(), lied.now));
    ASSERT_TRUE(last());
    const TreeSize size = lied.fr().node().log().size();
    EXPECT_TRUE(!*last() || (*last())->size < size) << "msf has not told";
    lied.rounds(3);
    ASSERT_TRUE(*last());
    EXPECT_GE((*last())->size, size);
    EXPECT_FALSE(lied.ru().node().origin().v.empty());
}

/// Version 2, in which ru's card names the log that it goes on in.
std::string naming(const Lied& lied, const std::string& vkey) {
    statement::Charter next = lied.founders().charter;
    next.version = 2;
    next.previous = statement::charter_hash(lied.founders().charter_file).value();
    next.signatures.clear();
    for (statement::CharterParty& party : next.parties) {
        if (party.id == ru_id) party.log = vkey;
    }
    std::string file = statement::format_charter(next);
    const Bytes message = statement::charter_message(statement::charter_hash(file).value());
    for (const Founder& one : lied.founders().parties) {
        file = statement::with_signature(file, one.id, one.root.sign(message)).value();
    }
    return file;
}

TEST(Successor, IsNamedByTheNextVersionOfTheCharter) {
    Lied lied;
    lied.rounds(2);
    const RecordId record = lied.say(lied.ru(), site);
    lied.rounds(3);
    ASSERT_TRUE(lied.ru().rotate(lied.now));
    lied.rounds(3);
    const Origin next{lied.ru().node().origin()};
    const std::string file = naming(lied, lied.ru().node().verifier().text());
    for (Party* one : {&lied.fr(), &lied.ru(), &lied.msf()}) {
        const Hash hash = one->node().snapshot().hash();
        const auto adopted = one->adopt(file, lied.now);
        ASSERT_TRUE(adopted) << one->id().v << ": " << adopted.error().detail;
        EXPECT_EQ(one->node().snapshot().hash(), hash) << one->id().v;
    }
    EXPECT_EQ(lied.ru().node().origin(), next);
    lied.say(lied.ru(), elsewhere);
    lied.rounds(3);
    EXPECT_EQ(log_of(lied.fr(), ru_id), next);
    EXPECT_EQ(Lied::verdict(lied.fr(), site, lied.now), Verdict::conflict);
    EXPECT_EQ(Lied::verdict(lied.fr(), elsewhere, lied.now), Verdict::conflict);
    EXPECT_EQ(lied.fr().node().snapshot().hash(), lied.msf().node().snapshot().hash());
    // Evidence of what it said in the log that only the version before names.
    Party& ru = lied.ru();
    const auto shown = node::gather({ru.node(), ru.exchange(), ru.store(), *ru.author().vault},
                                    {record, node::Tier::exact, lied.now});
    ASSERT_TRUE(shown) << shown.error().detail;
    const std::vector<std::string> charters = {lied.charter(), file};
    const auto report = evidence::verify(evidence::format_file(*shown), charters);
    ASSERT_TRUE(report) << report.error().detail;
    EXPECT_EQ(report->told.size(), 2u);
    ASSERT_TRUE(lied.ru().rotate(lied.now));
    lied.rounds(4);
    EXPECT_EQ(log_of(lied.fr(), ru_id), lied.ru().node().origin());
    EXPECT_EQ(Lied::verdict(lied.fr(), elsewhere, lied.now), Verdict::conflict);
    for (Party* one : {&lied.fr(), &lied.ru(), &lied.msf()}) restart(*one);
}

TEST(Successor, LetsWhatWasGivenBeforeBeRecalled) {
    Lied lied;
    lied.rounds(2);
    const RecordId record = lied.say(lied.ru(), site);
    lied.rounds(3);
    ASSERT_TRUE(lied.ru().rotate(lied.now));
    lied.rounds(3);
    const auto recalled = lied.ru().exchange().recall(
        {.records = {record}, .from = fr_id, .reason = "it was stated anew"}, lied.now);
    ASSERT_TRUE(recalled) << recalled.error().detail;
    lied.rounds(3);
    const auto& made = lied.ru().exchange().peer(fr_id)->made_recalls;
    ASSERT_EQ(made.size(), 1u);
    ASSERT_TRUE(made.begin()->second.answered);
    EXPECT_EQ(made.begin()->second.worst, statement::Outcome::purged);
    EXPECT_EQ(Lied::verdict(lied.fr(), site, lied.now), Verdict::conflict)
        << "by the record that states it anew";
    EXPECT_TRUE(lied.named(ru_id).empty()) << *lied.named(ru_id).begin();
    restart(lied.fr());
    restart(lied.ru());
}

}  // namespace
}  // namespace entente::sim
