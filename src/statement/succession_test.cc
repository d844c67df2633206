// SPDX-License-Identifier: Apache-2.0
#include "statement/succession.h"

#include <gtest/gtest.h>

#include "statement/charter_for_test.h"

namespace entente::statement {
namespace {

class SuccessionTest : public testing::Test {
  protected:
    samples::World world_ = samples::world();
    const Charter& charter_ = world_.charter;
    const samples::Founder& ru_ = world_.founders[1];
    const PublicKey key_ = SecretKey::generate(Rng(7).bytes()).public_key();
    const Succession said_{PartyId{"ru"}, 2, key_, {{17}, Hash{}}};
};

TEST_F(SuccessionTest, NumbersThePartysLogsAndNoOthers) {
    const PartyId ru{"ru"};
    const std::string base = charter_.base_name(ru);
    EXPECT_EQ(log_number(charter_, ru, {base}), 1u);
    EXPECT_EQ(log_number(charter_, ru, {base + "/2"}), 2u);
    EXPECT_EQ(log_number(charter_, ru, {base + "/31"}), 31u);
    for (const char* tail :
         {"/", "/1", "/0", "/02", "/2/", "/+2", "/2x", "/witness", "x", "/99999999999"}) {
        EXPECT_EQ(log_number(charter_, ru, {base + tail}), 0u) << tail;
    }
    EXPECT_EQ(log_number(charter_, ru, {charter_.base_name(PartyId{"fr"}) + "/2"}), 0u);
    for (const std::uint32_t number : {1u, 2u, 31u}) {
        EXPECT_EQ(log_number(charter_, ru, log_name(charter_, ru, number)), number);
    }
}

TEST_F(SuccessionTest, IsReadAsItsRootSignedIt) {
    const Bytes entry = encode_entry(succession_entry(charter_, said_, ru_.root));
    const auto read = read_succession(entry, charter_);
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(*read, said_);
    const auto vkey = parse_vkey(vkey_of(charter_, *read));
    ASSERT_TRUE(vkey);
    EXPECT_EQ(vkey->name, charter_.base_name(PartyId{"ru"}) + "/2");
    EXPECT_EQ(vkey->key, key_);
}

TEST_F(SuccessionTest, IsNobodyElsesToSign) {
    for (const SecretKey& key :
         std::vector<SecretKey>{ru_.log, ru_.root_next, world_.founders[0].root}) {
        const auto read =
            read_succession(encode_entry(succession_entry(charter_, said_, key)), charter_);
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().code, Errc::bad_signature);
    }
}

TEST_F(SuccessionTest, IsNoOtherKeyEntry) {
    const Origin next = log_name(charter_, PartyId{"ru"}, 2);
    const LogHead last{{17}, Hash{}};
    for (const KeyEntry& key : {KeyEntry{key_role::log, key_, 0, false, "", {}},
                                KeyEntry{key_role::log, key_, 5, false, "", last},
                                KeyEntry{key_role::log, key_, 0, true, "", last},
                                KeyEntry{key_role::officer, key_, 0, false, "", last}}) {
        EXPECT_FALSE(read_succession(make_key_entry(key, next, ru_.root), charter_));
    }
    const Origin first = log_name(charter_, PartyId{"ru"}, 1);
    EXPECT_FALSE(read_succession(
        make_key_entry({key_role::log, key_, 0, false, "", last}, first, ru_.root), charter_));
    EXPECT_FALSE(read_succession("{}", charter_));
}

}  // namespace
}  // namespace entente::statement
