// SPDX-License-Identifier: Apache-2.0
// Packs: one form, one reader, one maker, and no byte that may be changed.
#include "seal/pack.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/limits.h"

namespace entente::seal {
namespace {

struct Parties {
    Rng rng{7};
    Random random = rng.bytes();
    SecretKey channel = SecretKey::generate(random);
    SecretKey stranger = SecretKey::generate(random);
    SealingSecret to = SealingSecret::generate(random);
    SealingSecret other = SealingSecret::generate(random);
    PackHeader header{"levant-abcdefghijklmnop", PartyId{"fr"}, PartyId{"ru"},
                      instant(1'448'539'200'000), 1};

    Bytes pack(const PackAnswers& answers) {
        PackWriter writer(header, to.public_key(), random);
        for (const auto& [path, answer] : answers) EXPECT_TRUE(writer.add(path, answer));
        return std::move(writer).sign(channel);
    }
    Result<PackAnswers> open(BytesView bytes) {
        return open_pack(bytes, {{channel.public_key()}}, to);
    }
};

const PackAnswers some = {{"/peer/v1/heads", "entente/heads/v1\n"},
                          {"/peer/v1/log/00/tile/0/000.p/1", Bytes(32, '\0')},
                          {"/peer/v1/releases?after=0", ""}};

TEST(Pack, CarriesAnswersByPathToOneParty) {
    Parties p;
    const Bytes bytes = p.pack(some);
    EXPECT_EQ(pack_header(bytes).value(), p.header);
    EXPECT_EQ(p.open(bytes).value(), some);
    EXPECT_EQ(p.open(p.pack({})).value(), PackAnswers{});
    EXPECT_EQ(bytes.find("heads"), Bytes::npos) << "who finds the stick reads nothing";
    EXPECT_EQ(open_pack(bytes, {{p.channel.public_key()}}, p.other).error().code,
              Errc::bad_signature);
    EXPECT_EQ(open_pack(bytes, {{p.stranger.public_key()}}, p.to).error().code,
              Errc::bad_signature);
    EXPECT_TRUE(open_pack(bytes, {{p.stranger.public_key(), p.channel.public_key()}}, p.to))
        << "while the charter changes, both versions' keys count";
}

TEST(Pack, ChangedInAnyOneByteOrCutAnywhereItIsRefused) {
    Parties p;
    const Bytes good = p.pack(some);
    for (std::size_t i = 0; i < good.size(); ++i) {
        Bytes changed = good;
        changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
        const auto opened = p.open(changed);
        ASSERT_FALSE(opened) << "byte " << i;
        EXPECT_FALSE(opened.error().detail.empty());
        ASSERT_FALSE(p.open(good.substr(0, i))) << "cut at " << i;
    }
    EXPECT_FALSE(p.open(good + "x"));
}

TEST(Pack, AHeaderHasOneForm) {
    Parties p;
    const Bytes good = p.pack({});
    const std::string head = "entente/pack/v1\nlevant-abcdefghijklmnop\nfr ru\n1448539200000 1\n\n";
    ASSERT_TRUE(good.starts_with(head));
    const Bytes rest = good.substr(head.size());
    EXPECT_EQ(pack_header("entente/pack/v1\nx\nfr ru\n01 1\n\n" + rest).error().code,
              Errc::not_canonical);
    EXPECT_EQ(pack_header("entente/pack/v1\nx\nfr ru\n1 0\n\n" + rest).error().code,
              Errc::malformed);
    EXPECT_EQ(pack_header("entente/pack/v1\n\nfr ru\n1 1\n\n" + rest).error().code,
              Errc::malformed);
    EXPECT_EQ(pack_header("entente/pack/v2\nx\nfr ru\n1 1\n\n" + rest).error().code,
              Errc::malformed);
    EXPECT_FALSE(pack_header("entente/pack/v1\nx\nfr ru\n1 1\n"));
}

TEST(Pack, IsFullBeforeItIsTooLarge) {
    Parties p;
    PackWriter writer(p.header, p.to.public_key(), p.random);
    const Bytes large(16 * 1024 * 1024, 'x');
    std::size_t held = 0;
    while (writer.add("/" + std::to_string(held), large)) ++held;
    EXPECT_EQ(held, limits::pack_bytes_max / large.size() - 1);
    const Bytes bytes = std::move(writer).sign(p.channel);
    EXPECT_LE(bytes.size(), limits::pack_bytes_max);
    EXPECT_EQ(p.open(bytes)->size(), held);
    EXPECT_EQ(pack_header(Bytes(limits::pack_bytes_max + 1, 'x')).error().code, Errc::too_large);
}

}  // namespace
}  // namespace entente::seal
