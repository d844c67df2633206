// SPDX-License-Identifier: Apache-2.0
// Key, fork, leave and charter entries: written, read again, bounded. Their bytes stand in the
// vectors (entry_test.cc).
#include <gtest/gtest.h>

#include <functional>

#include "base/encode.h"
#include "base/limits.h"
#include "base/x25519.h"
#include "statement/adoption.h"
#include "statement/fork_entry.h"
#include "statement/leave.h"
#include "statement/samples_for_test.h"

namespace entente::statement {
namespace {

const SecretKey root = samples::root();

OpenEntry open(const Bytes& bytes) {
    const auto entry = decode_entry(bytes);
    EXPECT_TRUE(entry) << entry.error().detail;
    return std::get<OpenEntry>(entry.value());
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t place = text.find(from);
    EXPECT_NE(place, std::string::npos) << from;
    return text.replace(place, from.size(), to);
}

TEST(KeyEntry, WhatIsWrittenIsReadAgain) {
    for (const KeyEntry& key : samples::key_entries()) {
        ASSERT_TRUE(validate(key)) << validate(key).error().detail;
        const OpenEntry entry = open(encode_entry(make_key_entry(key, samples::origin, root)));
        const auto back = read_key_entry(entry, samples::origin, root.public_key());
        ASSERT_TRUE(back) << back.error().detail;
        EXPECT_EQ(*back, key);
    }
}

TEST(KeyEntry, IsTheRootsWordForThisLog) {
    const KeyEntry key = samples::key_entries()[0];
    const OpenEntry entry = make_key_entry(key, samples::origin, root);
    const SecretKey other = SecretKey::from_seed(Secret::from(Bytes(32, 'x')).value());
    EXPECT_EQ(read_key_entry(entry, samples::origin, other.public_key()).error().code,
              Errc::bad_signature);
    EXPECT_FALSE(
        read_key_entry(entry, Origin{"solo-abcdefghijklmnop/exercise/de"}, root.public_key()));
}

TEST(KeyEntry, NoMemberCanBeChangedAddedOrLeftOut) {
    const KeyEntry key{"officer", samples::officer(), 17, true, "A", {}};
    const Bytes bytes = encode_entry(make_key_entry(key, samples::origin, root));
    const auto reads = [&](const Bytes& text) {
        const auto entry = decode_entry(text);
        return entry &&
               read_key_entry(std::get<OpenEntry>(*entry), samples::origin, root.public_key());
    };
    ASSERT_TRUE(reads(bytes));
    for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
             {"\"act\":\"revoke\",", ""},
             {"\"from\":17", "\"from\":16"},
             {"\"name\":\"A\"", "\"name\":\"B\""},
             {"\"name\":\"A\",", ""},
             {"\"role\":\"officer\"", "\"role\":\"duty\""},
             {"\"role\":\"officer\",", "\"role\":\"officer\",\"s\":1,"}}) {
        EXPECT_FALSE(reads(replaced(bytes, from, to))) << to;
    }
}

TEST(KeyEntry, RefusesWeakKeysAndOtherForms) {
    KeyEntry key{"officer", samples::officer(), 0, false, "", {}};
    const auto refused = [&](const std::function<void(KeyEntry&)>& spoil) {
        KeyEntry spoilt = key;
        spoil(spoilt);
        return !validate(spoilt).has_value();
    };
    EXPECT_TRUE(refused([](KeyEntry& k) { k.role = "king"; }));
    EXPECT_TRUE(refused([](KeyEntry& k) { k.key = PublicKey{}; }));
    EXPECT_TRUE(refused([](KeyEntry& k) { k.role = "sealing", k.key = PublicKey{}; }));
    EXPECT_TRUE(refused([](KeyEntry& k) { k.name = "a\nb"; }));
    EXPECT_TRUE(refused([](KeyEntry& k) { k.name = Bytes(limits::text_bytes_max + 1, 'n'); }));
    EXPECT_TRUE(refused([](KeyEntry& k) { k.last = LogHead{}; }));
    // Of a stranger as well, though its root signed it.
    key.key = PublicKey{};
    const OpenEntry weak = make_key_entry(key, samples::origin, root);
    EXPECT_EQ(read_key_entry(weak, samples::origin, root.public_key()).error().code, Errc::refused);
    // An X25519 key is no point of Ed25519 and is read as what it is.
    const Bytes sealing = x25519_public(Secret::from(Bytes(32, 's')).value());
    std::copy(sealing.begin(), sealing.end(), key.key.bytes.begin());
    key.role = key_role::sealing;
    const OpenEntry good = make_key_entry(key, samples::origin, root);
    EXPECT_EQ(read_key_entry(good, samples::origin, root.public_key()).value(), key);
    // A role that is not known yet is read; what it means is another's to say.
    key = {"herald", samples::officer(), 3, false, "", {}};
    const OpenEntry later = make_key_entry(key, samples::origin, root);
    EXPECT_EQ(read_key_entry(later, samples::origin, root.public_key()).value(), key);
}

