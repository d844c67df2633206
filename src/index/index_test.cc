// SPDX-License-Identifier: Apache-2.0
// The index against a double loop with geo over everything, after any sequence of changes and
// merges, at every vector level that this processor has.
#include "index/index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>

#include "base/random.h"
#include "geo/band.h"
#include "geo/distance.h"
#include "geo/window.h"
#include "index/world_for_test.h"

namespace entente::index {
namespace {

std::vector<Simd> levels() {
    std::vector<Simd> all;
    for (const Simd s : {Simd::plain, Simd::avx2, Simd::avx512}) {
        if (supported(s)) all.push_back(s);
    }
    return all;
}

/// What the index must be the same as.
class Loop {
  public:
    void change(const IndexChange& c) {
        auto& items = all_[c.slot];
        items.clear();
        for (const Item& i : c.items) items.push_back({i, geo::Prepared(i.volume.shape)});
    }
    std::vector<Slot> touching(const Question& q) const {
        const geo::Prepared plan(q.volume.shape);
        std::vector<Slot> found;
        for (const auto& [slot, items] : all_) {
            const bool touched = std::any_of(items.begin(), items.end(), [&](const Kept& k) {
                return geo::overlap(q.volume.window, k.item.volume.window) &&
                       geo::overlap(q.volume.band, k.item.volume.band) &&
                       geo::within(plan, k.shape, k.item.reach + q.margin);
            });
            if (touched) found.push_back(slot);
        }
        return found;
    }

  private:
    struct Kept {
        Item item;
        geo::Prepared shape;
    };
    std::map<Slot, std::vector<Kept>> all_;
};

void expect_same(const Index& index, const Loop& loop, const Question& q,
                 std::vector<Scratch>& scratches, const std::string& where) {
    const std::vector<Slot> want = loop.touching(q);
    std::vector<Slot> got;
    for (Scratch& scratch : scratches) {
        index.touching(q, scratch, got);
        ASSERT_EQ(got, want) << where << ": " << describe(q);
        index.touching_unordered(q, scratch, got);
        std::sort(got.begin(), got.end());
        ASSERT_EQ(got, want) << where << ", unordered: " << describe(q);
        ASSERT_EQ(index.touches_any(q, scratch), !want.empty()) << where << ": " << describe(q);
        index.candidates(q, scratch, got);
        ASSERT_TRUE(std::is_sorted(got.begin(), got.end()));
        ASSERT_TRUE(std::adjacent_find(got.begin(), got.end()) == got.end());
        ASSERT_TRUE(std::includes(got.begin(), got.end(), want.begin(), want.end()))
            << where << ", candidates: " << describe(q);
    }
}

std::vector<Scratch> scratches() {
    std::vector<Scratch> all;
    for (const Simd s : levels()) all.emplace_back(s);
    return all;
}

/// One world: a base, then changes and merges, with questions in between.
void run_world(std::uint64_t seed, std::vector<Scratch>& scratch) {
    WorldForTest world(seed);
    Loop loop;
    std::vector<Item> items;
    const std::size_t slots = world.rng().below(60);
    for (Slot slot = 0; slot < slots; ++slot) {
        const IndexChange c{slot, world.items()};
        loop.change(c);
        for (Item i : c.items) {
            i.slot = slot;
            items.push_back(i);
        }
    }
    Index index = Index::build(items);
    for (int round = 0; round < 4; ++round) {
        const std::string where =
            "world " + std::to_string(seed) + " round " + std::to_string(round);
        for (int q = 0; q < 3; ++q) {
            expect_same(index, loop, world.question(), scratch, where);
            if (testing::Test::HasFatalFailure()) return;
        }
        std::vector<IndexChange> changes;
        for (std::size_t n = world.rng().below(12); n > 0; --n) {
            const Slot slot = static_cast<Slot>(world.rng().below(slots + 10));
            changes.push_back(
                {slot, world.rng().below(3) == 0 ? std::vector<Item>() : world.items()});
            loop.change(changes.back());
        }
        const Index before = index;
        index = index.with(changes);
        if (world.rng().below(3) == 0) index = index.merged();
    }
}

TEST(Index, IsADoubleLoopInSmallWorldsWithAllShapes) {
    const char* is_long = std::getenv("ENTENTE_LONG");
    const std::uint64_t worlds = is_long && std::string(is_long) == "1" ? 100'000 : 2'000;
    auto scratch = scratches();
    for (std::uint64_t seed = 1; seed <= worlds; ++seed) {
        run_world(seed, scratch);
        if (HasFatalFailure()) return;
    }
}

TEST(Index, AnEmptyOneTouchesNothing) {
    WorldForTest world(7);
    for (Scratch& scratch : [] { return scratches(); }()) {
        std::vector<Slot> got{1, 2, 3};
        Index().touching(world.question(), scratch, got);
        EXPECT_TRUE(got.empty());
        EXPECT_FALSE(Index::build({}).touches_any(world.question(), scratch));
    }
    EXPECT_EQ(Index().size().items, 0u);
    EXPECT_EQ(Index().merged().delta_size(), 0u);
}

}  // namespace
}  // namespace entente::index
