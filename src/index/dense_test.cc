// SPDX-License-Identifier: Apache-2.0
// Trees of several levels: 100,000 points, and a delta of thousands, against the double loop.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "geo/band.h"
#include "geo/distance.h"
#include "geo/window.h"
#include "index/index.h"

namespace entente::index {
namespace {

constexpr std::int64_t hour = 3'600'000;

/// A place near one of a hundred towns, as perf data has it.
Item point(Rng& rng, Slot slot) {
    Rng town(rng.below(100) + 1);
    const double lat = town.between(29, 38), lng = town.between(35, 49);
    const double spread = 0.1 * rng.unit() * rng.unit();
    Item item;
    item.slot = slot;
    item.volume.shape =
        geo::Circle{{static_cast<std::int32_t>((lat + spread * rng.between(-1, 1)) * 1e7),
                     static_cast<std::int64_t>((lng + spread * rng.between(-1, 1)) * 1e7)},
                    Decimetres{static_cast<std::int64_t>(rng.below(200))}};
    const auto low = static_cast<std::int64_t>(rng.below(5'000));
    item.volume.band = {low, low + static_cast<std::int64_t>(rng.below(3'000)),
                        static_cast<geo::AltitudeReference>(rng.below(8) == 0 ? 1 : 0)};
    if (rng.below(2) == 0) {
        const std::int64_t start =
            1'700'000'000'000 + static_cast<std::int64_t>(rng.below(9999)) * 600'000;
        const auto length = static_cast<std::int64_t>(1 + rng.below(720));
        item.volume.window = {instant(start), instant(start + length * hour)};
    }
    item.reach = metres(Decimetres{static_cast<std::int64_t>(1'000 + rng.below(19'000))});
    return item;
}

Question circle(Rng& rng) {
    Item p = point(rng, 0);
    Question q{p.volume, Metres{0}};
    std::get<geo::Circle>(q.volume.shape).radius =
        Decimetres{static_cast<std::int64_t>(5'000 * std::pow(40.0, rng.unit()))};
    const std::int64_t start =
        1'700'000'000'000 + static_cast<std::int64_t>(rng.below(9999)) * 600'000;
    q.volume.window = {instant(start),
                       instant(start + (1 + static_cast<std::int64_t>(rng.below(6))) * hour)};
    return q;
}

/// A corridor or triangle from the circle's centre on.
Question with_edges(Rng& rng) {
    Question q = circle(rng);
    const geo::Circle c = std::get<geo::Circle>(q.volume.shape);
    const Metres far = metres(c.radius);
    const geo::LatLng a = geo::direct(c.center, Degrees{rng.between(0, 360)}, far);
    const geo::LatLng b = geo::direct(c.center, Degrees{rng.between(0, 360)}, far);
    if (rng.below(2) == 0) {
        q.volume.shape = geo::Corridor{{c.center, a, b}, Decimetres{c.radius.v / 8}};
    } else {
        q.volume.shape =
            geo::Area{{geo::Polygon{geo::Ring{{c.center, a, b}, geo::Pole::none}, {}}}};
    }
    q.margin = Metres{rng.unit() * 50};
    return q;
}

std::vector<Slot> double_loop(const std::vector<Item>& items, const Question& q) {
    const geo::Prepared plan(q.volume.shape);
    std::vector<Slot> found;
    for (const Item& i : items) {
        if (geo::overlap(q.volume.window, i.volume.window) &&
            geo::overlap(q.volume.band, i.volume.band) &&
            geo::within(plan, geo::Prepared(i.volume.shape), i.reach + q.margin)) {
            found.push_back(i.slot);
        }
    }
    return found;
}

void expect_same(const Index& index, const std::vector<Item>& items, const Question& q) {
    const std::vector<Slot> want = double_loop(items, q);
    for (const Simd simd : {Simd::plain, Simd::avx2, Simd::avx512}) {
        if (!supported(simd)) continue;
        Scratch scratch(simd);
        std::vector<Slot> got;
        index.touching(q, scratch, got);
        ASSERT_EQ(got, want) << name(simd);
        ASSERT_EQ(index.touches_any(q, scratch), !want.empty()) << name(simd);
        index.candidates(q, scratch, got);
        ASSERT_TRUE(std::includes(got.begin(), got.end(), want.begin(), want.end()));
    }
}

TEST(DenseIndex, IsADoubleLoopOver100000Points) {
    Rng rng(11);
    std::vector<Item> items;
    for (Slot slot = 0; slot < 100'000; ++slot) items.push_back(point(rng, slot));
    const Index index = Index::build(items);
    EXPECT_EQ(index.size().items, items.size());
    EXPECT_LE(index.size().hot_bytes + index.size().cold_bytes, 64 * items.size());
    for (int i = 0; i < 300; ++i) {
        expect_same(index, items, i % 3 == 2 ? with_edges(rng) : circle(rng));
        if (HasFatalFailure()) return;
    }
}

TEST(DenseIndex, AFullDeltaGivesTheSameAsItsMerge) {
    Rng rng(12);
    std::vector<Item> items;
    for (Slot slot = 0; slot < 20'000; ++slot) items.push_back(point(rng, slot));
    const Index base = Index::build(items);
    Index index = base;
    while (!index.merge_due()) {
        const Slot slot = static_cast<Slot>(rng.below(items.size()));
        IndexChange change{slot, {}};
        if (rng.below(4) != 0) change.items.push_back(point(rng, slot));
        index = index.with({&change, 1});
    }
    EXPECT_EQ(index.delta_size(), Index::delta_max);
    const Index merged = index.merged();
    EXPECT_EQ(merged.delta_size(), 0u);
    EXPECT_FALSE(merged.merge_due());
    Scratch scratch;
    std::vector<Slot> before, after, at_first, unchanged;
    for (int i = 0; i < 500; ++i) {
        const Question q = i % 3 == 2 ? with_edges(rng) : circle(rng);
        index.touching(q, scratch, before);
        merged.touching(q, scratch, after);
        ASSERT_EQ(before, after);
    }
    // The value that it all began with still answers as it did.
    for (int i = 0; i < 20; ++i) {
        expect_same(base, items, circle(rng));
        if (HasFatalFailure()) return;
    }
}

}  // namespace
}  // namespace entente::index
