// SPDX-License-Identifier: Apache-2.0
// Proposals, officers' keys and the duty roster over a store in memory: who may do what when, what
// is there after another start, and what a change that cannot be written leaves behind.
#include "people/proposal.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include "base/encode.h"
#include "base/sha256.h"
#include "people/duty.h"
#include "people/memory_store.h"
#include "people/officer_key.h"

namespace entente::people {
namespace {

using std::chrono::hours;

const Instant noon = instant(1'800'000'000'000);
const By nina{"nina", "session", noon, false};
constexpr Cost cheap{1, crypto_pwhash_argon2id_MEMLIMIT_MIN};
constexpr const char* passphrase = "four words of nothing";

class Store final : public MemoryStore {
  public:
    bool broken = false;
    Result<void> commit(const std::vector<Write>& writes,
                        const std::vector<Reading>& audit) override {
        if (broken) return fail(Errc::unavailable, "the disk is full");
        return MemoryStore::commit(writes, audit);
    }
};

SecretKey key(char letter) { return SecretKey::from_seed(*Secret::from(Bytes(32, letter))); }

Proposal proposal(const std::string& id, int needed = 2) {
    Proposal out;
    out.id = id;
    out.record = "mzxw6ytbmzxw6ytb";
    out.version = 2;
    out.act = "withdraw";
    out.by = "nina";
    out.time = noon;
    out.until = noon + Proposals::life;
    out.needed = needed;
    out.what = {sha256("head " + id), sha256("coarse"), sha256("exact")};
    out.wrapped_keys = Bytes("\0\xff", 2);
    out.ciphertexts = "sealed";
    return out;
}

Signature signature(const std::string& officer, const SecretKey& by, const Proposal& of) {
    return {officer, Bytes(by.public_key().view()), seal::sign_approval(by, of.what), noon};
}

struct Desk {
    Store store;
    Proposals proposals = *Proposals::load(store);
    Desk() { EXPECT_TRUE(proposals.add(proposal("p"), nina)); }
    Result<void> sign(const char* officer, char letter, Instant now = noon) {
        By by = nina;
        by.now = now;
        return proposals.sign("p", signature(officer, key(letter), *proposals.find("p")), by);
    }
};

TEST(Proposal, IsThereAfterAnotherStartWithItsSignatures) {
    Desk desk;
    ASSERT_TRUE(
        desk.proposals.add_officer({"vera", Bytes(key('v').public_key().view()), 7, noon}, nina));
    ASSERT_TRUE(desk.sign("vera", 'v'));
    const Proposals again = *Proposals::load(desk.store);
    EXPECT_TRUE(again.all() == desk.proposals.all());
    EXPECT_EQ(again.officers(), desk.proposals.officers());
    EXPECT_EQ(again.find("p")->signatures.size(), 1u);
    EXPECT_EQ(again.find("p")->wrapped_keys, Bytes("\0\xff", 2));
    EXPECT_EQ(again.officer_of(key('v').public_key().view())->name, "vera");
    EXPECT_EQ(again.officer_of(key('x').public_key().view()), nullptr);
}

TEST(Proposal, TakesTwoOfficersWithTwoKeys) {
    Desk desk;
    EXPECT_FALSE(desk.proposals.find("p")->has_enough());
    ASSERT_TRUE(desk.sign("vera", 'v'));
    EXPECT_EQ(desk.sign("vera", 'w').error().code, Errc::refused) << "the same officer";
    EXPECT_EQ(desk.sign("omar", 'v').error().code, Errc::refused) << "the same key";
    EXPECT_FALSE(desk.proposals.find("p")->has_enough());
    ASSERT_TRUE(desk.sign("omar", 'o'));
    EXPECT_TRUE(desk.proposals.find("p")->has_enough());
    EXPECT_EQ(desk.sign("rosa", 'r').error().code, Errc::refused) << "there are enough";
    EXPECT_EQ(desk.proposals.refuse("p", "", nina).error().code, Errc::refused) << "too late";
}

TEST(Proposal, TakesNoSignatureOfAnotherStatement) {
    Desk desk;
    const Proposal other = proposal("q");
    for (Signature wrong :
         {signature("vera", key('v'), other),
          Signature{"vera", Bytes(32, 'x'), Bytes(64, 'x'), noon},
          Signature{"vera", Bytes(key('v').public_key().view()), Bytes(63, 'x'), noon},
          Signature{"vera", {}, {}, noon}}) {
        EXPECT_FALSE(desk.proposals.sign("p", wrong, nina));
    }
    EXPECT_TRUE(desk.proposals.find("p")->signatures.empty());
    EXPECT_EQ(desk.proposals.sign("none", signature("vera", key('v'), other), nina).error().code,
              Errc::not_found);
}

TEST(Proposal, EndsWithItsTimeARefusalOrItsEntry) {
    Desk late;
    EXPECT_EQ(late.sign("vera", 'v', noon + Proposals::life).error().code, Errc::stale);
    EXPECT_TRUE(late.sign("vera", 'v', noon + Proposals::life - Duration(1)));

    Desk refused;
    ASSERT_TRUE(refused.proposals.refuse("p", "still in use", nina));
    EXPECT_EQ(refused.sign("vera", 'v').error().code, Errc::refused);
    EXPECT_EQ(refused.proposals.find("p")->why, "still in use");
    EXPECT_EQ(refused.proposals.find("p")->ciphertexts, "") << "what is done keeps no place";

    Desk logged;
    ASSERT_TRUE(logged.proposals.logged("p", 812, nina));
    EXPECT_TRUE(logged.proposals.logged("p", 812, nina)) << "noted once";
    EXPECT_EQ(logged.proposals.find("p")->entry, 812u);
    EXPECT_EQ(logged.proposals.find("p")->wrapped_keys, "");
    EXPECT_EQ(logged.sign("vera", 'v').error().code, Errc::refused);
    EXPECT_EQ(logged.proposals.refuse("p", "", nina).error().code, Errc::refused);
}

TEST(Proposal, ChangesNothingWhereNothingCanBeWritten) {
    Desk desk;
    ASSERT_TRUE(desk.sign("vera", 'v'));
    const auto before = desk.proposals.all();
    desk.store.broken = true;
    EXPECT_FALSE(desk.sign("omar", 'o'));
    EXPECT_FALSE(desk.proposals.refuse("p", "", nina));
    EXPECT_FALSE(desk.proposals.logged("p", 1, nina));
    EXPECT_FALSE(desk.proposals.add(proposal("q"), nina));
    EXPECT_FALSE(desk.proposals.add_officer({"vera", Bytes(32, 'v'), 7, noon}, nina));
    EXPECT_TRUE(desk.proposals.all() == before);
    EXPECT_TRUE(desk.proposals.officers().empty());
}

TEST(Proposals, AreBoundedAndForgetTheOldestOfThoseDone) {
    Store store;
    Proposals proposals = *Proposals::load(store);
    for (std::size_t i = 0; i < Proposals::waiting_max; ++i) {
        ASSERT_TRUE(proposals.add(proposal("w" + std::to_string(i)), nina));
    }
    EXPECT_EQ(proposals.add(proposal("more"), nina).error().code, Errc::too_large);
    ASSERT_TRUE(proposals.refuse("w5", "", nina));
    EXPECT_TRUE(proposals.add(proposal("more"), nina));
    By later = nina;
    later.now = noon + Proposals::life;
    for (std::size_t i = 0; i < 10; ++i) {
        Proposal next = proposal("n" + std::to_string(i));
        next.until = later.now + hours(1);
        ASSERT_TRUE(proposals.add(next, later)) << "those that ended wait no more";
    }
    EXPECT_LE(proposals.all().size(), Proposals::done_max + 10);
    EXPECT_TRUE(Proposals::load(store)->all() == proposals.all());
}

TEST(Officer, HasOneNameAndOneKey) {
    Store store;
    Proposals proposals = *Proposals::load(store);
    const Officer vera{"vera", Bytes(32, 'v'), 7, noon};
    ASSERT_TRUE(proposals.add_officer(vera, nina));
    EXPECT_TRUE(proposals.add_officer(vera, nina)) << "the same again";
    EXPECT_FALSE(proposals.add_officer({"vera", Bytes(32, 'w'), 8, noon}, nina));
    EXPECT_FALSE(proposals.add_officer({"omar", Bytes(32, 'v'), 8, noon}, nina));
    EXPECT_FALSE(proposals.add_officer({"no name", Bytes(32, 'x'), 8, noon}, nina));
}

TEST(OfficerKey, OpensWithItsPassphraseAndAsItWasWritten) {
    Rng rng(3);
    const SecretKey secret = key('v');
    const Bytes file = *lock_key("vera", secret, passphrase, rng.bytes(), cheap);
    EXPECT_EQ(read_officer_file(file)->name, "vera");
    EXPECT_EQ(read_officer_file(file)->key, secret.public_key());
    const auto opened = unlock_key(file, passphrase);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->sign("x"), secret.sign("x"));
    EXPECT_EQ(unlock_key(file, "four words of nothing!").error().code, Errc::refused);
    EXPECT_FALSE(lock_key("vera", secret, "short", rng.bytes(), cheap));
    EXPECT_FALSE(lock_key("Vera", secret, passphrase, rng.bytes(), cheap));
    EXPECT_EQ(file.find(secret.seed().view()), Bytes::npos);
    for (std::size_t i = 0; i < file.size(); ++i) {
        // What unlocking costs is bounded, so that a changed file does not take for ever.
        Bytes changed = file;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(unlock_key(changed, passphrase)) << i;
        EXPECT_FALSE(read_officer_file(file.substr(0, i))) << i;
    }
    EXPECT_FALSE(unlock_key(file + "\n", passphrase));
}

TEST(OfficerKey, IsWhatLibsodiumWouldOpen) {
    Rng rng(4);
    const Bytes file = *lock_key("vera", key('v'), passphrase, rng.bytes(), cheap);
    const std::size_t salt_at = file.find(' ', file.find(' ', file.find("argon2id ") + 9) + 1) + 1;
    const Bytes salt = *from_base64(file.substr(salt_at, file.find('\n', salt_at) - salt_at));
    const std::size_t locked_at = file.find("locked ");
    const Bytes locked = *from_base64(file.substr(locked_at + 7, file.size() - locked_at - 8));
    unsigned char locking[32], seed[32];
    const auto raw = [](const Bytes& b) {
        return reinterpret_cast<const unsigned char*>(b.data());
    };
    ASSERT_EQ(crypto_pwhash(locking, 32, passphrase, std::strlen(passphrase), raw(salt), 1,
                            crypto_pwhash_argon2id_MEMLIMIT_MIN, crypto_pwhash_ALG_ARGON2ID13),
              0);
    ASSERT_EQ(crypto_aead_xchacha20poly1305_ietf_decrypt(seed, nullptr, nullptr, raw(locked) + 24,
                                                         locked.size() - 24, raw(file), locked_at,
                                                         raw(locked), locking),
              0);
    EXPECT_EQ(Bytes(reinterpret_cast<char*>(seed), 32), Bytes(32, 'v'));
}

TEST(Roster, PassesARoleOnlyToWhoAccepts) {
    Store store;
    Roster roster = *Roster::load(store);
    ASSERT_TRUE(roster.add("stop-desk", "hears STOPs", nina));
    EXPECT_FALSE(roster.add("stop-desk", "", nina));
    EXPECT_FALSE(roster.add("Stop desk", "", nina));
    const auto held = [&] {
        const Duty& duty = roster.all().at("stop-desk");
        return duty.holder + "/" + duty.offered_to;
    };
    EXPECT_EQ(held(), "/") << "nobody holds it";
    EXPECT_FALSE(roster.sign_off("stop-desk", "dora", nina));
    ASSERT_TRUE(roster.sign_on("stop-desk", "dora", nina));
    EXPECT_TRUE(roster.sign_on("stop-desk", "dora", nina));
    EXPECT_FALSE(roster.sign_on("stop-desk", "emil", nina));
    EXPECT_FALSE(roster.accept("stop-desk", "emil", nina));
    EXPECT_FALSE(roster.accept("stop-desk", "", nina)) << "what is not offered is offered to none";
    EXPECT_FALSE(roster.hand_over("stop-desk", "emil", "dora", nina));
    ASSERT_TRUE(roster.hand_over("stop-desk", "dora", "emil", nina));
    EXPECT_EQ(held(), "dora/emil") << "still hers";
    EXPECT_FALSE(roster.accept("stop-desk", "fay", nina));
    ASSERT_TRUE(roster.hand_over("stop-desk", "dora", "dora", nina));
    EXPECT_FALSE(roster.accept("stop-desk", "emil", nina)) << "taken back";
    ASSERT_TRUE(roster.hand_over("stop-desk", "dora", "emil", nina));
    ASSERT_TRUE(roster.accept("stop-desk", "emil", nina));
    EXPECT_EQ(held(), "emil/");
    EXPECT_EQ(Roster::load(store)->all(), roster.all());
    EXPECT_FALSE(roster.remove("stop-desk", nina));
    ASSERT_TRUE(roster.release("emil", nina));
    EXPECT_EQ(held(), "/");
    EXPECT_TRUE(roster.remove("stop-desk", nina));
    EXPECT_TRUE(Roster::load(store)->all().empty());
}

TEST(Roster, ChangesNothingWhereNothingCanBeWritten) {
    Store store;
    Roster roster = *Roster::load(store);
    ASSERT_TRUE(roster.add("stop-desk", "", nina));
    const auto before = roster.all();
    store.broken = true;
    EXPECT_FALSE(roster.sign_on("stop-desk", "dora", nina));
    EXPECT_FALSE(roster.add("other", "", nina));
    EXPECT_FALSE(roster.remove("stop-desk", nina));
    EXPECT_EQ(roster.all(), before);
}

}  // namespace
}  // namespace entente::people
