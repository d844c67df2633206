// SPDX-License-Identifier: Apache-2.0
#include "geo/valid.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/limits.h"
#include "geo/crossing.h"
#include "geo/world_test.h"

namespace entente::geo {
namespace {

LatLng at(double lat, double lng) { return test::lat_lng({lat, lng}); }
Shape ring(std::vector<LatLng> points, Pole pole = Pole::none) {
    return Area{{{{std::move(points), pole}, {}}}};
}
Shape with_holes(std::vector<std::vector<LatLng>> holes) {
    Polygon p{{{at(0, 0), at(0, 10), at(10, 10), at(10, 0)}}, {}};
    for (auto& hole : holes) p.holes.push_back({std::move(hole)});
    return Area{{p}};
}

struct Row {
    const char* name;
    Shape shape;
    const char* error;  // a part of the message; empty: valid
};

void expect(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        const auto valid = validate(row.shape);
        const std::string got = valid ? "" : valid.error().detail;
        EXPECT_EQ(valid.has_value(), row.error[0] == 0) << row.name << ": " << got;
        EXPECT_NE(got.find(row.error), std::string::npos) << row.name << ": " << got;
    }
}

TEST(Valid, CirclesAndLines) {
    expect({
        {"a point", Circle{at(90, 180), {0}}, ""},
        {"the largest radius", Circle{at(0, 0), {limits::radius_dm_max}}, ""},
        {"a larger radius", Circle{at(0, 0), {limits::radius_dm_max + 1}}, "radius_dm_max"},
        {"a negative radius", Circle{at(0, 0), {-1}}, "radius is -1 dm"},
        {"latitude of 91", Circle{at(91, 0), {0}}, "latitude 91.0000000"},
        {"latitude of -90.0000001", Circle{{-900'000'001, 0}, {0}}, "-90.0000001"},
        {"longitude of 181", Circle{at(0, 181), {0}}, "within -180 and 180"},
        {"longitude without bounds", Circle{{0, INT64_MIN}, {0}}, "longitude"},
        {"a line", Corridor{{at(0, 179), at(0, 181)}, {0}}, ""},
        {"a line of one point", Corridor{{at(0, 0)}, {0}}, "needs at least 2"},
        {"a line of none", Corridor{{}, {0}}, "needs at least 2"},
        {"a jump", Corridor{{at(0, 179), at(0, -179)}, {0}}, "the line, edge 1 runs from"},
        {"half a turn", Corridor{{at(0, 0), at(0, 180)}, {0}}, "180 degrees or more"},
        {"a crossing line", Corridor{{at(0, 0), at(1, 1), at(0, 1), at(1, 0)}, {0}}, ""},
        {"far on", Corridor{{at(0, 541), at(0, 540)}, {0}}, "the line, point 1 has longitude"},
        {"too many points", Corridor{std::vector<LatLng>(limits::vertices_max + 1, at(0, 0)), {0}},
         "vertices_max"},
    });
}

TEST(Valid, Rings) {
    expect({
        {"no polygon", Area{}, "no polygon"},
        {"an empty ring", ring({}), "0 distinct points"},
        {"two points thrice", ring({at(0, 0), at(1, 1), at(0, 0), at(1, 1)}), "2 distinct points"},
        {"a line there and back", ring({at(0, 0), at(1, 1), at(2, 2)}), "no area"},
        {"a triangle", ring({at(0, 0), at(0, 1), at(1, 0)}), ""},
        {"clockwise", ring({at(0, 0), at(1, 0), at(0, 1)}), ""},
        {"closed by a repeat", ring({at(0, 0), at(0, 1), at(1, 0), at(0, 0)}), ""},
        {"a stutter", ring({at(0, 0), at(0, 0), at(0, 1), at(0, 1), at(1, 0)}), ""},
        {"a bow tie", ring({at(0, 0), at(1, 1), at(0, 1), at(1.5, 0)}),
         "edges 1 and 3 cross or touch near 0."},
        {"a spike", ring({at(0, 0), at(0, 1), at(0, 3), at(0, 2), at(1, 1)}), "cross or touch"},
        {"a point touched twice",
         ring({at(0, 0), at(1, 1), at(0, 2), at(2, 2), at(1, 1), at(2, 0)}), "cross or touch"},
        {"a corner on an edge", ring({at(0, 0), at(0, 4), at(4, 4), at(0, 2), at(4, 0)}),
         "cross or touch"},
        {"a smallest crossing", ring({{0, 0}, {0, 100}, {-1, 50}, {100, 50}}), "cross or touch"},
        {"a smallest gap", ring({{0, 0}, {0, 100}, {1, 50}, {100, 50}}), ""},
        {"over the antimeridian", ring({at(0, 179), at(0, 181), at(1, 180)}), ""},
        {"a jump over it", ring({at(0, 179), at(0, -179), at(1, 180)}), "edge 1 runs from"},
        {"a jump back to the start", ring({at(0, -100), at(0, 0), at(1, 100)}), "closing edge"},
        {"all around in a band",
         ring({at(10, -180), at(10, -60), at(10, 60), at(10, 180), at(20, 180), at(20, 60),
               at(20, -60), at(20, -180)}),
         ""},
        {"more than around",
         ring({at(10, -180), at(10, -60), at(10, 60), at(10, 181), at(20, 180), at(20, 60),
               at(20, -60), at(20, -180)}),
         "more than 360"},
        {"latitude of 91", ring({at(0, 0), at(0, 1), at(91, 0)}), "point 3 has latitude"},
    });
}

TEST(Valid, RingsAroundPoles) {
    expect({
        {"north", ring({at(80, 0), at(80, 120), at(80, 240)}, Pole::north), ""},
        {"westward", ring({at(80, 0), at(80, -120), at(80, -240)}, Pole::south), ""},
        {"not around", ring({at(80, 0), at(80, 10), at(81, 5)}, Pole::north), "run on by 360"},
        {"half around", ring({at(80, 0), at(80, 90), at(80, 180)}, Pole::north), "run on by 360"},
        {"on its pole", ring({at(90, 0), at(90, 120), at(90, 240)}, Pole::north), "on the pole"},
        {"on the other pole", ring({at(90, 0), at(90, 120), at(90, 240)}, Pole::south), ""},
        {"crossing itself a turn on",
         ring({at(80, 0), at(82, 170), at(81, 300), at(80, 370), at(83, 300)}, Pole::north),
         "cross or touch"},
    });
}

TEST(Valid, Holes) {
    const std::vector<LatLng> inner{at(2, 2), at(2, 4), at(4, 4), at(4, 2)};
    expect({
        {"a hole", with_holes({inner}), ""},
        {"a hole a turn on", with_holes({{at(2, 362), at(2, 364), at(4, 364)}}), ""},
        {"two holes", with_holes({inner, {at(6, 6), at(6, 8), at(8, 8)}}), ""},
        {"holes that share a corner", with_holes({inner, {at(4, 4), at(4, 5), at(5, 5)}}), ""},
        {"a hole at a corner", with_holes({{at(0, 0), at(1, 2), at(2, 1)}}), ""},
        {"a hole outside", with_holes({{at(20, 20), at(20, 21), at(21, 21)}}), "outside ring 1"},
        {"a hole over the edge", with_holes({{at(5, 5), at(5, 15), at(6, 15)}}),
         "ring 1, edge 2 and ring 2, edge"},
        {"a hole along the edge", with_holes({{at(0, 2), at(0, 4), at(2, 3)}}), "along each other"},
        {"the hole is all", with_holes({{at(0, 0), at(0, 10), at(10, 10), at(10, 0)}}), "along"},
        {"crossing holes", with_holes({inner, {at(3, 3), at(3, 6), at(6, 6)}}), "ring 3"},
        {"a hole in a hole", with_holes({inner, {at(2.5, 2.5), at(2.5, 3), at(3, 3)}}),
         "lies inside ring 2"},
        {"an empty hole", with_holes({{}}), "polygon 1, ring 2 has 0 distinct"},
    });
}

TEST(Valid, BandsWindowsAndPlaces) {
    using R = AltitudeReference;
    EXPECT_TRUE(validate(Band{}));
    EXPECT_TRUE(validate(Band{5, 5, R::w84}));
    EXPECT_FALSE(validate(Band{6, 5, R::w84}));
    EXPECT_FALSE(validate(Band{{}, limits::altitude_dm_max + 1, R::w84}));
    EXPECT_TRUE(validate(Band{-20, 1000, R::fl}));
    EXPECT_FALSE(validate(Band{-21, 1000, R::fl}));
    EXPECT_FALSE(validate(Band{0, 1001, R::fl}));
    EXPECT_TRUE(validate(Window{}));
    EXPECT_TRUE(validate(Window{instant(0), instant(1)}));
    EXPECT_FALSE(validate(Window{instant(1), instant(1)}));
    EXPECT_FALSE(validate(Window{instant(2), instant(1)}));
    EXPECT_FALSE(validate(Window{instant(INT64_MIN), {}}));
    Place place{{Circle{at(0, 0), {0}}, {}, {}}, Decimetres{limits::buffer_dm_max}, {}};
    EXPECT_TRUE(validate(place));
    place.accuracy = Decimetres{-1};
    EXPECT_FALSE(validate(place));
    place.accuracy = Decimetres{0};
    place.buffer = Decimetres{limits::buffer_dm_max + 1};
    EXPECT_FALSE(validate(place));
    EXPECT_NE(validate(place).error().detail.find("buffer_dm_max"), std::string::npos);
}

// The sweep finds a crossing where, and only where, trying all pairs does.
TEST(Valid, TheSweepAgreesWithAllPairs) {
    Rng rng(5);
    int found = 0;
    for (int i = 0; i < test::count(3000, 100'000); ++i) {
        Ring r;
        const std::uint64_t n = 3 + rng.below(12);
        const auto offset = static_cast<std::int64_t>(rng.below(3)) * 1'800'000'000;
        for (std::uint64_t k = 0; k < n; ++k) {
            r.points.push_back({static_cast<std::int32_t>(rng.below(12)),
                                static_cast<std::int64_t>(rng.below(12)) - 6 + offset});
        }
        const std::vector<RingEdge> edges = ring_edges(r, 0);
        bool crosses = false;
        for (const RingEdge& e : edges) {
            for (const RingEdge& f : edges) {
                if (e.order >= f.order) continue;
                const Meets m = meets(e.a, e.b, f.a, f.b);
                const std::size_t gap = f.order - e.order;
                const bool neighbours = gap == 1 || gap + 1 == e.count;
                crosses = crosses || (m != Meets::no && !(neighbours && m == Meets::touch));
            }
        }
        ASSERT_EQ(find_crossing(edges, {Pole::none}).has_value(), crosses) << i;
        found += crosses;
    }
    EXPECT_GT(found, 100);
}

TEST(Valid, TwoThousandPointsAreNoBurden) {
    std::vector<LatLng>
        points;  // a comb: every edge shares its longitudes with its neighbours only
    for (int i = 0; i < 1000; ++i) points.push_back({i % 2 ? 1'000'000 : 100, i * 1000});
    for (int i = 999; i >= 0; --i) points.push_back({i % 2 ? 999'000 : 0, i * 1000});
    EXPECT_TRUE(validate(ring(points)));
}

}  // namespace
}  // namespace entente::geo
