// SPDX-License-Identifier: Apache-2.0
#include "tlog/tile.h"

#include <gtest/gtest.h>

#include <set>

#include "base/random.h"
#include "tlog/oracle.h"

namespace entente::tlog {
namespace {

TEST(Tile, PathsAreC2sps) {
    struct Row {
        Tile tile;
        const char* path;
    };
    const auto hashes = Tile::Kind::hashes;
    const auto bundle = Tile::Kind::entries;
    const Row rows[] = {
        {{hashes, 0, 1234067, 256}, "tile/0/x001/x234/067"},
        {{hashes, 0, 5, 256}, "tile/0/005"},
        {{hashes, 1, 17, 112}, "tile/1/017.p/112"},
        {{hashes, 2, 0, 1}, "tile/2/000.p/1"},
        {{hashes, 0, 1000, 255}, "tile/0/x001/000.p/255"},
        {{hashes, 7, 0, 128}, "tile/7/000.p/128"},
        {{bundle, 0, 999, 256}, "tile/entries/999"},
        {{bundle, 0, 273, 112}, "tile/entries/273.p/112"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(row.tile.path(), row.path);
        EXPECT_EQ(Tile::parse(row.path).value(), row.tile);
    }
}

TEST(Tile, RefusesEveryOtherSpelling) {
    const char* const rows[] = {
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/5",
        "tile/0/05",
        "tile/0/0005",
        "tile/00/005",
        "tile/8/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile/0/x000/005",
        "tile/0/x001/5",
        "tile/0/001/x234",
        "tile/0/001/234",
        "tile/0/x001",
        "tile/0/005/",
        "tile/0//005",
        "/tile/0/005",
        "tile/0/005.p",
        "tile/0/005.p/",
        "tile/0/005.p/0",
        "tile/0/005.p/256",
        "tile/0/005.p/257",
        "tile/0/005.p/01",
        "tile/0/005.p/1/",
        "tile/entries/",
        "tile/data/000",
        "tile/0/00a",
        "tile/0/005.p/1.p/1",
        "tile/7/001",
        "tile/7/000",
        "tile/7/000.p/200",
        "tile/0/../../etc/passwd",
        "tile/0/x1234/000",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/18446744073709551615",
    };
    for (const char* row : rows) {
        EXPECT_EQ(Tile::parse(row).error().code, Errc::malformed) << row;
    }
}

// C2SP tlog-tiles, "Parameters", example of 70,000 entries; and its remark on size 256.
TEST(Tile, TilesOfATreeAreC2sps) {
    std::set<std::string> paths;
    for (const Tile& tile : tiles_of({70'000})) paths.insert(tile.path());
    EXPECT_EQ(paths.size(), 273u + 1 + 1 + 1 + 1 + 273 + 1);
    for (const char* path : {"tile/0/000", "tile/0/272", "tile/0/273.p/112", "tile/1/000",
                             "tile/1/001.p/17", "tile/2/000.p/1", "tile/entries/273.p/112"}) {
        EXPECT_TRUE(paths.contains(path)) << path;
    }
    paths.clear();
    for (const Tile& tile : tiles_of({256})) paths.insert(tile.path());
    EXPECT_EQ(paths, (std::set<std::string>{"tile/0/000", "tile/1/000.p/1", "tile/entries/000"}));
    EXPECT_TRUE(tiles_of({0}).empty());
}

TEST(Tile, EveryHashIsTheDefinitionsSubtree) {
    const std::vector<Bytes> entries = oracle::entries(600);
    Tree tree;
    for (const Bytes& entry : entries) tree.append(leaf_hash(entry));
    for (const Tile& tile : tiles_of(tree.size())) {
        if (tile.kind == Tile::Kind::entries) continue;
        const Bytes bytes = hash_tile(tree, tile);
        ASSERT_EQ(bytes.size(), tile.width * 32);
        const std::size_t under = std::size_t{1} << (8 * tile.level);
        for (std::size_t i = 0; i < tile.width; ++i) {
            const auto covered = std::span(entries).subspan(tile.first().v + i * under, under);
            ASSERT_EQ(BytesView(bytes).substr(i * 32, 32), oracle::mth(covered).view());
        }
    }
}

TEST(Bundle, RoundTripsUpToTheLongestEntry) {
    Bytes bundle;
    const std::vector<Bytes> entries = {"", "a", Bytes(255, 'b'), Bytes(256, 'c'),
                                        Bytes(65'535, 'd')};
    for (const Bytes& entry : entries) ASSERT_TRUE(append_to_bundle(bundle, entry));
    const Bytes before = bundle;
    EXPECT_EQ(append_to_bundle(bundle, Bytes(65'536, 'e')).error().code, Errc::too_large);
    EXPECT_EQ(bundle, before);
    const auto parsed = parse_bundle(bundle, entries.size()).value();
    EXPECT_EQ(std::vector<Bytes>(parsed.begin(), parsed.end()), entries);
    EXPECT_FALSE(parse_bundle(bundle, entries.size() - 1));
    EXPECT_FALSE(parse_bundle(bundle, entries.size() + 1));
    EXPECT_FALSE(parse_bundle(bundle + '\0', entries.size()));
    for (std::size_t cut : {1u, 2u, 3u, 100u, 65'537u}) {
        EXPECT_FALSE(parse_bundle(BytesView(bundle).substr(0, bundle.size() - cut), 5)) << cut;
    }
    EXPECT_TRUE(parse_bundle("", 0));
    EXPECT_FALSE(parse_bundle("", 1));
}

TEST(Bundle, AnyBytesAreAnswered) {
    Rng rng(9);
    for (int round = 0; round < 20'000; ++round) {
        Bytes bytes(rng.below(12), '\0');
        for (char& c : bytes) c = static_cast<char>(rng.below(4));
        const auto parsed = parse_bundle(bytes, rng.below(5));
        if (!parsed) continue;
        Bytes again;
        for (BytesView entry : *parsed) ASSERT_TRUE(append_to_bundle(again, entry));
        ASSERT_EQ(again, bytes);
    }
}

}  // namespace
}  // namespace entente::tlog
