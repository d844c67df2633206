// SPDX-License-Identifier: Apache-2.0
// Issue 4, done when 5, at the core: whatever a party lies about harms nobody but itself, and
// `peer status` names it, by a code and in words. Two histories of one log are in fork_test.cc;
// what lies at the sockets (endless bodies, one byte a second, no HTTP at all) is in
// peer_client_test.cc and cli/tests/lying_peer_test.py.
#include "geo/coarse.h"
#include "node/paths.h"
#include "seal/commitment.h"
#include "sim/lied_for_test.h"
#include "tlog/merkle.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
namespace act = statement::act;
using check::Verdict;
using node::Tier;

bool is_heads(const std::string& path) { return path.starts_with(node::heads_path); }
bool is_releases(const std::string& path) { return path.starts_with(node::releases_path); }
bool is_entries(const std::string& path) { return path.find("tile/entries/") != path.npos; }
bool is_hashes(const std::string& path) { return path.find("/tile/0/") != path.npos; }

void flip(Bytes& body, std::size_t at) { body[at % body.size()] ^= 1; }

struct Row {
    const char* name;
    std::set<std::string> codes;  // any of these
    Lie lie;
    bool lost = false;  // what it said does not come again
};

const Row rows[] = {
    {"garbage",
     {"malformed"},
     [](const std::string& path, Answer& answer) {
         if (is_heads(path)) answer->body = "GIF89a and what not";
     }},
    {"heads without end",
     {"too_large"},
     [](const std::string& path, Answer& answer) {
         if (is_heads(path)) answer->body.resize(64u << 20, 'x');
     }},
    {"a head that its key did not sign",
     {"not_signed"},
     [](const std::string& path, Answer& answer) {
         if (!is_heads(path)) return;
         const std::size_t at = answer->body.find("— ");  // of the first note: its own log's
         char& letter = answer->body[answer->body.find('\n', at) - 20];
         letter = letter == 'A' ? 'B' : 'A';
     }},
    {"entries that are not the log's",
     {"wrong_hash", "malformed"},
     [](const std::string& path, Answer& answer) {
         if (is_entries(path)) flip(answer->body, answer->body.size() - 10);
     }},
    {"a proof that leads elsewhere",
     {"wrong_root", "wrong_hash"},
     [](const std::string& path, Answer& answer) {
         if (is_hashes(path)) flip(answer->body, 3);
     }},
    {"tiles that are not given",
     {"withheld"},
     [](const std::string& path, Answer& answer) {
         if (is_entries(path)) answer = fail(Errc::not_found, "there is nothing at this path");
     }},
    {"an altered parcel",
     {"bad_parcel"},
     [](const std::string& path, Answer& answer) {
         const std::size_t at = is_releases(path) ? answer->body.find("entente/parcel/v1") : 0;
         if (is_releases(path) && at != Bytes::npos) flip(answer->body, at + 300);
     }},
    {"a body that is not its entry's",
     {"void_body"},
     [](const std::string& path, Answer& answer) {
         if (is_releases(path)) flip(answer->body, answer->body.size() - 9);
     },
     true},
    {"releases that it spoke of and does not give",
     {"withheld"},
     [](const std::string& path, Answer& answer) {
         if (is_releases(path)) answer->body.resize(answer->body.find("\n\n") + 2);
     }},
    {"a slot that it did not fill so",
     {"wrong_slot"},
     [](const std::string& path, Answer& answer) {
         if (!is_releases(path)) return;
         const std::size_t at = answer->body.find(" opened\n");
         if (at != Bytes::npos) answer->body.replace(at, 8, " offered\n");
     }},
    {"acknowledges what it never had",
     {"wrong_acknowledgement"},
     [](const std::string& path, Answer& answer) {
         if (!is_releases(path)) return;
         std::size_t at = 0;  // the fourth line begins with how many it acknowledges
         for (int line = 0; line < 3; ++line) at = answer->body.find('\n', at) + 1;
         answer->body.replace(at, answer->body.find(' ', at) - at, "77");
     }},
};

