// SPDX-License-Identifier: Apache-2.0
// Releases that a party made in a log before the one that it goes on in, and that had not arrived
// by then: whoever missed them fetches them as ever, and until all are here answers say so.
#include "node/ladder.h"
#include "node/pack.h"
#include "node/paths.h"
#include "sim/lied_for_test.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
using check::Verdict;

/// Rounds in which nobody reaches fr, and fr nobody.
void without_fr(Lied& lied, int rounds) {
    for (int i = 0; i < rounds; ++i) {
        lied.tick();
        (void)sync(lied.msf(), lied.ru(), lied.now);
        (void)sync(lied.ru(), lied.msf(), lied.now);
    }
}

const node::Peer& before_of(Party& at, const PartyId& party, std::uint32_t number) {
    for (const auto& log : at.exchange().former()) {
        if (log->id == party && log->number == number) return *log;
    }
    ADD_FAILURE() << "no log " << number << " of " << party.v;
    return *at.exchange().former().front();
}

std::string missing_code(Party& at, const PartyId& party) {
    for (const check::Source& source : at.exchange().sources()) {
        if (source.party == party && source.missing > 0) return source.missing_code;
    }
    return {};
}

/// fr misses a new place, and the newest version of one that it knows, both said in ru's first log.
struct Missed {
    RecordId known;
    RecordId added;
};
Missed miss(Lied& lied) {
    lied.rounds(2);
    Missed out;
    out.known = lied.say(lied.ru(), site);
    lied.rounds(3);
    out.added = lied.say(lied.ru(), elsewhere);
    const auto ended = lied.say(lied.ru(), elsewhere + 1'000'000);
    without_fr(lied, 2);
    lied.withdraw(lied.ru(), ended);
    without_fr(lied, 3);
    EXPECT_TRUE(lied.ru().rotate(lied.now));
    without_fr(lied, 2);
    return out;
}

/// All that was released to it in ru's logs is here, as at msf, which was there all the time.
void expect_whole(Lied& lied) {
    Party& fr = lied.fr();
    EXPECT_EQ(fr.node().snapshot().hash(), lied.msf().node().snapshot().hash());
    EXPECT_TRUE(before_of(fr, ru_id, 1).complete());
    EXPECT_EQ(missing_code(fr, ru_id), "");
    for (Party* at : {&lied.fr(), &lied.msf(), &lied.ru()}) {
        for (const PartyId& party : {fr_id, ru_id, msf_id}) {
            if (party == at->id()) continue;
            for (const std::string& code : lied.named(*at, party)) {
                ADD_FAILURE() << at->id().v << " of " << party.v << ": " << code;
            }
        }
    }
}

/// ru knows by fr's receipts that fr has the whole of the list, in this life and the next.
void expect_receipted(Lied& lied) {
    EXPECT_TRUE(before_of(lied.fr(), ru_id, 1).due.empty());
    for (const bool again : {false, true}) {
        if (again) restart(lied.ru());
        const node::Peer& peer = *lied.ru().exchange().peer(fr_id);
        ASSERT_EQ(peer.given_before.size(), 1u);
        EXPECT_EQ(peer.given_before[0].acknowledged, peer.given_before[0].list.size()) << again;
    }
}

TEST(FormerReleases, AreFetchedByWhoMissedThem) {
    Lied lied;
    const Missed missed = miss(lied);
    lied.rounds(4);
    expect_whole(lied);
    const auto snapshot = lied.fr().node().snapshot();
    const auto slot = snapshot.find(missed.added);
    ASSERT_TRUE(slot);
    EXPECT_TRUE(snapshot.at(*slot).versions.front().content) << "the statement itself is here";
    lied.rounds(2);
    expect_receipted(lied);
    restart(lied.fr());
    expect_whole(lied);
}

TEST(FormerReleases, AreStillWantedAfterAStartOnEitherSide) {
    Lied lied;
    miss(lied);
    // fr hears of the new log, and of the old list nothing yet.
    const Lie mute = [](const std::string& path, Answer& answer) {
        if (path.starts_with(node::former_path)) answer = fail(Errc::unavailable, "no line");
    };
    lied.follow(mute);
    ASSERT_EQ(lied.fr().exchange().peer(ru_id)->number, 2u);
    for (int i = 0; i < 2; ++i) {
        EXPECT_FALSE(before_of(lied.fr(), ru_id, 1).complete());
        EXPECT_TRUE(lied.named(ru_id).contains("former_releases"));
        EXPECT_NE(missing_code(lied.fr(), ru_id), "");
        EXPECT_EQ(Lied::verdict(lied.fr(), site + 9'000'000, lied.now), Verdict::incomplete);
        if (i == 0) restart(lied.fr());
    }
    restart(lied.ru());
    ASSERT_TRUE(lied.ru().rotate(lied.now));  // and it goes on once more
    lied.rounds(4);
    ASSERT_EQ(lied.fr().exchange().peer(ru_id)->number, 3u);
    expect_whole(lied);
}

