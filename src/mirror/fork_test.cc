// SPDX-License-Identifier: Apache-2.0
#include "mirror/fork.h"

#include <gtest/gtest.h>

#include "base/encode.h"
#include "base/limits.h"
#include "mirror/subtrees.h"
#include "mirror/world.h"

namespace entente::mirror {
namespace {

using test::World;

constexpr std::size_t sizes_max = 70;

// The path of one size to another in a world's tree.
tlog::Proof path(const World& world, std::size_t older, std::size_t newer) {
    return Subtrees(&world.tree()).path({{older}, {newer}}).value();
}

TEST(ForkProof, ConvictsEveryPairOfSizesOfEveryKindOfFork) {
    const World plain(sizes_max);
    const std::size_t step = test::is_long() ? 1 : 7;
    for (std::size_t branch = 0; branch < sizes_max; branch += step) {
        const World forked(sizes_max, branch);
        for (std::size_t m = 1; m <= sizes_max; m += step) {
            for (std::size_t n = m; n <= sizes_max; n += step) {
                const tlog::Proof shown = n == m ? tlog::Proof{} : path(forked, m, n);
                const auto made = make_fork(plain.head(m), forked.head(n), shown, plain.log());
                // Two heads contradict each other if and only if the smaller reaches the branch.
                ASSERT_EQ(made.has_value(), m > branch) << branch << " " << m << " " << n;
                if (!made) continue;
                ASSERT_EQ(parse_fork(format_fork(*made)), *made);
                ASSERT_EQ(made->origin().v, plain.log().name);
            }
        }
    }
}

// The oracle is where the branch was made.
TEST(ForkProof, WhatBranchesHaveInCommonIsFoundAndNeverOverstated) {
    const World plain(sizes_max);
    std::size_t shown = 0;
    for (std::size_t branch = 0; branch < sizes_max; ++branch) {
        const World forked(sizes_max, branch);
        EXPECT_EQ(common_prefix(plain.tree(), forked.tree()).v, branch);
        tlog::Tree shorter = forked.tree();
        shorter.truncate({branch / 2});
        EXPECT_EQ(common_prefix(plain.tree(), shorter).v, branch / 2);
        for (std::size_t older = branch + 1; older < sizes_max; older += 3) {
            const auto proof = make_fork(plain.head(older), forked.head(sizes_max),
                                         path(forked, older, sizes_max), plain.log())
                                   .value();
            const std::size_t common = common_at_least(proof, plain.tree()).v;
            ASSERT_LE(common, branch);
            shown += common > 0;
            ASSERT_EQ(common_at_least(proof, forked.tree()).v, 0u);
            ASSERT_EQ(common_at_least(proof, shorter).v, 0u);
        }
        const auto same_size =
            make_fork(plain.head(sizes_max), forked.head(sizes_max), {}, plain.log()).value();
        EXPECT_EQ(common_at_least(same_size, plain.tree()).v, 0u);
    }
    EXPECT_GT(shown, sizes_max);
}

TEST(ForkProof, NeverConvictsAnHonestLog) {
    const World plain(sizes_max);
    for (std::size_t m = 1; m <= sizes_max; ++m) {
        for (std::size_t n = m; n <= sizes_max; n += 3) {
            const tlog::Proof shown = n == m ? tlog::Proof{} : path(plain, m, n);
            EXPECT_FALSE(make_fork(plain.head(m), plain.head(n), shown, plain.log()));
            // Nor with a path that leads nowhere.
            if (n == m) continue;
            for (std::size_t i = 0; i < shown.size(); ++i) {
                tlog::Proof bad = shown;
                bad[i].bytes[0] ^= 1;
                EXPECT_FALSE(make_fork(plain.head(m), plain.head(n), bad, plain.log()));
            }
        }
    }
}

TEST(ForkProof, OneForkHasOneProof) {
    const World plain(20), forked(20, 3);
    const auto one = make_fork(plain.head(9), forked.head(9), {}, plain.log()).value();
    const auto other = make_fork(forked.head(9), plain.head(9), {}, plain.log()).value();
    EXPECT_EQ(one, other);
    EXPECT_FALSE(make_fork(plain.head(9), plain.head(9), {}, plain.log()));
    // Cosignatures are no part of it.
    tlog::SignedCheckpoint cosigned = plain.head(9);
    cosigned.note.signatures.insert(cosigned.note.signatures.begin(), {"un/witness", 7, "x"});
    EXPECT_EQ(make_fork(cosigned, forked.head(9), {}, plain.log()).value(), one);
}

TEST(ForkProof, AnotherKeyAndAnotherLogAreNotConvicted) {
    const World plain(20), forked(20, 3), other(20, 3, "demo-x/unhcr");
    const auto proof = make_fork(plain.head(9), forked.head(9), {}, plain.log()).value();
    EXPECT_TRUE(verify_fork(proof, plain.log()));
    EXPECT_FALSE(verify_fork(proof, other.log()));
    EXPECT_FALSE(verify_fork(proof, {plain.log().name, other.log().key}));
    EXPECT_FALSE(make_fork(plain.head(9), other.head(9), {}, plain.log()));
}

TEST(ForkProof, EveryFlippedBitIsRefused) {
    const World plain(70), forked(70, 3);
    for (const std::size_t newer : {11u, 70u}) {
        const tlog::Proof shown = newer == 11 ? tlog::Proof{} : path(forked, 11, newer);
        const auto proof =
            make_fork(plain.head(11), forked.head(newer), shown, plain.log()).value();
        Bytes bytes = format_fork(proof);
        for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
            bytes[i / 8] = static_cast<char>(bytes[i / 8] ^ (1 << i % 8));
            const auto parsed = parse_fork(bytes);
            EXPECT_FALSE(parsed && verify_fork(*parsed, plain.log())) << i;
            bytes[i / 8] = static_cast<char>(bytes[i / 8] ^ (1 << i % 8));
        }
        EXPECT_EQ(parse_fork(bytes).value(), proof);
    }
}

TEST(ForkProof, RefusesEveryOtherSpelling) {
    const World plain(70), forked(70, 3);
    const auto proof =
        make_fork(plain.head(11), forked.head(70), path(forked, 11, 70), plain.log()).value();
    const Bytes good = format_fork(proof);
    const auto with = [&](std::string_view from, std::string_view to) {
        Bytes out = good;
        return out.replace(out.find(from), from.size(), to);
    };
    const std::string hash = to_base64(proof.path[0].view()) + "\n";
    std::string many;
    for (int i = 0; i < 65; ++i) many += hash;
    const Bytes rows[] = {
        "",
        "\n\n",
        good.substr(0, good.size() - 1),
        good + "\n",
        with("/v1", "/v2"),
        with("entente/fork/v1\n", "entente/fork/v1\n" + many),
        with("entente/fork/v1\n", "entente/fork/v1\nAAAA\n"),
        with("\n\n", "\n"),
        with("\n\n", "\n\n\n"),
        with("demo-x/fr\n11", "demo-x/ru\n11"),
        Bytes(5000, 'a'),
    };
    for (const Bytes& row : rows) EXPECT_FALSE(parse_fork(row)) << row.substr(0, 200);
    // Forms that format_fork can write and nobody may.
    ForkProof swapped = proof, twice_signed = proof, pathless = proof, padded = proof;
    std::swap(swapped.older, swapped.newer);
    twice_signed.older.signatures.push_back(twice_signed.older.signatures[0]);
    pathless.path.clear();
    padded.newer = padded.older;
    for (const ForkProof& bad : {swapped, twice_signed, pathless, padded}) {
        EXPECT_EQ(parse_fork(format_fork(bad)).error().code, Errc::not_canonical);
        EXPECT_FALSE(verify_fork(bad, plain.log()));
    }
}

// The widest that there can be: sizes just below 2^63 and the longest origin that is promised.
TEST(ForkProof, TheWidestFitsItsLimitAndAnEntry) {
    const World world(0, 0, std::string(170, 'o'));
    const std::uint64_t newer = (std::uint64_t{1} << 63) - 1, older = newer - 1;
    Rng rng(5);
    tlog::Proof shown(63);
    for (Hash& hash : shown) rng.bytes()(hash.bytes.data(), hash.bytes.size());
    while (!tlog::growth_roots({older}, {newer}, shown)) shown.pop_back();
    ASSERT_GT(shown.size(), 61u);
    const Hash root = tlog::growth_roots({older}, {newer}, shown).value().new_root;
    const auto proof = make_fork(world.signed_head(older, tlog::leaf_hash("x")),
                                 world.signed_head(newer, root), shown, world.log());
    ASSERT_TRUE(proof) << proof.error().detail;
    const Bytes bytes = format_fork(*proof);
    EXPECT_LE(bytes.size(), limits::fork_bytes_max);
    // As a JSON text each newline takes two bytes; 100 are left for what else an entry says.
    const auto lines = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    EXPECT_LE(bytes.size() + lines + 100, limits::entry_bytes_max);
}

}  // namespace
}  // namespace entente::mirror
