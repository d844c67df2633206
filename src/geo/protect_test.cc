// SPDX-License-Identifier: Apache-2.0
// What must never be too small: balls, boxes, coarse areas, and what covers() calls covered.
#include <gtest/gtest.h>

#include <cmath>

#include "geo/ball.h"
#include "geo/box_size.h"
#include "geo/coarse.h"
#include "geo/covers.h"
#include "geo/distance.h"
#include "geo/valid.h"
#include "geo/world_test.h"

namespace entente::geo {
namespace {

using test::Corner;

LatLng at(double lat, double lng) { return test::lat_lng({lat, lng}); }
Shape circle(double lat, double lng, double radius_m) {
    return Circle{at(lat, lng), {std::llround(radius_m * 10)}};
}
Ring ring(double west, double south, double east, double north) {
    return {{at(south, west), at(south, east), at(north, east), at(north, west)}};
}
Shape box(double west, double south, double east, double north) {
    return Area{{{ring(west, south, east, north), {}}}};
}

struct World {
    Rng rng;
    Shape shape;
    double size;
};
World world(std::uint64_t seed) {
    Rng rng(seed);
    const Corner around = test::random_corner(rng);
    const double size = test::random_size(rng, 5, 1e6);
    Shape shape = test::random_shape(rng, around, size);
    return {rng, std::move(shape), size};
}

TEST(Ball, HoldsEveryPointOfTheShape) {
    for (int i = 0; i < test::count(1000, 50'000); ++i) {
        World w = world(1000 + static_cast<std::uint64_t>(i));
        const Ball whole = bounding_ball(w.shape);
        const std::vector<Ball> parts = cover(w.shape, {test::random_size(w.rng, 10, 1e5)});
        ASSERT_LE(parts.size(), cover_balls_max) << test::show(w.shape);
        for (int k = 0; k < 20; ++k) {
            const LatLng p = test::random_point_of(w.rng, w.shape, 0);
            const Vec3 v = to_ecef(p);
            const double slack = 0.01;  // the point is rounded to 1e-7 degrees
            ASSERT_LE(length(v - whole.center), whole.radius_m + slack) << test::show(w.shape);
            bool held = false;
            for (const Ball& b : parts) held = held || length(v - b.center) <= b.radius_m + slack;
            ASSERT_TRUE(held) << test::show(w.shape);
        }
    }
}

TEST(Ball, CoverIsFinerThanTheWhole) {
    const Shape line = Corridor{{at(0, 0), at(0, 1)}, {1000}};
    const std::vector<Ball> parts = cover(line, {5000});
    EXPECT_GT(parts.size(), 20u);
    for (const Ball& b : parts) EXPECT_LT(b.radius_m, 2700);
    const std::vector<Ball> cells = cover(box(0, 0, 1, 0.01), {5000});
    EXPECT_GT(cells.size(), 20u);
    for (const Ball& b : cells) EXPECT_LT(b.radius_m, 2600);
    EXPECT_EQ(cover(circle(10, 10, 100), {10}).size(), 1u);
}

TEST(Box, HoldsEveryPointWithinReach) {
    for (int i = 0; i < test::count(2000, 100'000); ++i) {
        World w = world(2000 + static_cast<std::uint64_t>(i));
        const double reach = w.rng.below(2) ? test::random_size(w.rng, 1, 1e5) : 0;
        const Box b = bounding_box(w.shape, {reach});
        ASSERT_LE(b.west, b.east);
        ASSERT_LE(b.south, b.north);
        const Area area = area_of(b);
        const auto valid = validate(area);
        ASSERT_TRUE(valid) << valid.error().detail << test::show(w.shape);
        ASSERT_EQ(box_of(area).has_value(), true) << test::show(area);
        ASSERT_TRUE(contains(*box_of(area), b));
        const Prepared prepared{Shape(area)};
        const Prepared raw{Shape(padded_box(w.shape, {reach}))};
        for (int k = 0; k < 5; ++k) {
            const LatLng p = test::random_point_of(w.rng, w.shape, reach);
            const Box q = bounding_box(Circle{p, {0}}, {0});
            ASSERT_TRUE(contains(b, q))
                << test::show(w.shape) << " " << p.lat_e7 << " " << p.lng_e7;
            ASSERT_TRUE(intersects(b, q) && intersects(q, b));
            ASSERT_TRUE(within(Prepared(Circle{p, {0}}), prepared, {0})) << test::show(w.shape);
            ASSERT_TRUE(within(Prepared(Circle{p, {0}}), raw, {0})) << test::show(w.shape);
        }
    }
}

// The rim decides, most of all where a circle comes near a pole.
TEST(Box, HoldsTheRim) {
    Rng rng(6);
    for (int i = 0; i < test::count(500, 20'000); ++i) {
        const Corner c = test::random_corner(rng);
        const double to_pole = (90 - std::abs(c.lat)) * 111.6e3;
        const double reach = std::clamp(to_pole * rng.between(0.05, 1.01), 1.0, 1.5e6);
        const Box b = bounding_box(Circle{at(c.lat, 0), {0}}, {reach});
        for (double azimuth = 0; azimuth < 360; azimuth += 2) {
            const Corner rim = test::moved({c.lat, 0}, azimuth, reach - 0.02);
            ASSERT_TRUE(contains(b, bounding_box(Circle{test::lat_lng(rim), {0}})))
                << c.lat << " " << reach << " " << azimuth;
        }
    }
}

TEST(Box, IsTight) {
    const Box b = bounding_box(circle(60, 180, 1000), {0});
    EXPECT_NEAR(static_cast<double>(b.north - b.south) / 1e7 * 111.4, 2.0, 0.03);
    EXPECT_NEAR(static_cast<double>(b.east - b.west) / 1e7 * 55.8, 2.0, 0.02);
    EXPECT_TRUE(intersects(b, bounding_box(circle(60, -179.99, 0), {0})));
    EXPECT_FALSE(intersects(b, bounding_box(circle(60, -179.9, 0), {0})));
    const Box two =
        bounding_box(Area{{{ring(179, 0, 179.5, 1), {}}, {ring(-179, 0, -178, 1), {}}}}, {0});
    EXPECT_LT(two.east - two.west, 40'000'000);
}

// Against the surface of a sphere as the textbook has it, with the library's sine.
TEST(BoxSize, IsTheSurfaceAndTheLongerSideAndNeverLess) {
    constexpr double radius = 6'378'137;
    const double degree = std::acos(-1.0) / 180;
    Rng rng(5);
    for (int i = 0; i < 2000; ++i) {
        const auto south = static_cast<std::int32_t>(rng.below(1'790'000'000)) - 900'000'000;
        const auto height = static_cast<std::int32_t>(rng.below(i % 2 == 0 ? 1000 : 10'000'000));
        const auto width = static_cast<std::int64_t>(rng.below(i % 3 == 0 ? 1000 : 3'600'000'000));
        const Box box{-1'800'000'000, south, -1'800'000'000 + width, south + height};
        const double s = box.south * 1e-7 * degree, n = box.north * 1e-7 * degree;
        const double tall = height * 1e-7 * degree;
        const double turn = static_cast<double>(width) * 1e-7 * degree;
        const double area =
            radius * radius * turn * 2 * std::cos((s + n) / 2) * std::sin(tall / 2) * 1e-6;
        const BoxSize size = size_of(box);
        EXPECT_GE(size.area_km2, area * (1 - 1e-15));
        EXPECT_NEAR(size.area_km2, area, area * 1e-9 + turn * 1e-3);
        const double widest = s > 0 ? s : n < 0 ? n : 0;
        const double across = radius * std::max(tall, turn * std::cos(widest));
        EXPECT_GE(size.across_m, across * (1 - 1e-12));
        EXPECT_NEAR(size.across_m, across, across * 1e-9 + 1e-4);
    }
    EXPECT_NEAR(size_of({-1'800'000'000, -900'000'000, 1'800'000'000, 900'000'000}).area_km2,
                5.112e8, 1e5);
}

TEST(PaddedBox, HoldsInvalidGeometry) {
    struct Row {
        const char* name;
        Shape shape;
        LatLng inside;
    };
    const Row rows[] = {
        {"a bow tie", Area{{{{{at(0, 0), at(1, 1), at(0, 1), at(1, 0)}}, {}}}}, at(0.5, 0.1)},
        {"a jump over the antimeridian", Area{{{{{at(0, 179), at(0, -179), at(1, -179)}}, {}}}},
         at(0.5, 180)},
        {"two points", Area{{{{{at(0, 0), at(1, 1)}}, {}}}}, at(0.5, 0.5)},
        {"one point", Corridor{{at(5, 5)}, {100}}, at(5, 5)},
        {"latitude of 91", Circle{{910'000'000, 0}, {100}}, at(90, 0)},
        {"longitudes without bounds", Corridor{{{0, 1'000'000'000'000'000}, {5, 0}}, {100}},
         at(0, 77)},
        {"longitude of 600", Circle{{0, 6'000'000'000}, {100}}, at(0, 3)},
        {"a negative radius", Circle{at(3, 3), {-10'000}}, at(3, 3.008)},
        {"a ring that does not go round its pole",
         Area{{{{{at(80, 0), at(80, 10), at(81, 5)}, Pole::north}, {}}}}, at(90, 0)},
        {"both poles", Area{{{{{at(-90, 0), at(90, 10), at(90, 20)}}, {}}}}, at(0, -100)},
    };
    for (const Row& row : rows) {
        EXPECT_FALSE(row.name[0] == 'a' && row.name[1] == ' ' && validate(row.shape)) << row.name;
        const Shape area = padded_box(row.shape, {1000});
        const auto valid = validate(area);
        ASSERT_TRUE(valid) << row.name << ": " << valid.error().detail;
        EXPECT_TRUE(within(Prepared(area), Prepared(Circle{row.inside, {0}}), {0})) << row.name;
    }
    EXPECT_TRUE(padded_box(Area{}, {1000}).polygons.empty());
    EXPECT_TRUE(padded_box(Corridor{}, {1000}).polygons.empty());
}

TEST(Coarse, AlwaysCoversAndIsValid) {
    for (int i = 0; i < test::count(2000, 100'000); ++i) {
        World w = world(5000 + static_cast<std::uint64_t>(i));
        const double reach = w.rng.below(2) ? test::random_size(w.rng, 1, 2e5) : 0;
        const Coarse c = coarse(w.shape, {reach});
        const auto valid = validate(c.area);
        ASSERT_TRUE(valid) << valid.error().detail << test::show(w.shape);
        ASSERT_TRUE(area_covers(c.area, w.shape, {reach})) << test::show(w.shape);
        const Prepared area{Shape(c.area)};
        for (int k = 0; k < 5; ++k) {
            const LatLng p = test::random_point_of(w.rng, w.shape, reach);
            ASSERT_TRUE(within(Prepared(Circle{p, {0}}), area, {0}))
                << test::show(w.shape) << " reach " << reach << " " << p.lat_e7 << " " << p.lng_e7;
        }
    }
}

TEST(Coarse, GrowsByTheSmallestStepAndHidesThePlaceInItsCell) {
    const auto grown = [](const Shape& s, double reach) { return coarse(s, {reach}).grown.v; };
    EXPECT_EQ(grown(circle(33.305, 44.305, 0), 0), 500);
    EXPECT_EQ(grown(circle(33.305, 44.305, 0), 900), 500);  // half a cell and 500 m
    EXPECT_EQ(grown(circle(33.3001, 44.3001, 0), 900), 1000);
    EXPECT_EQ(grown(circle(33.3001, 44.3001, 400), 620), 2000);
    EXPECT_EQ(grown(circle(33.3001, 44.3001, 0), 9'900), 10'000);
    EXPECT_EQ(grown(circle(33.3001, 44.3001, 0), 11'000), 20'000);
    EXPECT_EQ(grown(circle(33.3001, 44.3001, 0), 29'900), 30'000);
    // Two places of one cell with the same need cannot be told apart.
    EXPECT_EQ(coarse_area(circle(33.301, 44.309, 0), {100}),
              coarse_area(circle(33.309, 44.301, 0), {50}));
    EXPECT_NE(coarse_area(circle(33.301, 44.309, 0), {100}),
              coarse_area(circle(33.311, 44.301, 0), {50}));
    const auto width = [](double lat) {
        const Box b = *box_of(coarse_area(circle(lat, 10.001, 0), {0}));
        return static_cast<double>(b.east - b.west) / 1e7 -
               2 * 500 / (111'320 * std::cos(lat * 3.14159265 / 180));
    };
    EXPECT_NEAR(width(59.995), 0.01, 2e-3);
    EXPECT_NEAR(width(-60.005), 0.02, 2e-3);
    EXPECT_NEAR(width(75.005), 0.04, 2e-3);
    EXPECT_NEAR(width(-82.005), 0.08, 2e-3);
    EXPECT_EQ(coarse_area(circle(89.5, 10, 0), {0}).polygons[0].outer.pole, Pole::north);
    EXPECT_EQ(coarse_area(circle(-89.5, 10, 0), {0}).polygons[0].outer.pole, Pole::south);
}

TEST(Coarse, BytesAreFixed) {
    const Box b = *box_of(coarse_area(circle(33.3, 44.4, 100), {100}));
    EXPECT_EQ(b, (Box{443946072, 332954780, 444153928, 333145220}));
}

TEST(Covers, NamedCases) {
    struct Row {
        const char* name;
        Shape now;
        double now_reach;
        Shape old;
        double old_reach;
        bool covered;
    };
    const Shape frame = Area{{{ring(0, 0, 10, 10), {ring(2, 2, 8, 8)}}}};
    const Shape line = Corridor{{at(0, 0), at(0, 0.1)}, {1000}};
    const Row rows[] = {
        {"the same", circle(1, 1, 10), 100, circle(1, 1, 10), 100, true},
        {"less reach", circle(1, 1, 10), 99.9, circle(1, 1, 10), 100, false},
        {"radius for reach", circle(1, 1, 110), 0.3, circle(1, 1, 10), 100.3, true},
        {"the same area", frame, 0, frame, 0, true},
        {"the same area, less reach", frame, 9, frame, 10, false},
        {"a circle in a circle", circle(1, 1, 1000), 0, circle(1, 1.001, 800), 0, true},
        {"a circle half in a circle", circle(1, 1, 1000), 0, circle(1, 1.001, 900), 0, false},
        {"a moved circle", circle(1, 1.1, 100), 100, circle(1, 1, 100), 100, false},
        {"a circle in an area", frame, 0, circle(1, 1, 10'000), 0, true},
        {"a circle over the edge", frame, 0, circle(1, 1, 120'000), 0, false},
        {"a circle in the hole", frame, 500, circle(5, 5, 10), 0, false},
        {"a circle at the hole's edge", frame, 500, circle(2.01, 5, 10), 0, false},
        {"an area in an area", frame, 0, box(0.5, 0.5, 1.5, 1.5), 0, true},
        {"an area in an area, same reach", frame, 500, box(0, 0, 2, 2), 500, true},
        {"an extended area", box(0, 0, 2, 1), 10, box(0, 0, 1, 1), 10, true},
        {"an extended area, less reach", box(0, 0, 2, 1), 9, box(0, 0, 1, 1), 10, false},
        {"an area over the hole", frame, 0, box(1, 1, 9, 9), 0, false},
        {"an area that is the hole", frame, 0, box(2, 2, 8, 8), 0, false},
        {"a hole within old", frame, 0, box(1, 1, 9.5, 9.5), 0, false},
        {"a smaller area", box(0, 0, 1, 1), 0, box(0, 0, 2, 1), 0, false},
        {"a turn on", box(0, 0, 10, 10), 0, box(361, 1, 362, 2), 0, true},
        {"an area in a circle", circle(0, 0, 200'000), 0, box(-1, -1, 1, 1), 0, true},
        {"an area half in a circle", circle(0, 0, 150'000), 0, box(-1, -1, 1, 1), 0, false},
        {"a line in a circle", circle(0, 0.05, 9'000), 0, line, 0, true},
        {"a wider line", Corridor{{at(0, 0), at(0, 0.1)}, {2000}}, 0, line, 100, true},
        {"a shorter line", Corridor{{at(0, 0), at(0, 0.09)}, {1000}}, 0, line, 0, false},
        {"a point on a line", line, 0, circle(0, 0.05, 50), 0, true},
        {"the rest of the Earth in a circle", circle(90, 0, 1'000'000), 0,
         Area{{{{{at(85, 0), at(85, 120), at(85, 240)}, Pole::south}, {}}}}, 0, false},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(covers(row.now, {row.now_reach}, row.old, {row.old_reach}), row.covered)
            << row.name;
    }
}

TEST(Covers, CountsBandsAndWindows) {
    Place old{
        {circle(1, 1, 10), {0, 1000, AltitudeReference::agl}, {instant(0), instant(10)}}, {}, {}};
    Place now = old;
    EXPECT_TRUE(covers(now, {1}, old, {1}));
    now.volume.band.upper = 999;
    EXPECT_FALSE(covers(now, {1}, old, {1}));
    now.volume.band = {};
    EXPECT_TRUE(covers(now, {1}, old, {1}));
    now.volume.window.end = instant(9);
    EXPECT_FALSE(covers(now, {1}, old, {1}));
    now.volume.window = {};
    EXPECT_TRUE(covers(now, {1}, old, {1}));
}

TEST(Covers, IsNeverWrong) {
    int covered = 0;
    for (int i = 0; i < test::count(3000, 100'000); ++i) {
        World w = world(9000 + static_cast<std::uint64_t>(i));
        const Shape now = w.shape;
        const LatLng near = test::random_point_of(w.rng, now, 0);
        const Corner c{static_cast<double>(near.lat_e7) / 1e7,
                       static_cast<double>(near.lng_e7) / 1e7};
        const double size = test::random_size(w.rng, 1, w.size);
        const Shape old = w.rng.below(5) == 0 ? now : test::random_shape(w.rng, c, size);
        const double now_reach = w.rng.below(2) ? w.size * w.rng.unit() : 0;
        const double old_reach = w.rng.below(2) ? size * w.rng.unit() : 0;
        if (!covers(now, {now_reach}, old, {old_reach})) continue;
        ++covered;
        const Prepared prepared(now);
        for (int k = 0; k < 30; ++k) {
            const LatLng p = test::random_point_of(w.rng, old, old_reach);
            // Neither 1e-7 degrees nor the test's own 2 cm matter; the padding of within() does.
            const double d = nearest(Prepared(Circle{p, {0}}), prepared).distance.v;
            ASSERT_LE(d, now_reach + 0.15) << i << "\n"
                                           << test::show(now) << "\n"
                                           << test::show(old);
        }
    }
    EXPECT_GT(covered, test::count(300, 10'000));
}

}  // namespace
}  // namespace entente::geo