bool is_list(const std::string& path) { return path.starts_with(node::former_path); }

/// Whether there is a frame to be altered.
bool alter(const std::string& path, Answer& answer,
           const std::function<void(node::ReleasesFrame&)>& how) {
    if (!is_list(path) || !answer) return false;
    const Bytes whole = answer->body;
    auto frame = node::parse_releases(whole);
    if (!frame) return false;
    how(*frame);
    answer->body = node::format_releases(*frame);
    return true;
}

struct Row {
    const char* name;
    std::set<std::string> codes;
    Lie lie;
};
const Row rows[] = {
    {"a slot that it did not fill so",
     {"wrong_slot"},
     [](const std::string& path, Answer& answer) {
         alter(path, answer, [](node::ReleasesFrame& frame) {
             auto content = seal::parse_slot(frame.content).value();
             content.released = seal::ListHead::empty();
             frame = {frame.beat, seal::format_slot(content), {}, {}};
         });
     }},
    {"releases that it spoke of and does not give",
     {"withheld"},
     [](const std::string& path, Answer& answer) {
         alter(path, answer, [](node::ReleasesFrame& frame) {
             frame = {frame.beat, frame.content, {}, {}};
         });
     }},
    {"a beat behind the end of the log",
     {"wrong_slot"},
     [](const std::string& path, Answer& answer) {
         alter(path, answer, [](node::ReleasesFrame& frame) { frame.beat.v += 1000; });
     }},
    {"an altered parcel",
     {"bad_parcel"},
     [](const std::string& path, Answer& answer) {
         const std::size_t at = is_list(path) ? answer->body.find("entente/parcel/v1") : 0;
         if (is_list(path) && at != Bytes::npos) answer->body[at + 300] ^= 1;
     }},
    {"garbage",
     {"malformed"},
     [](const std::string& path, Answer& answer) {
         if (is_list(path)) answer->body = "what you like";
     }},
    {"nothing",
     {},
     [](const std::string& path, Answer& answer) {
         if (is_list(path)) answer = fail(Errc::not_found, "there is nothing at this path");
     }},
};

/// What is signed is good whatever happens to the answer: a lie is named, and ends no caution.
TEST(FormerReleases, ThatAreLiedAboutAreNamedAndGoOnMissing) {
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        Lied lied;
        miss(lied);
        bool asked = false;
        lied.follow([&](const std::string& path, Answer& answer) {
            asked |= is_list(path);
            row.lie(path, answer);
        });
        EXPECT_TRUE(asked);
        const auto named = lied.named(ru_id);
        for (const std::string& code : row.codes) EXPECT_TRUE(named.contains(code)) << code;
        EXPECT_TRUE(named.contains("former_releases"));
        EXPECT_NE(missing_code(lied.fr(), ru_id), "");
        EXPECT_EQ(Lied::verdict(lied.fr(), site, lied.now), Verdict::conflict)
            << "all else of it is as good as before";
        // The true one is taken afterwards.
        lied.now += 15min;
        lied.rounds(4);
        EXPECT_TRUE(before_of(lied.fr(), ru_id, 1).complete());
        EXPECT_EQ(missing_code(lied.fr(), ru_id), "");
        EXPECT_EQ(lied.fr().node().snapshot().hash(), lied.msf().node().snapshot().hash());
    }
}

TEST(FormerReleases, AreForTheirRecipientAlone) {
    Lied lied;
    lied.rounds(2);
    const auto said = lied.ru().say(hospital(site), {}, {{fr_id, node::Tier::exact}}, lied.now);
    ASSERT_TRUE(said);
    lied.rounds(3);
    ASSERT_TRUE(lied.ru().rotate(lied.now));
    const auto ask = [&](const PartyId& asker, const std::string& path) {
        return lied.ru().exchange().answer(asker, path);
    };
    const auto list = ask(fr_id, "/peer/v1/releases?log=1&after=0");
    ASSERT_TRUE(list) << list.error().detail;
    const auto frame = node::parse_releases(*list);
    ASSERT_TRUE(frame);
    const auto context = seal::parcel_context(frame->parcel);
    ASSERT_TRUE(context);
    EXPECT_EQ(context->recipient, fr_id);
    // msf gets its own, which is an unused slot, and nothing of fr's.
    const auto own = ask(msf_id, "/peer/v1/releases?log=1&after=0");
    ASSERT_TRUE(own);
    const auto theirs = node::parse_releases(*own);
    ASSERT_TRUE(theirs);
    EXPECT_TRUE(theirs->parcel.empty());
    const auto content = seal::parse_slot(theirs->content);
    ASSERT_TRUE(content);
    EXPECT_EQ(content->released.size.v, 0u);
    // One answer to all else: who asks learns not even which logs there were.
    const Error nothing = ask(fr_id, "/peer/v1/nothing").error();
    for (const char* path : {"/peer/v1/releases?log=2&after=0", "/peer/v1/releases?log=3&after=0",
                             "/peer/v1/releases?log=0&after=0", "/peer/v1/releases?log=1",
                             "/peer/v1/releases?log=01&after=0", "/peer/v1/releases?log=1&after=",
                             "/peer/v1/releases?log=1&after=0&after=0", "/peer/v1/releases?log="}) {
        for (const PartyId& asker : {fr_id, msf_id}) {
            const auto answer = ask(asker, path);
            ASSERT_FALSE(answer) << path;
            EXPECT_EQ(answer.error(), nothing) << path;
        }
    }
    for (const PartyId& asker : {PartyId{"un"}, ru_id}) {
        const auto answer = ask(asker, "/peer/v1/releases?log=1&after=0");
        ASSERT_FALSE(answer) << asker.v;
        EXPECT_EQ(answer.error(), nothing);
    }
    // And nobody gives the list of another.
    lied.rounds(3);
    const auto other = lied.msf().exchange().answer(fr_id, "/peer/v1/releases?log=1&after=0");
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error(), nothing);
}