TEST(LyingPeer, IsNamedAndHarmsNobodyElse) {
    for (const Row& row : rows) {
        Lied lied;
        lied.say(lied.fr(), elsewhere + 10'000'000);
        lied.rounds(3);
        lied.fill(lied.ru());
        lied.say(lied.ru(), site);
        lied.say(lied.msf(), elsewhere);
        lied.tick();
        EXPECT_TRUE(lied.named(ru_id).empty()) << *lied.named(ru_id).begin();
        lied.follow(row.lie);
        const auto named = lied.named(ru_id);
        EXPECT_TRUE(std::any_of(row.codes.begin(), row.codes.end(),
                                [&](const std::string& code) { return named.contains(code); }))
            << row.name << ": " << (named.empty() ? "nothing" : *named.begin());
        EXPECT_TRUE(sync(lied.fr(), lied.msf(), lied.now)) << row.name;
        EXPECT_EQ(lied.verdict(elsewhere), Verdict::conflict) << row.name;
        EXPECT_TRUE(lied.named(msf_id).empty()) << row.name << ": " << *lied.named(msf_id).begin();
        const Instant soon = lied.now + (row.lost ? 0min : 20min);  // or its silence is too long
        EXPECT_NE(Lied::verdict(lied.fr(), site, soon), Verdict::no_registered_conflict)
            << row.name << ": what it withholds makes nothing look free";
        // And what it says truly afterwards is taken as if nothing had been.
        lied.now += 10min;
        lied.rounds(2);
        const Verdict then = row.lost ? Verdict::incomplete : Verdict::conflict;
        EXPECT_EQ(lied.verdict(site), then) << row.name;
        const Hash hash = lied.fr().node().snapshot().hash();
        lied.fr().stop();
        ASSERT_TRUE(lied.fr().start()) << row.name;
        EXPECT_EQ(lied.fr().node().snapshot().hash(), hash) << row.name;
        EXPECT_EQ(lied.verdict(site), then) << row.name << ", after a start";
    }
}

/// Whatever it lies, what it said to end goes on protecting until that is final and its delay has
/// passed, and then it ends: lies neither hasten nor hinder.
TEST(LyingPeer, RelaxesNothingEarly) {
    for (const Row& row : rows) {
        Lied lied;
        lied.rounds(2);
        const RecordId record = lied.say(lied.ru(), site);
        lied.rounds(2);
        lied.withdraw(lied.ru(), record);
        lied.tick();
        lied.follow(row.lie);
        EXPECT_EQ(lied.verdict(site), Verdict::conflict) << row.name;
        EXPECT_EQ(Lied::verdict(lied.fr(), site, lied.now + 24h), Verdict::conflict)
            << row.name << ": it was never final";
        lied.now += 10min;
        lied.rounds(3);
        EXPECT_EQ(Lied::verdict(lied.fr(), site, lied.now + 30min), Verdict::conflict) << row.name;
        EXPECT_EQ(Lied::verdict(lied.fr(), site, lied.now + 3h) == Verdict::conflict, row.lost)
            << row.name;
    }
}

/// A thousand lies cost what a hundred cost.
TEST(LyingPeer, FillsNoMemory) {
    Lied lied;
    lied.round();
    for (int i = 0; i < 1000; ++i) {
        lied.now += 10min;
        lied.follow([&](const std::string&, Answer& answer) {
            if (answer)
                answer->body = "lie " + std::to_string(i) + Bytes(static_cast<std::size_t>(i), 'x');
        });
    }
    EXPECT_TRUE(lied.named(ru_id).contains("malformed"));
    EXPECT_LE(lied.fr().exchange().peer(ru_id)->misdeeds.size(), node::Peer::misdeeds_max);
    lied.rounds(2);
    EXPECT_TRUE(lied.named(msf_id).empty());
}

TEST(LyingPeer, ThatAnswersWithWhatItSaidLongAgoIsNamed) {
    Lied lied;
    lied.rounds(2);
    lied.say(lied.ru(), site);
    lied.tick();
    Bytes list;
    lied.follow([&](const std::string& path, Answer& answer) {
        if (answer && is_releases(path)) list = answer->body;
    });
    ASSERT_FALSE(list.empty());
    ASSERT_EQ(lied.verdict(site), Verdict::conflict);
    EXPECT_TRUE(lied.named(ru_id).empty());
    lied.say(lied.ru(), elsewhere);
    lied.tick();
    lied.follow([&](const std::string& path, Answer& answer) {
        if (answer && is_releases(path)) answer->body = list;
    });
    EXPECT_TRUE(lied.named(ru_id).contains("slot_unexplained"));
    EXPECT_EQ(lied.verdict(site), Verdict::conflict);
    EXPECT_EQ(lied.verdict(elsewhere), Verdict::incomplete) << "what it keeps back may be there";
    lied.now += 10min;
    lied.rounds(2);
    EXPECT_EQ(lied.verdict(elsewhere), Verdict::conflict);
}

TEST(LyingPeer, ThatGoesBackIsNamed) {
    Lied lied;
    lied.round();
    lied.round();
    const Bytes old = lied.ru().exchange().answer(PartyId{"fr"}, node::heads_path).value();
    lied.follow([](const std::string&, Answer&) {});
    EXPECT_TRUE(lied.named(ru_id).empty()) << *lied.named(ru_id).begin();
    lied.say(lied.ru(), site);
    lied.tick();
    lied.follow([](const std::string&, Answer&) {});
    EXPECT_EQ(lied.verdict(site), Verdict::conflict);
    lied.follow([&](const std::string& path, Answer& answer) {
        if (is_heads(path)) answer->body = old;
    });
    EXPECT_TRUE(lied.named(ru_id).contains("rolled_back"));
    EXPECT_EQ(lied.verdict(site), Verdict::conflict) << "what is held stays held";
}

