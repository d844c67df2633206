// SPDX-License-Identifier: Apache-2.0
#include "geo/outline.h"

#include <gtest/gtest.h>

#include <GeographicLib/PolygonArea.hpp>

#include "geo/distance.h"
#include "geo/valid.h"

namespace entente::geo {
namespace {

LatLng at(double lat, double lng) {
    return {static_cast<std::int32_t>(std::lround(lat * 1e7)), std::llround(lng * 1e7)};
}

Shape box(double south, double north, double west, double east) {
    return Area{
        {{{{at(south, west), at(south, east), at(north, east), at(north, west)}, Pole::none}, {}}}};
}

/// GeographicLib's area of the same outline, its edges cut so finely that geodesics follow them.
double oracle_km2(const std::vector<LatLng>& ring, std::int64_t parts) {
    GeographicLib::PolygonArea sum(GeographicLib::Geodesic::WGS84());
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const LatLng a = ring[i], b = ring[(i + 1) % ring.size()];
        for (std::int64_t k = 0; k < parts; ++k) {
            const double t = static_cast<double>(k) / static_cast<double>(parts);
            sum.AddPoint(
                (a.lat_e7 + t * (b.lat_e7 - double{1} * a.lat_e7)) / 1e7,
                (static_cast<double>(a.lng_e7) + t * static_cast<double>(b.lng_e7 - a.lng_e7)) /
                    1e7);
        }
    }
    double perimeter = 0, area = 0;
    sum.Compute(false, true, perimeter, area);
    return std::abs(area) / 1e6;
}

TEST(Outline, AreaIsThatOfGeographicLib) {
    const std::vector<std::vector<LatLng>> rings{
        {at(35.8, 35.9), at(35.8, 36.2), at(36.3, 36.1)},
        {at(-10, 100), at(20, 110), at(5, 130), at(-30, 115)},
        {at(60, 179), at(60, 181), at(71, 182), at(70, 178)}};
    for (const auto& ring : rings) {
        const Shape shape = Area{{{{ring, Pole::none}, {}}}};
        ASSERT_TRUE(validate(shape));
        const double expected = oracle_km2(ring, 4000);
        EXPECT_NEAR(*area_km2(shape), expected, expected * 1e-6);
    }
}

TEST(Outline, AreaOfARingAroundAPoleIsTheCap) {
    for (const double lat : {80.0, -80.0}) {
        const Pole pole = lat > 0 ? Pole::north : Pole::south;
        for (const double turn : {120.0, -120.0}) {
            const Ring ring{{at(lat, 0), at(lat, turn), at(lat, 2 * turn)}, pole};
            const Shape shape = Area{{{ring, {}}}};
            ASSERT_TRUE(validate(shape));
            // 2 pi (strip(90°) - strip(80°)): by GeographicLib along the parallel.
            GeographicLib::PolygonArea sum(GeographicLib::Geodesic::WGS84());
            for (int k = 0; k < 36000; ++k) sum.AddPoint(lat, k / 100.0);
            double perimeter = 0, area = 0;
            sum.Compute(false, true, perimeter, area);
            EXPECT_NEAR(*area_km2(shape), std::abs(area) / 1e6, std::abs(area) / 1e12);
        }
    }
}

TEST(Outline, HolesAndCirclesCountAndCorridorsHaveNone) {
    const auto outer = std::get<Area>(box(0, 1, 0, 1)).polygons.front().outer;
    const auto inner = std::get<Area>(box(0.4, 0.6, 0.4, 0.6)).polygons.front().outer;
    const double whole = *area_km2(box(0, 1, 0, 1)), hole = *area_km2(box(0.4, 0.6, 0.4, 0.6));
    EXPECT_NEAR(*area_km2(Area{{{outer, {inner}}}}), whole - hole, 1e-9);
    EXPECT_NEAR(*area_km2(Circle{at(1, 1), {10'000}}), 3.14159, 1e-4);
    EXPECT_FALSE(area_km2(Corridor{{at(0, 0), at(1, 1)}, {100}}));
}

TEST(Outline, ApartIsTheFurthestOfEitherFromTheOther) {
    const auto apart = outlines_apart(box(35.85, 35.95, 36.0, 36.1), box(35.85, 35.95, 36.0, 36.2));
    ASSERT_TRUE(apart);
    const double step = geodesic(at(35.9, 36.1), at(35.9, 36.2)).v;
    EXPECT_NEAR(apart->distance.v, step, 12);  // the parallels differ by so much
    EXPECT_GT(apart->more.v, 0);
    EXPECT_LT(apart->more.v, step / 50);
    // A small one within a large one: each point of the small one is near, the large one's are not.
    const auto within = outlines_apart(box(0, 1, 0, 1), box(0, 0.1, 0, 0.1));
    ASSERT_TRUE(within);
    EXPECT_GT(within->distance.v, geodesic(at(1, 1), at(0.1, 0.1)).v - 2);
    EXPECT_EQ(outlines_apart(box(0, 1, 0, 1), box(0, 1, 0, 1))->distance.v, 0);
}

TEST(Outline, ApartIsSaidOfSimpleOnesAlone) {
    Area two = std::get<Area>(box(0, 1, 0, 1));
    two.polygons.push_back(std::get<Area>(box(2, 3, 2, 3)).polygons.front());
    EXPECT_FALSE(outlines_apart(two, box(0, 1, 0, 1)));
    EXPECT_FALSE(outlines_apart(Circle{at(0, 0), {10}}, box(0, 1, 0, 1)));
    EXPECT_TRUE(outlines_apart(Corridor{{at(0, 0), at(1, 1)}, {0}}, box(0, 1, 0, 1)));
}

}  // namespace
}  // namespace entente::geo