TEST(FormerReleases, ComeByPack) {
    for (const bool own : {false, true}) {
        Lied lied;
        miss(lied);
        Rng rng(7);
        const auto made = [&] {
            return own ? node::pack_own(lied.ru().exchange(), {fr_id}, lied.now, rng.bytes())
                       : node::pack(lied.ru().exchange(), fr_id, 1, false, lied.now, rng.bytes());
        };
        lied.now += 60s;
        ASSERT_TRUE(lied.ru().exchange().tick(lied.now));
        for (int i = 0; i < 2; ++i) {
            const auto pack = made();
            ASSERT_TRUE(pack) << pack.error().detail;
            const auto taken = node::unpack(lied.fr().exchange(), pack->bytes, lied.now);
            ASSERT_TRUE(taken) << taken.error().detail;
            EXPECT_TRUE(before_of(lied.fr(), ru_id, 1).complete()) << own;
            EXPECT_EQ(taken->releases > 0, i == 0) << "it comes twice, and adds nothing";
            EXPECT_EQ(missing_code(lied.fr(), ru_id), "") << own;
        }
        lied.rounds(4);
        expect_whole(lied);
        expect_receipted(lied);
        // What is acknowledged is in no pack any more.
        const auto later = made();
        ASSERT_TRUE(later);
        EXPECT_EQ(later->releases, 0u) << own;
    }
}

/// Who is put back before it goes on knows only some of what it had released. That is given; what
/// it lost is missing for ever, and said to be.
TEST(FormerReleases, ThatTheirAuthorLostGoOnMissing) {
    Lied lied;
    lied.rounds(2);
    lied.say(lied.ru(), site);
    lied.rounds(3);
    lied.say(lied.ru(), elsewhere);
    without_fr(lied, 2);
    const auto backup = lied.ru().store();
    lied.say(lied.ru(), elsewhere + 1'000'000);
    without_fr(lied, 2);
    (void)lied.ru().put_back(backup);
    ASSERT_TRUE(lied.ru().rotate(lied.now));
    lied.rounds(4);
    const node::Peer& before = before_of(lied.fr(), ru_id, 1);
    EXPECT_EQ(Lied::verdict(lied.fr(), elsewhere, lied.now), Verdict::conflict);
    EXPECT_GT(before.received.size(), TreeSize{1});
    EXPECT_FALSE(before.complete());
    EXPECT_NE(missing_code(lied.fr(), ru_id), "");
    EXPECT_EQ(lied.named(ru_id), (std::set<std::string>{"former_releases"})) << "it does not lie";
    restart(lied.fr());
    EXPECT_NE(missing_code(lied.fr(), ru_id), "");
}

/// The tail of the log before holds the beat that tells of releases: without it nobody knows that
/// something is missing.
TEST(FormerReleases, AreMissedBeforeTheBeatThatTellsOfThemIsHere) {
    Lied lied;
    miss(lied);
    const std::string tail = node::log_path(before_of(lied.ru(), ru_id, 1).origin);
    lied.follow([&](const std::string& path, Answer& answer) {
        if (path.starts_with(tail)) answer = fail(Errc::unavailable, "no line");
    });
    // By a third party that has the successor, and holds the log before back.
    const auto told = lied.ru().exchange().answer(fr_id, node::successors_path);
    ASSERT_TRUE(told);
    ASSERT_TRUE(lied.fr().exchange().take_successors(msf_id, *told, lied.now));
    const node::Peer& before = before_of(lied.fr(), ru_id, 1);
    ASSERT_TRUE(before.last);
    ASSERT_LT(before.mirror.size(), before.last->size);
    EXPECT_TRUE(lied.named(ru_id).contains("former_entries"));
    EXPECT_NE(missing_code(lied.fr(), ru_id), "");
    lied.rounds(4);
    expect_whole(lied);
}

}  // namespace
}  // namespace entente::sim