/// One version of a record, with the coarse area that is given instead of the right one.
node::Composed raw(const Party& party, const seal::Vault& vault, const Hash& secret,
                   const statement::Protection& protection, const geo::Place& coarse, Instant now,
                   const Random& random) {
    const node::Author author = party.author();
    statement::Head head;
    head.secret = secret;
    head.keys = {author.charter, author.origin, statement::record_id(author.origin, secret), 1};
    head.kind = "protection";
    head.act = act::add;
    head.actor = "a.registrar";
    head.protects = true;
    head.used = {true, true, true};
    head.time = now;
    seal::Bodies bodies;
    statement::SealedEntry entry;
    const auto put = [&](std::size_t slot, Bytes body, const Hash& salt) {
        entry.commitments[slot] = seal::commitment(salt, body);
        bodies[slot] = seal::SaltedBody{salt, std::move(body)};
    };
    const auto salt = [&] {
        Hash out;
        random(out.bytes.data(), out.bytes.size());
        return out;
    };
    const statement::Exact exact{head.keys, protection, {salt(), {coarse}}};
    put(0, statement::encode_head(head), salt());
    put(1, statement::encode_coarse(statement::coarse_of(exact)), exact.coarse.salt);
    put(2, statement::encode_exact(exact), salt());
    entry.tag = statement::version_tag(secret, 1);
    node::Composed out;
    out.id = head.keys.record;
    out.entry = statement::encode_entry(entry);
    const Hash leaf = tlog::leaf_hash(out.entry);
    out.sealed = vault.seal(leaf, bodies, random);
    out.understood =
        registry::understand({author.origin, author.charter}, {{}, leaf}, entry, bodies);
    EXPECT_TRUE(out.understood.faults.empty());
    return out;
}

geo::Place area_around(const statement::Protection& protection) {
    geo::Place out;
    out.volume.shape = geo::coarse_area(protection.where[0].volume.shape, {0});
    out.buffer = out.accuracy = Decimetres{0};
    return out;
}

TEST(LyingPeer, ThatTellsTwoPartiesTwoThingsUnderOneNumberIsNamedByBoth) {
    Lied lied;
    lied.round();
    const Random random = lied.ru().rng().bytes();
    const Hash secret = tlog::leaf_hash("a secret");
    node::Batch first, second;
    const auto here = hospital(site).protection, there = hospital(elsewhere).protection;
    first.statements.push_back(
        raw(lied.ru(), lied.ru().vault(), secret, here, area_around(here), lied.now, random));
    second.statements.push_back(
        raw(lied.ru(), lied.ru().vault(), secret, there, area_around(there), lied.now, random));
    second.statements[0].id.bytes[0] ^= 1;  // an honest node would not log it
    ASSERT_TRUE(lied.ru().exchange().log(std::move(first), {{{fr_id, Tier::exact}}}, lied.now));
    ASSERT_TRUE(lied.ru().exchange().log(std::move(second), {{{msf_id, Tier::exact}}}, lied.now));
    lied.round();
    lied.round();
    EXPECT_TRUE(lied.named(ru_id).contains("tag_reused"));
    EXPECT_EQ(lied.verdict(site), Verdict::conflict);
    const auto at_msf =
        lied.msf().ask({{{geo::Circle{{elsewhere, 363'000'000}, {500}}, {}, {}}}, {0}}, lied.now);
    EXPECT_EQ(at_msf.verdict, Verdict::conflict);
    EXPECT_TRUE(lied.named(msf_id).empty());
}

TEST(LyingPeer, WhoseCoarseAreaDoesNotCoverIsNamedByWhoeverSeesThePlace) {
    Lied lied;
    lied.round();
    const Random random = lied.ru().rng().bytes();
    node::Batch batch;
    batch.statements.push_back(raw(lied.ru(), lied.ru().vault(), tlog::leaf_hash("a secret"),
                                   hospital(site).protection,
                                   area_around(hospital(elsewhere).protection), lied.now, random));
    ASSERT_TRUE(lied.ru().exchange().log(std::move(batch), {{{fr_id, Tier::exact}}}, lied.now));
    lied.round();
    lied.round();
    EXPECT_TRUE(lied.named(ru_id).contains("coarse_does_not_cover"));
    EXPECT_EQ(lied.verdict(site), Verdict::conflict) << "the place protects all the same";
}

}  // namespace
}  // namespace entente::sim
