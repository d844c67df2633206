// SPDX-License-Identifier: Apache-2.0
// The parts of the index, each against a plainer way: codes, sorting, the hidden set, the plane,
// and single cases of the whole that random worlds seldom meet.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/random.h"
#include "geo/band.h"
#include "geo/distance.h"
#include "geo/window.h"
#include "index/codes.h"
#include "index/hidden.h"
#include "index/plane.h"
#include "index/sort.h"
#include "index/world_for_test.h"

namespace entente::index {
namespace {

bool passes(const Span& entry, const Span& limit) {
    return entry.lower.height <= limit.lower.height && entry.lower.time <= limit.lower.time &&
           entry.upper.height >= limit.upper.height && entry.upper.time >= limit.upper.time;
}

TEST(Codes, AreNeverWrongAboutHeightsAndTimes) {
    constexpr std::int64_t base = 1'700'000'000'000;
    std::size_t sure = 0, out = 0, open = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        WorldForTest world(seed);
        for (int i = 0; i < 50; ++i) {
            const geo::Volume4D entry = world.question().volume, plan = world.question().volume;
            const auto reference = tree_reference(entry.band);
            const bool truth =
                geo::overlap(plan.band, entry.band) && geo::overlap(plan.window, entry.window);
            const Span codes = encode(entry.band, entry.window, base);
            const QuestionSpan q =
                question_span(band_limits(plan.band, reference), reference, plan.window, base);
            if (passes(codes, q.sure)) {
                ASSERT_TRUE(truth);
                ASSERT_TRUE(passes(codes, q.out));
                ++sure;
            } else if (!passes(codes, q.out)) {
                ASSERT_FALSE(truth);
                ++out;
            } else {
                ++open;
            }
            ASSERT_FALSE(passes(nowhere, q.out));
        }
    }
    EXPECT_GT(sure, 1000u);
    EXPECT_GT(out, 1000u);
    EXPECT_LT(open, 1000u);
}

TEST(Codes, BandLimitsAreTheRelationOfGeo) {
    for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
        WorldForTest world(seed);
        const geo::Band entry = world.question().volume.band, plan = world.question().volume.band;
        const BandLimits limits = band_limits(plan, tree_reference(entry));
        const bool overlap = (!entry.lower || *entry.lower <= limits.lower_max) &&
                             (!entry.upper || *entry.upper >= limits.upper_min);
        ASSERT_EQ(overlap, geo::overlap(plan, entry)) << seed;
    }
}

TEST(Sort, EveryWaySortsEveryLength) {
    Rng rng(5);
    Room<Slot> slots, spare;
    for (std::size_t count = 0; count < 3000; count = count < 300 ? count + 1 : count + 371) {
        for (const std::uint64_t range : {4ull, 1000ull, 1ull << 32}) {
            std::vector<Slot> want(count);
            for (Slot& s : want) s = static_cast<Slot>(rng.below(range));
            const std::vector<Slot> mixed = want;
            std::sort(want.begin(), want.end());
            for (const Simd simd : {Simd::plain, Simd::avx2, Simd::avx512}) {
                if (!supported(simd)) continue;
                slots.ensure(count);
                std::copy(mixed.begin(), mixed.end(), slots.data());
                sort_slots(slots, count, spare, simd);
                ASSERT_TRUE(std::equal(want.begin(), want.end(), slots.data()))
                    << count << " " << name(simd);
            }
        }
    }
}