TEST(ForkEntry, HoldsTheProofWhereItFits) {
    for (const std::size_t size : {1u, 2u, 2000u, 2900u}) {
        const ForkEntry fork = fork_entry(samples::origin, Bytes(size, 'p'));
        const Bytes bytes = encode_fork_entry(fork);
        EXPECT_LE(bytes.size(), limits::entry_bytes_max);
        EXPECT_EQ(fork.proof.size(), size);
        EXPECT_EQ(decode_fork_entry(open(bytes)).value(), fork);
    }
    const ForkEntry large = fork_entry(samples::origin, Bytes(4000, 'p'));
    EXPECT_TRUE(large.proof.empty());
    EXPECT_EQ(large.hash, sha256(Bytes(4000, 'p')));
    EXPECT_EQ(decode_fork_entry(open(encode_fork_entry(large))).value(), large);
}

TEST(ForkEntry, RefusesAProofOfAnotherHash) {
    const Bytes bytes = encode_fork_entry(fork_entry(samples::origin, "abc"));
    const std::string proof = "\"proof\":\"" + to_base64url("abc") + "\"";
    const std::string other = "\"proof\":\"" + to_base64url("abd") + "\"";
    EXPECT_FALSE(decode_fork_entry(open(replaced(bytes, proof, other))));
    EXPECT_FALSE(decode_fork_entry(open(replaced(bytes, proof, "\"proof\":5"))));
    EXPECT_FALSE(decode_fork_entry(open(replaced(bytes, samples::origin.v, ""))));
    EXPECT_FALSE(decode_fork_entry(open("{\"kind\":\"fork\",\"v\":1}")));
    EXPECT_FALSE(decode_fork_entry(open(encode_leave({}))));
}

TEST(Leave, WhatIsWrittenIsReadAgain) {
    for (const Leave& leave :
         {Leave{}, Leave{samples::noon, "joined", {"one/fr"}}, Leave{instant(-5), "", {}}}) {
        EXPECT_EQ(decode_leave(open(encode_leave(leave))).value(), leave);
    }
    EXPECT_FALSE(validate(Leave{{}, Bytes(limits::text_bytes_max + 1, 'r'), {}}));
    EXPECT_FALSE(validate(Leave{{}, "\xFF", {}}));
    EXPECT_FALSE(validate(Leave{{}, "", {Bytes(limits::key_name_bytes_max + 1, 'o')}}));
    EXPECT_FALSE(decode_leave(open("{\"kind\":\"leave\",\"v\":1}")));
    EXPECT_FALSE(decode_leave(open("{\"kind\":\"leave\",\"next\":5,\"time\":1,\"v\":1}")));
}

TEST(Adoption, WhatIsWrittenIsReadAgain) {
    const Adoption adoption{"joint-abcdefghijklmnop", 3, sha256("text")};
    EXPECT_EQ(decode_adoption(open(encode_adoption(adoption))).value(), adoption);
    const Bytes bytes = encode_adoption(adoption);
    EXPECT_FALSE(decode_adoption(open(replaced(bytes, "\"version\":3", "\"version\":0"))));
    EXPECT_FALSE(decode_adoption(open(replaced(bytes, "\"id\":", "\"ids\":"))));
    EXPECT_FALSE(decode_adoption(open(encode_leave({}))));
}

}  // namespace
}  // namespace entente::statement
