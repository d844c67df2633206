// SPDX-License-Identifier: Apache-2.0
// Whose channel key is whose, over one version of a charter and two.
#include "net/peering.h"

#include <gtest/gtest.h>

namespace entente::net {
namespace {

PublicKey key(std::uint64_t seed) {
    Rng rng(seed);
    return SecretKey::generate(rng.bytes()).public_key();
}

statement::CharterParty party(const std::string& id, std::uint64_t seed, std::string address) {
    statement::CharterParty out{};
    out.id = PartyId{id};
    out.channel = Bytes(key(seed).view());
    out.address = std::move(address);
    return out;
}

statement::Charter charter(std::vector<statement::CharterParty> parties) {
    statement::Charter out{};
    out.parties = std::move(parties);
    return out;
}

const PartyId fr{"fr"};
const PartyId ru{"ru"};
const PartyId un{"un"};

TEST(ChannelKeys, AreThoseOfTheOthers) {
    const auto now =
        charter({party("fr", 1, "https://a:1"), party("ru", 2, "https://b:1"), party("un", 3, "")});
    const ChannelKeys keys(fr, {&now});
    EXPECT_EQ(keys.party_of(key(2)), ru);
    EXPECT_EQ(keys.party_of(key(3)), un);
    EXPECT_EQ(keys.party_of(key(1)), std::nullopt) << "nobody else is this node";
    EXPECT_EQ(keys.party_of(key(4)), std::nullopt);
    EXPECT_EQ(keys.keys_of(ru), std::vector<PublicKey>{key(2)});
    EXPECT_TRUE(keys.keys_of(fr).empty());
    EXPECT_TRUE(keys.is_own(key(1)));
    EXPECT_FALSE(keys.is_own(key(2)));
}

TEST(ChannelKeys, CountInTwoVersionsWhileTheCharterChanges) {
    const auto before = charter({party("fr", 1, ""), party("ru", 2, ""), party("un", 3, "")});
    const auto now = charter({party("fr", 11, ""), party("ru", 12, "")});
    const ChannelKeys keys(fr, {&now, &before});
    EXPECT_EQ(keys.keys_of(ru), (std::vector<PublicKey>{key(12), key(2)}));
    EXPECT_EQ(keys.party_of(key(2)), ru);
    EXPECT_EQ(keys.party_of(key(12)), ru);
    EXPECT_EQ(keys.party_of(key(3)), std::nullopt) << "un has left";
    EXPECT_TRUE(keys.is_own(key(1)));
    EXPECT_TRUE(keys.is_own(key(11)));
}

TEST(ChannelKeys, KnowNobodyWhereAPartyIsAlone) {
    statement::CharterParty alone{};
    alone.id = fr;
    const auto solo = charter({alone});
    const ChannelKeys keys(fr, {&solo});
    EXPECT_EQ(keys.party_of(key(1)), std::nullopt);
}

TEST(Callables, AreTheOthersWithAnAddress) {
    const auto now =
        charter({party("fr", 1, "https://a:1"), party("ru", 2, "https://b:1"), party("un", 3, "")});
    const auto all = callables(fr, now);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].party, ru);
    EXPECT_EQ(all[0].url, "https://b:1");
}

}  // namespace
}  // namespace entente::net
