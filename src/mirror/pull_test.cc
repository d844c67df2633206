// SPDX-License-Identifier: Apache-2.0
#include "mirror/pull.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "mirror/source.h"

namespace entente::mirror {
namespace {

using test::files_of;
using test::Get;
using test::mirror_of;
using test::pull_all;
using test::Vast;
using test::World;

const World& large() {
    static const World world(70'000);
    return world;
}

// Sizes around what tiles make special.
std::uint64_t some_size(Rng& rng, std::uint64_t most) {
    const std::uint64_t marks[] = {0,    1,    255,    256,    257,    511,    512,
                                   1024, 1280, 65'535, 65'536, 65'537, 65'792, most};
    if (rng.below(2) == 0) return std::min(most, marks[rng.below(std::size(marks))]);
    return rng.below(most + 1);
}

TEST(Pull, BringsEveryStateToEveryHead) {
    Rng rng(2);
    const int rounds = test::is_long() ? 500 : 25;
    for (int round = 0; round < rounds; ++round) {
        const std::uint64_t most = round % 4 == 0 ? 70'000 : 3'000;
        std::uint64_t at[3];
        for (std::uint64_t& each : at) each = some_size(rng, most);
        std::sort(at, at + 3);
        Mirror mirror = mirror_of(large(), at[0], at[1]);
        const auto done = pull_all(mirror, large().head(at[2]).bytes(), files_of(large()));
        ASSERT_TRUE(done) << at[0] << " " << at[1] << " " << at[2] << ": " << done.error().detail;
        ASSERT_EQ(mirror.size().v, at[2]);
        ASSERT_EQ(mirror.tree().root(), large().tree().root({at[2]}));
        ASSERT_TRUE(mirror.is_whole());
        // All bundles, and few tiles beside them.
        ASSERT_LE(*done, (at[2] - at[0]) / 256 + 2 + 8) << at[0] << " " << at[1] << " " << at[2];
    }
}

std::vector<std::string> paths_of(Mirror mirror, const World& world, std::size_t size) {
    std::vector<std::string> out;
    const Get files = files_of(world);
    const Get get = [&](const std::string& path) {
        out.push_back(path);
        return files(path);
    };
    EXPECT_TRUE(pull_all(mirror, world.head(size).bytes(), get));
    return out;
}

TEST(Pull, AFewNewEntriesCostTheirBundles) {
    EXPECT_EQ(paths_of(mirror_of(large(), 1000, 1000), large(), 1010),
              (std::vector<std::string>{"tile/entries/003.p/242"}));
    EXPECT_EQ(paths_of(mirror_of(large(), 1000, 1005), large(), 1030),
              (std::vector<std::string>{"tile/entries/003", "tile/entries/004.p/6"}));
    EXPECT_TRUE(paths_of(mirror_of(large(), 1000, 1000), large(), 1000).empty());
    EXPECT_TRUE(paths_of(Mirror(large().log()), large(), 0).empty());
}

TEST(Pull, ManyNewEntriesBeginWithTheEdge) {
    const auto paths = paths_of(mirror_of(large(), 3, 300), large(), 66'000);
    const std::vector<std::string> first(paths.begin(), paths.begin() + 6);
    EXPECT_EQ(first,
              (std::vector<std::string>{"tile/2/000.p/1", "tile/1/001.p/1", "tile/0/257.p/208",
                                        "tile/1/000", "tile/0/001", "tile/entries/000"}));
    EXPECT_EQ(paths.back(), "tile/entries/257.p/208");
    EXPECT_EQ(paths.size(), 5u + 258);
}

TEST(Pull, TheHeadIsProvenBeforeTheEntriesCome) {
    Mirror mirror = mirror_of(large(), 3, 300);
    ASSERT_TRUE(pull_all(mirror, large().head(66'000).bytes(), files_of(large()), 5));
    EXPECT_EQ(mirror.head(), large().head(66'000));
    EXPECT_EQ(mirror.size().v, 3u);
}

TEST(Pull, GoesOnAfterEveryInterruption) {
    Mirror mirror(large().log());
    std::size_t rounds = 0;
    while (!mirror.is_whole() || mirror.size().v != 20'000) {
        ASSERT_TRUE(pull_all(mirror, large().head(20'000).bytes(), files_of(large()), 25));
        ASSERT_LT(++rounds, 20u);
    }
    EXPECT_GT(rounds, 3u);
    EXPECT_EQ(mirror.tree().root(), large().tree().root({20'000}));
}

// Several sources of one log, asked in turn, each towards a head of its own: nobody is blamed, and
// the copy gets there.
TEST(Pull, SeveralAtOnceBlameNobody) {
    Rng rng(12);
    const Get files = files_of(large());
    for (int round = 0; round < (test::is_long() ? 100 : 10); ++round) {
        Mirror mirror = mirror_of(large(), rng.below(300), 300);
        std::vector<Pull> pulls;
        std::size_t stale = 0;
        std::uint64_t newest = 300;
        for (int step = 0; step < 400; ++step) {
            if (pulls.size() < 3) {
                newest = std::min<std::uint64_t>(newest + rng.below(2000), 70'000);
                const std::uint64_t size = rng.below(2) == 0 ? newest : 300 + rng.below(newest);
                auto begun = Pull::begin(mirror, large().head(std::min(size, newest)).bytes());
                if (begun) pulls.push_back(std::move(*begun));
                if (!begun) {
                    ASSERT_EQ(begun.error().reason, Reason::rolled_back);
                }
                continue;
            }
            const auto at = pulls.begin() + static_cast<std::ptrdiff_t>(rng.below(pulls.size()));
            if (const auto path = at->want()) {
                ASSERT_TRUE(at->take(*files(*path)));
                if (rng.below(20) == 0) at->flush();
            } else if (!at->has_chunk()) {
                pulls.erase(at);
                continue;
            }
            const auto drained = test::drain(mirror, *at);
            ASSERT_EQ(mirror.tree().root(), large().tree().root(mirror.size()));
            if (drained) continue;
            ASSERT_EQ(drained.error().reason, Reason::stale) << drained.error().detail;
            pulls.erase(at);
            ++stale;
        }
        EXPECT_GT(stale, 0u);
        EXPECT_GT(mirror.size().v, 1000u);
    }
}

// Whether a link breaks or the source lies: every bundle that was verified is kept.
TEST(Pull, LosesNoVerifiedBundle) {
    for (std::size_t bundles = 0; bundles < 30; ++bundles) {
        Mirror broken(large().log()), lied(large().log());
        std::size_t seen = 0;
        const Get files = files_of(large());
        const Get lying = [&](const std::string& path) {
            auto bytes = files(path);
            if (path.starts_with("tile/entries/") && seen++ == bundles) bytes = Bytes();
            return bytes;
        };
        const Bytes note = large().head(9000).bytes();
        ASSERT_TRUE(pull_all(broken, note, files, 2 + bundles));  // two tiles of the edge
        ASSERT_EQ(pull_all(lied, note, lying).error().reason, Reason::malformed);
        EXPECT_EQ(broken.size().v, 256 * bundles);
        EXPECT_EQ(lied.size().v, 256 * bundles);
    }
}

TEST(Pull, TakesTheFullTileWhereThePartialOneIsGone) {
    const Get files = files_of(large());
    const Get full_only = [&](const std::string& path) -> std::optional<Bytes> {
        if (path.find(".p/") != path.npos) return std::nullopt;
        return files(path);
    };
    for (const auto& [held, size] : {std::pair{0, 200}, {100, 1000}, {0, 5000}, {4000, 66'000}}) {
        const auto h = static_cast<std::size_t>(held), s = static_cast<std::size_t>(size);
        Mirror mirror = mirror_of(large(), h, h);
        // The top tile is never full here, so that one partial tile has to be there.
        const auto done = pull_all(mirror, large().head(s).bytes(), [&](const std::string& path) {
            return path.starts_with("tile/1/") || path.starts_with("tile/2/") ? files(path)
                                                                              : full_only(path);
        });
        ASSERT_TRUE(done) << done.error().detail;
        EXPECT_EQ(mirror.tree().root(), large().tree().root({s}));
    }
}

// One file at a time is damaged, withheld or cut: the fault has its reason, convicts nobody, and
// what was adopted before is right.
TEST(Pull, NoLieInOneFileIsBelieved) {
    Rng rng(4);
    for (const auto& [held, newest, size] :
         {std::tuple{10, 10, 900}, {700, 1000, 3000}, {0, 0, 9000}}) {
        const auto h = static_cast<std::size_t>(held), n = static_cast<std::size_t>(newest),
                   s = static_cast<std::size_t>(size);
        const std::size_t requests = paths_of(mirror_of(large(), h, n), large(), s).size();
        const Get files = files_of(large());
        for (std::size_t lie = 0; lie < requests; ++lie) {
            for (const char how : {'f', 'c', 'l', 'm', 'e'}) {
                std::string lied_about;
                std::size_t at = 0;
                const Get get = [&](const std::string& path) -> std::optional<Bytes> {
                    auto bytes = files(path);
                    if (at++ < lie || !bytes) return bytes;
                    if (!lied_about.empty() && path != lied_about) return bytes;
                    lied_about = path;
                    const std::size_t byte = rng.below(bytes->size());
                    if (how == 'f') (*bytes)[byte] = static_cast<char>((*bytes)[byte] ^ 16);
                    if (how == 'c') bytes->resize(byte);
                    if (how == 'l') *bytes += 'x';
                    if (how == 'e') *bytes = Bytes(limits::tile_file_bytes_max + 1, 'x');
                    if (how == 'm') return std::nullopt;
                    return bytes;
                };
                Mirror mirror = mirror_of(large(), h, n);
                const auto done = pull_all(mirror, large().head(s).bytes(), get);
                ASSERT_EQ(mirror.tree().root(), large().tree().root(mirror.size()));
                // Entries that are held already lie in a bundle too, and nobody looks at them
                // there; and where a partial tile is gone the full one serves.
                if (done) continue;
                ASSERT_TRUE(is_rubbish(done.error().reason)) << name(done.error().reason);
                ASSERT_FALSE(done.error().fork);
                const std::map<char, Reason> wanted = {
                    {'m', Reason::withheld}, {'e', Reason::too_large}, {'c', Reason::malformed}};
                if (wanted.contains(how)) {
                    ASSERT_EQ(done.error().reason, wanted.at(how));
                }

                ASSERT_FALSE(mirror.is_whole() && mirror.size().v == s);
            }
        }
    }
}

TEST(Pull, AForkIsToldFromRubbish) {
    const World plain(3000);
    Rng rng(6);
    const int rounds = test::is_long() ? 300 : 40;
    int convicted = 0;
    for (int round = 0; round < rounds; ++round) {
        const std::size_t branch = some_size(rng, 2500);
        const World forked(3000, branch);
        std::size_t at[3];
        for (std::size_t& each : at) each = some_size(rng, 3000);
        std::sort(at, at + 3);
        Mirror mirror = mirror_of(plain, at[0], at[1]);
        const auto done = pull_all(mirror, forked.head(at[2]).bytes(), files_of(forked));
        const bool fork = at[1] > branch;
        ASSERT_EQ(!done, fork) << branch << ": " << at[0] << " " << at[1] << " " << at[2];
        if (!fork) continue;
        ASSERT_EQ(done.error().reason, Reason::fork) << done.error().detail;
        ASSERT_TRUE(verify_fork(*done.error().fork, plain.log()));
        ASSERT_EQ(mirror.size().v, at[0]);
        ASSERT_EQ(mirror.head(), plain.head(at[1]));
        ++convicted;
    }
    EXPECT_GT(convicted, rounds / 4);
}

TEST(Pull, ASignedRootOfNothingIsRubbish) {
    const World& world = large();
    for (const auto& [held, size] : {std::pair{10, 20}, {0, 5000}, {300, 66'000}}) {
        const auto h = static_cast<std::size_t>(held), s = static_cast<std::size_t>(size);
        Mirror mirror = mirror_of(world, h, h);
        const auto head = world.signed_head(s, tlog::leaf_hash("nothing"));
        const auto done = pull_all(mirror, head.bytes(), files_of(world));
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().reason, Reason::wrong_root);
        EXPECT_EQ(mirror.size().v, h);
    }
}

TEST(Pull, OlderAndStrangeHeadsBeginNothing) {
    const World &world = large(), other(10, 0, "demo-x/unhcr");
    const Mirror mirror = mirror_of(world, 100, 200);
    const auto why = [&](const Bytes& note) { return Pull::begin(mirror, note).error().reason; };
    EXPECT_EQ(why(world.head(50).bytes()), Reason::rolled_back);
    EXPECT_EQ(why(world.head(150).bytes()), Reason::rolled_back);
    EXPECT_EQ(why(World(100, 7).head(50).bytes()), Reason::fork);
    EXPECT_EQ(why(World(200, 7).head(200).bytes()), Reason::fork);
    EXPECT_EQ(why(other.head(10).bytes()), Reason::other_log);
    EXPECT_EQ(why("x"), Reason::malformed);
}

TEST(Pull, AnEntryBeyondItsLimitEndsIt) {
    for (const std::size_t before : {10u, 3000u}) {
        World world(before);
        world.append(Bytes(limits::entry_bytes_max, 'x'));
        world.append(Bytes(limits::entry_bytes_max + 1, 'x'));
        Mirror mirror(world.log());
        const auto done = pull_all(mirror, world.head(before + 2).bytes(), files_of(world));
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().reason, Reason::too_large);
        ASSERT_TRUE(pull_all(mirror, world.head(before + 1).bytes(), files_of(world)) ||
                    mirror.head() == world.head(before + 2));
    }
}

TEST(Pull, SaysAheadWhatItWillWant) {
    for (const std::size_t size : {900u, 5000u, 67'000u}) {
        auto pull = Pull::begin(Mirror(large().log()), large().head(size).bytes()).value();
        const Get files = files_of(large());
        std::vector<std::string> promised;
        std::size_t kept_promises = 0;
        while (const auto path = pull.want()) {
            if (promised.empty()) {
                promised = pull.ahead(8);
                ASSERT_EQ(promised.front(), *path);
                ASSERT_LE(promised.size(), 8u);
            }
            ASSERT_EQ(promised.front(), *path);
            promised.erase(promised.begin());
            kept_promises += !promised.empty();
            ASSERT_TRUE(pull.take(*files(*path)));
        }
        EXPECT_TRUE(pull.ahead(8).empty());
        EXPECT_GT(kept_promises, size / 512);
        EXPECT_EQ(pull.take("").error().reason, Reason::stale);
        EXPECT_EQ(pull.missing().error().reason, Reason::stale);
    }
}

// Heads of logs that nobody could store: proven, or convicted, with a few tiles.
TEST(Pull, ProvesHeadsOfAnySize) {
    const World keys(0);
    Rng rng(8);
    for (int round = 0; round < (test::is_long() ? 300 : 30); ++round) {
        const std::uint64_t newer = (rng.next() >> (1 + rng.below(50))) + 5000;
        const std::uint64_t older = rng.below(newer - 4000) >> rng.below(40);
        const std::uint64_t branch = rng.below(newer) >> rng.below(40);
        if (older == 0) continue;
        const Vast plain(~std::uint64_t{0}), forked(branch);
        Mirror mirror(keys.log());
        const auto head = [&](const Vast& vast, std::uint64_t size) {
            return keys.signed_head(size, vast.root({0, size}));
        };
        ASSERT_TRUE(mirror.adopt(mirror.advance({head(plain, older), {}, {}, {}, {}, {}}).value()));
        const Get get = [&](const std::string& path) { return forked.get(path); };
        // 17 tiles at most, then the way down to the first bundles.
        const auto done = pull_all(mirror, head(forked, newer).bytes(), get, 17 + 8 + 20);
        if (branch < older) {
            ASSERT_FALSE(done);
            ASSERT_EQ(done.error().reason, Reason::fork) << done.error().detail;
            ASSERT_TRUE(verify_fork(*done.error().fork, keys.log()));
            continue;
        }
        ASSERT_TRUE(done) << done.error().detail;
        ASSERT_EQ(mirror.head()->checkpoint.size.v, newer);
    }
}

// From the middle of a vast log, over the ends of tiles of every level that can be reached.
TEST(Pull, StreamsOverTheEndsOfTiles) {
    const World keys(0);
    const Vast vast(~std::uint64_t{0});
    const std::uint64_t size = (std::uint64_t{1} << 40) + 77;
    Mirror mirror(keys.log());
    const auto head = keys.signed_head(size, vast.root({0, size}));
    const Get get = [&](const std::string& path) { return vast.get(path); };
    const auto done = pull_all(mirror, head.bytes(), get, 6 + 600);
    ASSERT_TRUE(done) << done.error().detail;
    EXPECT_GT(mirror.size().v, 131'072u);  // two level-1 tiles
    EXPECT_EQ(mirror.tree().root(), vast.root({0, mirror.size().v}));
}

}  // namespace
}  // namespace entente::mirror
