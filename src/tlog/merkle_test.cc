// SPDX-License-Identifier: Apache-2.0
#include "tlog/merkle.h"

#include <gtest/gtest.h>

#include <bit>
#include <boost/json.hpp>
#include <sstream>

#include "base/random.h"
#include "tlog/oracle.h"
#include "tlog/vectors.h"

namespace entente::tlog {
namespace {

using vectors::hex;

// RFC 6962's hashing, as the reference implementations' tests have it.
TEST(Merkle, HashesAsRfc6962) {
    EXPECT_EQ(to_hex(empty_root().view()),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(to_hex(leaf_hash("").view()),
              "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    EXPECT_EQ(to_hex(leaf_hash("L123456").view()),
              "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
}

const std::vector<Bytes>& classic_entries() {
    static const std::vector<Bytes> entries = {
        hex(""),
        hex("00"),
        hex("10"),
        hex("2021"),
        hex("3031"),
        hex("40414243"),
        hex("5051525354555657"),
        hex("606162636465666768696a6b6c6d6e6f"),
    };
    return entries;
}

// Roots of the classic eight entries, from Google's C++ tests (transparency-dev/merkle).
TEST(Merkle, RootsOfTheClassicEight) {
    const char* const roots[] = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };
    Tree tree;
    Frontier frontier;
    EXPECT_EQ(tree.root(), empty_root());
    EXPECT_EQ(frontier.root(), empty_root());
    for (std::size_t i = 0; i < 8; ++i) {
        tree.append(leaf_hash(classic_entries()[i]));
        frontier.append(leaf_hash(classic_entries()[i]));
        EXPECT_EQ(to_hex(tree.root().view()), roots[i]);
        EXPECT_EQ(to_hex(frontier.root().view()), roots[i]);
    }
    for (std::size_t i = 0; i < 8; ++i) {
        EXPECT_EQ(to_hex(tree.root({i + 1}).view()), roots[i]);
    }
}

constexpr std::size_t all_pairs_max = 64;

struct World {
    std::vector<Bytes> entries;
    std::vector<Hash> roots;  // by size
    Tree tree;

    World() : entries(oracle::entries(all_pairs_max)) {
        for (std::size_t n = 0; n <= entries.size(); ++n) {
            roots.push_back(oracle::mth(std::span(entries).first(n)));
        }
        for (const Bytes& entry : entries) tree.append(leaf_hash(entry));
    }
};

TEST(Merkle, InclusionProofsOfAllPairsAreTheDefinitions) {
    const World world;
    for (std::size_t n = 1; n <= all_pairs_max; ++n) {
        ASSERT_EQ(world.tree.root({n}), world.roots[n]) << n;
        for (std::size_t i = 0; i < n; ++i) {
            Proof proof = world.tree.inclusion_proof({i}, {n}).value();
            ASSERT_EQ(proof, oracle::path(i, std::span(world.entries).first(n))) << i << "/" << n;
            Inclusion claim{.leaf = leaf_hash(world.entries[i]),
                            .index = {i},
                            .size = {n},
                            .root = world.roots[n]};
            ASSERT_TRUE(verify_inclusion(claim, proof)) << i << "/" << n;
            for (Hash& hash : proof) {
                hash.bytes[31] ^= 1;
                ASSERT_FALSE(verify_inclusion(claim, proof));
                hash.bytes[31] ^= 1;
            }
            proof.push_back(Hash{});
            ASSERT_FALSE(verify_inclusion(claim, proof));
            claim.index.v = n;
            ASSERT_FALSE(verify_inclusion(claim, proof));
        }
    }
}

TEST(Merkle, AnInclusionProofFitsNoOtherIndex) {
    const World world;
    for (std::size_t n : {2u, 7u, 8u, 33u}) {
        for (std::size_t i = 0; i < n; ++i) {
            const Proof proof = world.tree.inclusion_proof({i}, {n}).value();
            for (std::size_t j = 0; j < n; ++j) {
                const Inclusion claim{.leaf = world.tree.leaf({i}),
                                      .index = {j},
                                      .size = {n},
                                      .root = world.roots[n]};
                ASSERT_EQ(verify_inclusion(claim, proof).has_value(), i == j) << i << j << n;
            }
        }
    }
}

TEST(Merkle, ConsistencyProofsOfAllPairsAreTheDefinitions) {
    const World world;
    for (std::size_t n = 1; n <= all_pairs_max; ++n) {
        for (std::size_t m = 1; m <= n; ++m) {
            Proof proof = world.tree.consistency_proof({m}, {n}).value();
            ASSERT_EQ(proof, oracle::subproof(m, std::span(world.entries).first(n), true));
            Consistency claim{.old_size = {m},
                              .old_root = world.roots[m],
                              .new_size = {n},
                              .new_root = world.roots[n]};
            ASSERT_TRUE(verify_consistency(claim, proof)) << m << "/" << n;
            for (Hash& hash : proof) {
                hash.bytes[0] ^= 0x80;
                ASSERT_FALSE(verify_consistency(claim, proof));
                hash.bytes[0] ^= 0x80;
            }
            claim.old_root.bytes[5] ^= 1;
            ASSERT_FALSE(verify_consistency(claim, proof));
            claim.old_root.bytes[5] ^= 1;
            claim.new_root.bytes[5] ^= 1;
            ASSERT_FALSE(verify_consistency(claim, proof));
            claim.new_root.bytes[5] ^= 1;
            proof.push_back(Hash{});
            ASSERT_FALSE(verify_consistency(claim, proof));
            if (proof.size() < 2) continue;
            proof.resize(proof.size() - 2);
            ASSERT_FALSE(verify_consistency(claim, proof));
        }
    }
}

TEST(Merkle, ErrorsSayWhatWasExpected) {
    const World world;
    EXPECT_EQ(verify_inclusion({.leaf = {}, .index = {5}, .size = {8}, .root = {}}, Proof(4))
                  .error()
                  .detail,
              "a proof of entry 5 in a tree of 8 has 3 hashes, not 4");
    const Consistency from_zero{
        .old_size = {0}, .old_root = empty_root(), .new_size = {8}, .new_root = world.roots[8]};
    EXPECT_EQ(verify_consistency(from_zero, {}).error().code, Errc::bad_proof);
    EXPECT_EQ(world.tree.inclusion_proof({3}, {3}).error().code, Errc::not_found);
    EXPECT_EQ(world.tree.inclusion_proof({3}, {65}).error().code, Errc::not_found);
    EXPECT_EQ(world.tree.consistency_proof({0}, {3}).error().code, Errc::not_found);
    EXPECT_EQ(world.tree.consistency_proof({4}, {3}).error().code, Errc::not_found);
    EXPECT_EQ(world.tree.consistency_proof({4}, {65}).error().code, Errc::not_found);
}

TEST(Merkle, SizesNearTheEndOfTheIntegersAreAnswered) {
    const std::uint64_t huge = ~std::uint64_t{0};
    EXPECT_FALSE(
        verify_inclusion({.leaf = {}, .index = {huge - 1}, .size = {huge}, .root = {}}, Proof(63)));
    EXPECT_FALSE(
        verify_inclusion({.leaf = {}, .index = {0}, .size = {huge}, .root = {}}, Proof(64)));
    EXPECT_FALSE(verify_consistency(
        {.old_size = {huge - 1}, .old_root = {}, .new_size = {huge}, .new_root = {}}, Proof(64)));
    EXPECT_FALSE(verify_consistency(
        {.old_size = {std::uint64_t{1} << 63}, .old_root = {}, .new_size = {huge}, .new_root = {}},
        {}));
}

// A path is the proof with the node shown that RFC 6962 leaves out; what it leads to are the roots.
TEST(Merkle, GrowthRootsOfAllPairsAreTheDefinitions) {
    const World world;
    for (std::size_t n = 2; n <= all_pairs_max; ++n) {
        for (std::size_t m = 1; m < n; ++m) {
            Proof path = oracle::subproof(m, std::span(world.entries).first(n), true);
            if (std::has_single_bit(m)) path.insert(path.begin(), world.roots[m]);
            const GrowthRoots roots = growth_roots({m}, {n}, path).value();
            ASSERT_EQ(roots.old_root, world.roots[m]) << m << "/" << n;
            ASSERT_EQ(roots.new_root, world.roots[n]) << m << "/" << n;
            path.push_back(Hash{});
            ASSERT_FALSE(growth_roots({m}, {n}, path));
            path.resize(path.size() - 2);
            ASSERT_FALSE(growth_roots({m}, {n}, path));
        }
        ASSERT_FALSE(growth_roots({n}, {n}, Proof(1)));
        ASSERT_FALSE(growth_roots({n}, {n - 1}, Proof(1)));
        ASSERT_FALSE(growth_roots({0}, {n}, Proof(1)));
    }
}

TEST(Merkle, AFrontierGoesOnWhereATreeStands) {
    const World world;
    for (std::size_t n = 0; n <= all_pairs_max; ++n) {
        Tree tree = world.tree;
        tree.truncate({n});
        Frontier frontier(tree);
        for (std::size_t m = n; m < all_pairs_max; ++m) {
            ASSERT_EQ(frontier.size().v, m);
            ASSERT_EQ(frontier.root(), world.roots[m]) << n << "/" << m;
            frontier.append(leaf_hash(world.entries[m]));
        }
    }
}

TEST(Merkle, TruncateUndoesAppend) {
    const std::vector<Bytes> entries = oracle::entries(300);
    Rng rng(11);
    Tree tree;
    tree.reserve({300});
    for (int step = 0; step < 200; ++step) {
        const std::size_t target = rng.below(301);
        if (target < tree.size().v) tree.truncate({target});
        while (tree.size().v < target) tree.append(leaf_hash(entries[tree.size().v]));
        ASSERT_EQ(tree.root(), oracle::mth(std::span(entries).first(target))) << target;
    }
}

// Some consistency cases hold roots that are no hashes ("don't care"): what counts there is whether
// they are equal, so a hash of them stands in. Elsewhere what is no hash is refused by its type.
Hash stand_in(std::string_view base64) {
    const Bytes bytes = from_base64(base64).value();
    return bytes.size() == 32 ? Hash::from(bytes) : sha256(bytes);
}

Result<Proof> proof_of(const boost::json::value& value) {
    Proof out;
    if (value.is_null()) return out;
    for (const auto& item : value.as_array()) {
        TRY(hash, hash_from_base64(item.as_string()));
        out.push_back(hash);
    }
    return out;
}

Result<void> run_case(const boost::json::object& row) {
    TRY(proof, proof_of(row.at("proof")));
    const auto number = [&](const char* key) { return row.at(key).to_number<std::uint64_t>(); };
    const auto hash = [&](const char* key) { return stand_in(row.at(key).as_string()); };
    if (row.contains("leafIdx")) {
        TRY(leaf, hash_from_base64(row.at("leafHash").as_string()));
        TRY(root, hash_from_base64(row.at("root").as_string()));
        return verify_inclusion({.leaf = leaf,
                                 .index = {number("leafIdx")},
                                 .size = {number("treeSize")},
                                 .root = root},
                                proof);
    }
    return verify_consistency({.old_size = {number("size1")},
                               .old_root = hash("root1"),
                               .new_size = {number("size2")},
                               .new_root = hash("root2")},
                              proof);
}

TEST(Merkle, AnswersAllSharedProofVectors) {
    const auto text = vectors::shared("data/vectors/merkle_proofs.jsonl");
    if (!text) GTEST_SKIP() << "data/vectors/merkle_proofs.jsonl is not there";
    std::istringstream lines(*text);
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        const boost::json::object row = boost::json::parse(line).as_object();
        const Result<void> result = run_case(row);
        EXPECT_EQ(!result.has_value(), row.at("wantErr").as_bool())
            << row.at("case").as_string() << (result ? "" : ": " + result.error().detail);
    }
    EXPECT_EQ(count, 196);
}

}  // namespace
}  // namespace entente::tlog