TEST(Hidden, IsASet) {
    Rng rng(6);
    Hidden hidden;
    std::set<Slot> set;
    EXPECT_FALSE(hidden.has(0));
    for (int i = 0; i < 5000; ++i) {
        const Slot slot = i == 7 ? 0xFFFFFFFF : static_cast<Slot>(rng.below(20'000));
        ASSERT_EQ(hidden.add(slot), set.insert(slot).second);
    }
    ASSERT_EQ(hidden.size(), set.size());
    std::vector<Slot> all{0xFFFFFFFF};
    for (Slot s = 0; s < 20'000; ++s) all.push_back(s);
    std::vector<Slot> want{all[0], all[1]};
    for (std::size_t i = 2; i < all.size(); ++i) {
        ASSERT_EQ(hidden.has(all[i]), set.count(all[i]) == 1);
        if (set.count(all[i]) == 0) want.push_back(all[i]);
    }
    for (const Simd simd : {Simd::plain, Simd::avx2, Simd::avx512}) {
        if (!supported(simd)) continue;
        std::vector<Slot> got = all;
        got.resize(hidden.filter(got.data(), 2, got.size(), simd));
        ASSERT_EQ(got, want) << name(simd);
    }
}

/// An outline as the index keeps it, with the first point as anchor.
struct Kept {
    explicit Kept(const geo::Shape& shape) : points(outline_points(shape)) {
        if (points.points.empty()) return;
        const geo::LatLng first = points.points.front();
        for (const geo::LatLng& p : points.points) {
            lat.push_back(p.lat_e7 - first.lat_e7);
            lng.push_back(static_cast<std::int32_t>(p.lng_e7 - first.lng_e7));
        }
        lat.resize(lat.size() + outline_spare);
        lng.resize(lng.size() + outline_spare);
        std::int64_t turned = first.lng_e7 % 3'600'000'000;
        if (turned > 1'800'000'000) turned -= 3'600'000'000;
        if (turned < -1'800'000'000) turned += 3'600'000'000;
        outline = {first.lat_e7,
                   static_cast<std::int32_t>(turned),
                   lat.data(),
                   lng.data(),
                   static_cast<std::uint32_t>(points.points.size()),
                   points.ring,
                   1e9};
    }
    OutlinePoints points;
    std::vector<std::int32_t> lat, lng;
    Outline outline;
};

TEST(Plane, IsNeverWrongAndMostlySaysSomething) {
    std::size_t said = 0, asked = 0;
    for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
        WorldForTest world(seed);
        const geo::Shape plan = world.question().volume.shape;
        const geo::Shape shape = world.question().volume.shape;
        const geo::Prepared a(plan), b(shape);
        const Kept kept(shape);
        // At the true distance, and around it.
        const double apart = geo::nearest(a, b).distance.v;
        for (const double limit :
             {0.0, apart - 2, apart, apart + 2, 1.01 * apart + 100, 0.5 * apart}) {
            if (limit < 0) continue;
            for (const Simd simd : {Simd::plain, Simd::avx2, Simd::avx512}) {
                if (!supported(simd)) continue;
                const Plane plane(plan, a.radius().v, simd);
                if (!plane.usable()) continue;
                const double reach = a.radius().v + b.radius().v + limit;
                const Verdict verdict = plane.judge(kept.outline, reach);
                ++asked;
                if (verdict == Verdict::open) continue;
                ++said;
                ASSERT_EQ(verdict == Verdict::in, geo::within(a, b, Metres{limit}))
                    << seed << " " << name(simd) << " limit " << limit << " of " << apart;
            }
        }
    }
    EXPECT_GT(said * 3, asked);
}

geo::Volume4D around(double lat, double lng, std::int64_t radius_dm) {
    geo::Volume4D v;
    v.shape =
        geo::Circle{{static_cast<std::int32_t>(lat * 1e7), static_cast<std::int64_t>(lng * 1e7)},
                    Decimetres{radius_dm}};
    return v;
}

std::vector<Slot> ask(const Index& index, const Question& q) {
    Scratch scratch;
    std::vector<Slot> slots;
    index.touching(q, scratch, slots);
    return slots;
}

TEST(Index, ASlotMayHaveSeveralItemsAndIsAnsweredOnce) {
    const Index index = Index::build({{3, around(10, 10, 100), Metres{0}},
                                      {3, around(10, 10.0001, 100), Metres{0}},
                                      {3, around(50, 50, 100), Metres{0}},
                                      {1, around(10, 10, 0), Metres{5}}});
    EXPECT_EQ(ask(index, {around(10, 10, 1000), {}}), (std::vector<Slot>{1, 3}));
    EXPECT_EQ(ask(index, {around(50, 50, 0), {}}), (std::vector<Slot>{3}));
    const IndexChange gone{3, {}};
    EXPECT_EQ(ask(index.with({&gone, 1}), {around(10, 10, 1000), {}}), (std::vector<Slot>{1}));
    const IndexChange again{3,
                            {{0, around(10, 10, 0), Metres{1}}, {0, around(10, 10, 1), Metres{2}}}};
    const Index back = index.with({&gone, 1}).with({&again, 1});
    EXPECT_EQ(ask(back, {around(10, 10, 1000), {}}), (std::vector<Slot>{1, 3}));
    EXPECT_EQ(ask(back, {around(50, 50, 0), {}}), std::vector<Slot>());
    EXPECT_EQ(back.delta_size(), 1u);
    EXPECT_EQ(ask(back.merged(), {around(10, 10, 1000), {}}), (std::vector<Slot>{1, 3}));
}

TEST(Index, WindowsThatOnlyMeetDoNotTouch) {
    geo::Volume4D night = around(0, 0, 0);
    night.window = {instant(1'700'000'000'000), instant(1'700'003'600'000)};
    const Index index = Index::build({{0, night, Metres{10}}});
    Question q{around(0, 0, 0), {}};
    q.volume.window = {instant(1'700'003'600'000), std::nullopt};
    EXPECT_TRUE(ask(index, q).empty());
    q.volume.window.start = instant(1'700'003'599'999);
    EXPECT_EQ(ask(index, q).size(), 1u);
    q.volume.window = {std::nullopt, instant(1'700'000'000'000)};
    EXPECT_TRUE(ask(index, q).empty());
    q.volume.window.end = instant(1'700'000'000'001);
    EXPECT_EQ(ask(index, q).size(), 1u);
}

TEST(Index, AReachAroundTheEarthTouchesFromEverywhere) {
    const Index index = Index::build({{0, around(0, 0, 0), Metres{20'100'000}},
                                      {1, around(0, 0, 0), Metres{9'000'000}},
                                      {0xFFFFFFFF, around(0, 0, 0), Metres{100'000}}});
    EXPECT_EQ(ask(index, {around(0, 180, 0), {}}), (std::vector<Slot>{0}));
    EXPECT_EQ(ask(index, {around(0, 80, 0), {}}), (std::vector<Slot>{0, 1}));
    EXPECT_EQ(ask(index, {around(0, 0.5, 0), {}}), (std::vector<Slot>{0, 1, 0xFFFFFFFF}));
    const IndexChange gone{0xFFFFFFFF, {}};
    EXPECT_EQ(ask(index.with({&gone, 1}), {around(0, 0.5, 0), {}}), (std::vector<Slot>{0, 1}));
}

}  // namespace
}  // namespace entente::index
