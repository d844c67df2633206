// SPDX-License-Identifier: Apache-2.0
#include "mirror/mirror.h"

#include <gtest/gtest.h>

#include <set>

#include "base/limits.h"
#include "mirror/world.h"

namespace entente::mirror {
namespace {

using test::mirror_of;
using test::World;

constexpr std::size_t sizes_max = 70;

// Takes the step if it can be taken.
Checked<void> take(Mirror& mirror, const Chunk& chunk) {
    TRY(step, mirror.advance(chunk));
    return mirror.adopt(std::move(step));
}

Reason reason(const Mirror& mirror, const Chunk& chunk) {
    const auto step = mirror.advance(chunk);
    EXPECT_FALSE(step);
    return step ? Reason::stale : step.error().reason;
}

void expect_is(const Mirror& mirror, const World& world, std::size_t held, std::size_t newest) {
    ASSERT_EQ(mirror.size().v, held);
    ASSERT_EQ(mirror.tree().root(), world.tree().root({held}));
    ASSERT_EQ(mirror.head(), world.head(newest));
    ASSERT_EQ(mirror.rest(), world.proof(held, newest));
    ASSERT_EQ(mirror.is_whole(), held == newest);
}

// From every state to every other that follows on it. The oracle is the whole tree's proofs.
TEST(Mirror, TakesEveryStepOfAnHonestLog) {
    const World world(sizes_max);
    Rng rng(1);
    const int rounds = test::is_long() ? 20'000 : 1'000;
    for (int round = 0; round < rounds; ++round) {
        std::size_t at[4];
        for (std::size_t& each : at) each = rng.below(sizes_max + 1);
        std::sort(at, at + 4);
        // Held, then known; or held less than is known and catching up only in part.
        const std::size_t held = at[0], newest = at[1 + rng.below(2)], newer = at[3];
        const std::size_t to = held + rng.below(newer - held + 1);
        Mirror mirror = mirror_of(world, held, newest);
        expect_is(mirror, world, held, newest);
        const auto step = mirror.advance(world.chunk(held, newest, to, newer));
        ASSERT_TRUE(step) << step.error().detail;
        expect_is(mirror, world, held, newest);
        ASSERT_EQ(step->entries().size(), to - held);
        for (std::size_t i = held; i < to; ++i) {
            const VerifiedEntry& entry = step->entries()[i - held];
            ASSERT_EQ(entry.index().v, i);
            ASSERT_EQ(entry.bytes(), world.entries()[i]);
            ASSERT_EQ(entry.leaf(), world.tree().leaf({i}));
        }
        ASSERT_EQ(step->root(), world.tree().root({to}));
        ASSERT_TRUE(take(mirror, world.chunk(held, newest, to, newer)));
        expect_is(mirror, world, to, newer);
    }
}

TEST(Mirror, OneByteOfAnEntryOrAProofIsEnoughToRefuseIt) {
    const World world(sizes_max);
    const Mirror mirror = mirror_of(world, 13, 21);
    const Chunk good = world.chunk(13, 21, 30, 47);
    ASSERT_TRUE(mirror.advance(good));
    for (std::size_t i = 0; i < good.entries.size(); ++i) {
        for (std::size_t k = 0; k < good.entries[i].size(); ++k) {
            Chunk bad = good;
            bad.entries[i][k] ^= 1;
            EXPECT_EQ(reason(mirror, bad), Reason::wrong_hash);
        }
    }
    for (std::size_t i = 0; i < good.rest.size() * 32; ++i) {
        Chunk bad = good;
        bad.rest[i / 32].bytes[i % 32] ^= 1;
        EXPECT_EQ(reason(mirror, bad), Reason::wrong_hash);
    }
    for (std::size_t i = 0; i < good.growth.size() * 32; ++i) {
        Chunk bad = good;
        bad.growth[i / 32].bytes[i % 32] ^= 1;
        EXPECT_EQ(reason(mirror, bad), Reason::wrong_root);
    }
    const auto with = [&](auto change) {
        Chunk bad = good;
        change(bad);
        return reason(mirror, bad);
    };
    EXPECT_EQ(with([](Chunk& c) { c.entries.pop_back(); }), Reason::wrong_hash);
    EXPECT_EQ(with([](Chunk& c) { c.entries.push_back(""); }), Reason::wrong_hash);
    EXPECT_EQ(with([](Chunk& c) { std::swap(c.entries[0], c.entries[1]); }), Reason::wrong_hash);
    EXPECT_EQ(with([](Chunk& c) { c.rest.pop_back(); }), Reason::wrong_hash);
    EXPECT_EQ(with([](Chunk& c) { c.growth.clear(); }), Reason::wrong_root);
    EXPECT_EQ(with([](Chunk& c) { c.entries.resize(35); }), Reason::malformed);
    EXPECT_EQ(with([](Chunk& c) { c.entries[3] = Bytes(limits::entry_bytes_max + 1, 'x'); }),
              Reason::too_large);
    EXPECT_EQ(with([](Chunk& c) { c.from = {20}; }), Reason::stale);
}

TEST(Mirror, HeadsMeetTheirLimitsFirst) {
    const World world(9), other(9, 0, "demo-x/unhcr");
    const auto why = [&](const Bytes& note) { return open_head(note, world.log()).error().reason; };
    const Bytes good = world.head(5).bytes();
    EXPECT_TRUE(open_head(good, world.log()));
    EXPECT_EQ(why(""), Reason::malformed);
    EXPECT_EQ(why("x\n\n" + good), Reason::malformed);
    EXPECT_EQ(why(Bytes(limits::head_bytes_max + 1, 'x')), Reason::too_large);
    EXPECT_EQ(why(other.head(5).bytes()), Reason::other_log);
    tlog::SignedCheckpoint bad = world.head(5);
    bad.note.signatures[0].signature[3] ^= 1;
    EXPECT_EQ(why(bad.bytes()), Reason::not_signed);
    bad.note.signatures[0].name = "somebody";
    EXPECT_EQ(why(bad.bytes()), Reason::not_signed);
    EXPECT_EQ(why(world.signed_head(0, tlog::leaf_hash("")).bytes()), Reason::wrong_root);
    tlog::Checkpoint extended = world.head(5).checkpoint;
    extended.extensions = {"more"};
    const std::string text = tlog::format_checkpoint(extended);
    EXPECT_EQ(
        why(tlog::sign_checkpoint(extended, world.log(), world.key().sign(text)).value().bytes()),
        Reason::malformed);
    // A step believes its head no more than anything else.
    Chunk not_signed = world.chunk(0, 0, 5, 5);
    not_signed.head.note.signatures[0].signature[3] ^= 1;
    EXPECT_EQ(reason(Mirror(world.log()), not_signed), Reason::not_signed);
}

// Every head of a forked log, seen from every state: convicted exactly where sizes allow it.
TEST(Mirror, TurnsAForkIntoItsProof) {
    const World plain(40);
    const std::size_t step = test::is_long() ? 1 : 6;
    for (std::size_t branch = 0; branch < 40; branch += step) {
        const World forked(40, branch);
        for (std::size_t held = 0; held <= 40; held += step) {
            for (std::size_t newest = std::max<std::size_t>(held, 1); newest <= 40; newest += 4) {
                const Mirror mirror = mirror_of(plain, held, newest);
                for (std::size_t other = 0; other <= 40; other += step) {
                    const auto age = mirror.compare(forked.head(other));
                    if (!age) {
                        ASSERT_EQ(age.error().reason, Reason::fork);
                        ASSERT_TRUE(verify_fork(*age.error().fork, plain.log()));
                        ASSERT_GT(other, branch);
                    } else if (other > newest) {
                        ASSERT_EQ(*age, Age::newer);
                    } else if (other > held && other < newest) {
                        ASSERT_EQ(*age, Age::unproven);
                    } else {
                        ASSERT_LE(other, branch);
                        ASSERT_EQ(*age, other == newest ? Age::same : Age::older);
                    }
                }
            }
        }
    }
}

// A log that proves its own growth from a head that it never signed convicts itself, unless the old
// size is a power of two: RFC 6962 then shows no root that could differ (pull.h asks for tiles).
TEST(Mirror, AProofOfTheOtherBranchConvicts) {
    const World plain(60), forked(60, 10);
    for (std::size_t newest = 11; newest < 50; ++newest) {
        const Mirror mirror = mirror_of(plain, 5, newest);
        const auto step = mirror.advance(forked.chunk(5, newest, 5, 60));
        ASSERT_FALSE(step);
        const bool power = newest == 16 || newest == 32;
        EXPECT_EQ(step.error().reason, power ? Reason::wrong_root : Reason::fork) << newest;
        EXPECT_EQ(step.error().fork.has_value(), !power);
        EXPECT_EQ(step.error().error().code, power ? Errc::bad_proof : Errc::split_view);
    }
}

TEST(Mirror, NeverGoesBackAndNeverTwice) {
    const World world(50);
    Mirror mirror = mirror_of(world, 10, 20);
    EXPECT_EQ(mirror.compare(world.head(5)).value(), Age::older);
    EXPECT_EQ(mirror.compare(world.head(0)).value(), Age::older);
    EXPECT_EQ(reason(mirror, world.chunk(10, 0, 10, 15)), Reason::stale);
    // Two steps from one state: the second finds that the first was made.
    auto one = mirror.advance(world.chunk(10, 20, 30, 40)).value();
    auto two = mirror.advance(world.chunk(10, 20, 25, 45)).value();
    auto same_head = mirror.advance(world.chunk(10, 20, 10, 40)).value();
    ASSERT_TRUE(mirror.adopt(std::move(one)));
    EXPECT_EQ(mirror.adopt(std::move(two)).error().reason, Reason::stale);
    EXPECT_EQ(mirror.adopt(std::move(same_head)).error().reason, Reason::stale);
    expect_is(mirror, world, 30, 40);
    // A head that moved alone stops a step that was proven from the one before.
    auto late = mirror.advance(world.chunk(30, 40, 45, 45)).value();
    ASSERT_TRUE(take(mirror, world.chunk(30, 40, 30, 50)));
    EXPECT_EQ(mirror.adopt(std::move(late)).error().reason, Reason::stale);
    expect_is(mirror, world, 30, 50);
}

TEST(Mirror, EntriesThatCameMeanwhileAreLeftOut) {
    const World world(50);
    const Mirror mirror = mirror_of(world, 20, 40);
    for (std::size_t base = 0; base <= 20; base += 4) {
        for (std::size_t to = base; to <= 40; to += 4) {
            const auto step = mirror.advance(world.chunk(base, 40, to, 40));
            ASSERT_TRUE(step) << base << " " << to << ": " << step.error().detail;
            const std::size_t size = std::max<std::size_t>(to, 20);
            EXPECT_EQ(step->size().v, size);
            EXPECT_EQ(step->root(), world.tree().root({size}));
            EXPECT_EQ(step->standing().rest, world.proof(size, 40));
        }
    }
    EXPECT_EQ(reason(mirror, world.chunk(21, 40, 30, 40)), Reason::stale);
}

// Entries under a head that was the newest when their pull began are as good as others.
TEST(Mirror, TakesEntriesUnderHeadsThatWereTheNewest) {
    const World world(sizes_max);
    Rng rng(13);
    const int rounds = test::is_long() ? 20'000 : 1'000;
    for (int round = 0; round < rounds; ++round) {
        std::vector<std::size_t> heads = {1 + rng.below(sizes_max)};
        const std::size_t held = rng.below(heads[0] + 1);
        Mirror mirror = mirror_of(world, held, heads[0]);
        while (heads.back() < sizes_max && heads.size() < 6) {
            const std::size_t next = heads.back() + 1 + rng.below(sizes_max - heads.back());
            ASSERT_TRUE(take(mirror, world.chunk(held, heads.back(), held, next)));
            heads.push_back(next);
        }
        const std::size_t under = heads[rng.below(heads.size())];
        const std::size_t to = held + rng.below(under - held + 1);
        Chunk chunk = world.chunk(held, 0, to, under);
        ASSERT_TRUE(take(mirror, chunk)) << held << " " << to << " under " << under;
        expect_is(mirror, world, to, heads.back());
        if (to == held || under == heads.back()) continue;
        chunk = world.chunk(held, 0, to, under);
        chunk.entries.back() += "x";
        Mirror again = mirror_of(world, held, under);
        ASSERT_TRUE(take(again, world.chunk(held, under, held, heads.back())));
        ASSERT_EQ(reason(again, chunk), Reason::wrong_hash);
    }
    // Only the last few are remembered.
    Mirror mirror = mirror_of(world, 1, 1);
    for (std::size_t n = 2; n <= 40; ++n) {
        ASSERT_TRUE(take(mirror, world.chunk(1, n - 1, 1, n)));
    }
    EXPECT_EQ(reason(mirror, world.chunk(1, 0, 5, 23)), Reason::stale);
    EXPECT_TRUE(mirror.advance(world.chunk(1, 0, 5, 24)));
}

TEST(Mirror, LoadsWhatItStoredAndNothingElse) {
    const World world(40);
    for (const auto& [held, newest] : {std::pair{0, 0}, {0, 7}, {7, 7}, {8, 13}, {13, 40}}) {
        const auto h = static_cast<std::size_t>(held), n = static_cast<std::size_t>(newest);
        const Mirror before = mirror_of(world, h, n);
        const Bytes bytes = before.standing()->bytes();
        const Standing standing = Standing::parse(bytes).value();
        EXPECT_EQ(standing.bytes(), bytes);
        std::vector<Hash> leaves;
        for (std::size_t i = 0; i < h; ++i) leaves.push_back(world.tree().leaf({i}));
        const Mirror after = Mirror::load(world.log(), leaves, standing).value();
        expect_is(after, world, h, n);
        if (h == 0) continue;
        leaves[h / 2].bytes[0] ^= 1;
        EXPECT_EQ(Mirror::load(world.log(), leaves, standing).error().code, Errc::bad_proof);
        leaves[h / 2].bytes[0] ^= 1;
        leaves.pop_back();
        EXPECT_EQ(Mirror::load(world.log(), leaves, standing).error().code, Errc::bad_proof);
        Standing other = standing;
        other.head = World(40, 3).head(n).note;
        leaves.push_back(world.tree().leaf({h - 1}));
        EXPECT_EQ(Mirror::load(world.log(), leaves, other).error().code, Errc::bad_proof);
        other = standing;
        other.head.signatures[0].signature[9] ^= 1;
        EXPECT_EQ(Mirror::load(world.log(), leaves, other).error().code, Errc::bad_signature);
    }
    EXPECT_FALSE(Mirror(world.log()).standing());
}

TEST(Mirror, KnowsItsOwnEntriesAgain) {
    const World world(12);
    const Mirror mirror = mirror_of(world, 8, 12);
    const VerifiedEntry entry = mirror.verified({3}, world.entries()[3]).value();
    EXPECT_EQ(entry.index().v, 3u);
    EXPECT_EQ(entry.leaf(), world.tree().leaf({3}));
    EXPECT_EQ(mirror.verified({3}, world.entries()[4]).error().code, Errc::bad_proof);
    EXPECT_EQ(mirror.verified({8}, world.entries()[8]).error().code, Errc::not_found);
}

TEST(Mirror, ProvesWhatItHoldsUnderAHeadAhead) {
    const World world(sizes_max);
    for (std::size_t held = 1; held <= sizes_max; held += 3) {
        for (std::size_t newest = held; newest <= sizes_max; newest += 5) {
            const Mirror mirror = mirror_of(world, held, newest);
            for (std::size_t i = 0; i < held; ++i) {
                ASSERT_EQ(mirror.inclusion_proof({i}).value(),
                          world.tree().inclusion_proof({i}, {newest}).value());
                ASSERT_EQ(mirror.consistency_proof({i + 1}).value(), world.proof(i + 1, newest));
            }
            EXPECT_EQ(mirror.inclusion_proof({held}).error().code, Errc::not_found);
            EXPECT_EQ(mirror.consistency_proof({held + 1}).error().code, Errc::not_found);
        }
    }
}

TEST(Mirror, MalformedEntriesAreEntries) {
    World world(0);
    for (const char* entry : {"", "{", "not JSON", "\xFF\xFE"}) world.append(entry);
    const Mirror mirror = mirror_of(world, 4, 4);
    EXPECT_TRUE(mirror.is_whole());
}

TEST(Mirror, GathersCosignatures) {
    const World world(12);
    Rng rng(3);
    const auto witness = tlog::CosignerSecret::generate("w", rng.bytes()).value();
    Mirror mirror = mirror_of(world, 8, 12);
    tlog::Note note = world.head(12).note;
    note.signatures.push_back(witness.sign(instant(5000), note.text).value());
    ASSERT_TRUE(mirror.add_cosignatures(note, std::vector{witness.key()}));
    EXPECT_EQ(mirror.head()->note, note);
    EXPECT_FALSE(mirror.add_cosignatures(world.head(8).note, {}));
    // Catching up with the same head keeps them.
    ASSERT_TRUE(take(mirror, world.chunk(8, 12, 12, 12)));
    EXPECT_EQ(mirror.head()->note, note);
    EXPECT_EQ(Mirror(world.log()).add_cosignatures(note, {}).error().code, Errc::not_found);
}

TEST(Fault, EveryReasonHasAWord) {
    std::set<std::string> words;
    for (int i = 0; i <= static_cast<int>(Reason::fork); ++i) {
        words.insert(name(static_cast<Reason>(i)));
    }
    EXPECT_EQ(words.size(), 11u);
    EXPECT_FALSE(words.contains("unknown"));
    EXPECT_TRUE(is_rubbish(Reason::wrong_hash));
    EXPECT_FALSE(is_rubbish(Reason::fork));
    EXPECT_FALSE(is_rubbish(Reason::stale));
}

}  // namespace
}  // namespace entente::mirror
