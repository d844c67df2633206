// SPDX-License-Identifier: Apache-2.0
// How far `reach` metres can lead in latitude and longitude:
//   * latitude: along a geodesic |d lat / ds| <= 1/M <= 1 / curvature_radius_min;
//   * longitude: on the auxiliary sphere a way of s metres is an arc of at most s/b, seen from
//     latitude lat it changes the longitude there by at most asin(sin(s/b) / cos lat) (Clairaut;
//     reduced latitudes are nearer the equator), and longitude on an oblate ellipsoid changes less
//     than on its auxiliary sphere (Karney 2013, equation 8). sin x <= x and
//     asin x <= min(x / sqrt(1 - x^2), x pi/2) keep it to arithmetic.
#include "geo/box.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

#include "base/limits.h"
#include "geo/ecef.h"
#include "geo/ring.h"

namespace entente::geo {

namespace {

constexpr std::int32_t quarter_e7 = 900'000'000;
constexpr double radians_per_e7 = std::numbers::pi / 180 * 1e-7;
constexpr Box all_around{-turn_e7 / 2, 0, turn_e7 / 2, 0};

// The sine of [0, pi/2] by its series, the same on every machine; 1e-12 below the true one.
double sine_below(double x) {
    double term = x, sum = x;
    for (int k = 1; k <= 9; ++k) {
        term = -term * x * x / static_cast<double>(2 * k * (2 * k + 1));
        sum += term;
    }
    return sum * (1 - 1e-12);
}

// Up to the next unit and one more, for rounding.
std::int64_t outward(double e7) {
    return static_cast<std::int64_t>(std::ceil(std::min(e7, 1e10))) + 1;
}

std::int64_t lat_reach(double metres) {
    return metres > 0 ? outward(metres / curvature_radius_min / radians_per_e7) : 0;
}

// Half a turn or more: every longitude.
std::int64_t lng_reach(std::int64_t lat_most, double metres) {
    if (!(metres > 0)) return 0;
    const double cosine = sine_below(static_cast<double>(quarter_e7 - lat_most) * radians_per_e7);
    const double x = metres / (polar_radius - 1e-3);
    if (x >= cosine) return turn_e7 / 2;
    const double share = x / cosine;
    const double angle =
        std::min(share / std::sqrt(1 - share * share), share * std::numbers::pi / 2);
    return std::min(outward(angle / radians_per_e7), turn_e7 / 2);
}

std::int64_t normal_west(std::int64_t lng) {
    const std::int64_t m = (lng + turn_e7 / 2) % turn_e7;
    return (m < 0 ? m + turn_e7 : m) - turn_e7 / 2;
}

Box with_longitudes(Box box, std::int64_t west, std::int64_t east) {
    if (east - west >= turn_e7) {
        box.west = all_around.west;
        box.east = all_around.east;
        return box;
    }
    box.west = normal_west(west);
    box.east = box.west + (east - west);
    return box;
}

bool whole_turn(const Box& box) { return box.east - box.west >= turn_e7; }

// The box widened by a reach. What touches a pole has all longitudes.
Box padded(const Box& box, double metres) {
    const std::int64_t lat = lat_reach(metres);
    const std::int64_t lat_most =
        std::max(std::abs(std::int64_t{box.south}), std::abs(std::int64_t{box.north}));
    Box out = box;
    out.south = static_cast<std::int32_t>(std::max<std::int64_t>(box.south - lat, -quarter_e7));
    out.north = static_cast<std::int32_t>(std::min<std::int64_t>(box.north + lat, quarter_e7));
    const bool at_pole = out.south == -quarter_e7 || out.north == quarter_e7;
    const std::int64_t lng = at_pole ? turn_e7 / 2 : lng_reach(lat_most, metres);
    return with_longitudes(out, box.west - lng, box.east + lng);
}

// The extent of points in a row, latitudes cut; all longitudes if they jump or are out of bounds.
Box extent(const std::vector<LatLng>& points, bool closed) {
    Box box{points.front().lng_e7, quarter_e7, points.front().lng_e7, -quarter_e7};
    bool jumps = false;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const LatLng p = points[i];
        const LatLng before = i > 0 ? points[i - 1] : closed ? points.back() : p;
        const std::int32_t lat = std::clamp(p.lat_e7, -quarter_e7, quarter_e7);
        box.south = std::min(box.south, lat);
        box.north = std::max(box.north, lat);
        if (p.lng_e7 < -turn_e7 * 3 / 2 || p.lng_e7 > turn_e7 * 3 / 2) {
            jumps = true;
            break;
        }
        box.west = std::min(box.west, p.lng_e7);
        box.east = std::max(box.east, p.lng_e7);
        jumps = jumps || std::abs(p.lng_e7 - before.lng_e7) >= turn_e7 / 2;
    }
    if (!jumps) return with_longitudes(box, box.west, box.east);
    for (const LatLng p : points) {
        box.south = std::min(box.south, std::clamp(p.lat_e7, -quarter_e7, quarter_e7));
        box.north = std::max(box.north, std::clamp(p.lat_e7, -quarter_e7, quarter_e7));
    }
    return with_longitudes(box, 0, turn_e7);
}

Box extent(const Ring& ring) {
    Box box = extent(ring.points, ring.pole == Pole::none);
    if (ring.pole == Pole::none) return box;
    (ring.pole == Pole::north ? box.north : box.south) =
        ring.pole == Pole::north ? quarter_e7 : -quarter_e7;
    return with_longitudes(box, 0, turn_e7);
}

// One box around several: all longitudes but the widest gap between them.
Box joined(std::vector<Box> boxes) {
    std::sort(boxes.begin(), boxes.end(),
              [](const Box& x, const Box& y) { return x.west < y.west; });
    Box out = boxes.front();
    std::int64_t end = out.east, gap = 0, gap_end = out.west;
    for (const Box& b : boxes) {
        out.south = std::min(out.south, b.south);
        out.north = std::max(out.north, b.north);
        if (b.west - end > gap) {
            gap = b.west - end;
            gap_end = b.west;
        }
        end = std::max(end, b.east);
    }
    if (boxes.front().west + turn_e7 - end >= gap) {
        return with_longitudes(out, boxes.front().west, end);
    }
    // An end beyond 180° + west wraps over the first boxes; the gap then begins no earlier.
    return with_longitudes(out, gap_end, std::max(gap_end + turn_e7 - gap, end));
}

std::optional<Box> skeleton_box(const Shape& shape) {
    if (const auto* circle = std::get_if<Circle>(&shape)) return extent({circle->center}, false);
    if (const auto* corridor = std::get_if<Corridor>(&shape)) {
        if (corridor->line.empty()) return std::nullopt;
        return extent(corridor->line, false);
    }
    std::vector<Box> boxes;
    for (const Polygon& polygon : std::get<Area>(shape).polygons) {
        if (!polygon.outer.points.empty()) boxes.push_back(extent(polygon.outer));
    }
    if (boxes.empty()) return std::nullopt;
    return joined(std::move(boxes));
}

double own_radius(const Shape& shape) {
    std::int64_t radius = 0;
    if (const auto* circle = std::get_if<Circle>(&shape)) radius = circle->radius.v;
    if (const auto* corridor = std::get_if<Corridor>(&shape)) radius = corridor->half_width.v;
    const std::int64_t most = limits::radius_dm_max;
    return metres(Decimetres{radius < 0 ? most : std::min(radius, most)}).v;
}

// A line of latitude from west to east with steps below 180°, both ends included.
std::vector<LatLng> parallel(std::int64_t west, std::int64_t east, std::int32_t lat) {
    const std::int64_t parts = (east - west) / (turn_e7 / 3) + 1;
    std::vector<LatLng> out;
    for (std::int64_t i = 0; i <= parts; ++i) {
        out.push_back({lat, west + (east - west) * i / parts});
    }
    return out;
}

Ring pole_ring(std::int32_t lat, Pole pole) {
    Ring ring{parallel(-turn_e7 / 2, turn_e7 / 2, lat), pole};
    ring.points.pop_back();  // the first point, run on
    return ring;
}

// An area needs an area: a box without width or height gets a unit of each.
Box with_extent(Box box) {
    if (box.south == box.north) {
        box.south = std::max(box.south - 1, -quarter_e7);
        box.north = std::min(box.north + 1, quarter_e7);
    }
    return box.west == box.east ? with_longitudes(box, box.west - 1, box.east + 1) : box;
}

}  // namespace

Box bounding_box(const Shape& shape, Metres reach) {
    const std::optional<Box> box = skeleton_box(shape);
    return padded(box.value_or(Box{}), own_radius(shape) + std::max(reach.v, 0.0));
}

bool intersects(const Box& a, const Box& b) {
    if (a.south > b.north || b.south > a.north) return false;
    for (const std::int64_t shift : {-turn_e7, std::int64_t{0}, turn_e7}) {
        if (a.west <= b.east + shift && b.west + shift <= a.east) return true;
    }
    return false;
}

bool contains(const Box& outer, const Box& inner) {
    if (outer.south > inner.south || outer.north < inner.north) return false;
    if (whole_turn(outer)) return true;
    for (const std::int64_t shift : {-turn_e7, std::int64_t{0}, turn_e7}) {
        if (outer.west <= inner.west + shift && inner.east + shift <= outer.east) return true;
    }
    return false;
}

Area area_of(const Box& raw) {
    const Box box = with_extent(raw);
    if (!whole_turn(box)) {
        Ring ring{parallel(box.west, box.east, box.south), Pole::none};
        const std::vector<LatLng> north = parallel(box.west, box.east, box.north);
        ring.points.insert(ring.points.end(), north.rbegin(), north.rend());
        return {{{ring, {}}}};
    }
    if (box.south == -quarter_e7) return {{{pole_ring(box.north, Pole::south), {}}}};
    const Ring outer = pole_ring(box.south, Pole::north);
    if (box.north == quarter_e7) return {{{outer, {}}}};
    return {{{outer, {pole_ring(box.north, Pole::north)}}}};
}

std::optional<Box> box_of(const Area& area) {
    if (area.polygons.size() != 1 || area.polygons[0].outer.points.size() < 3) return std::nullopt;
    const Polygon& polygon = area.polygons[0];
    Box box = extent(polygon.outer);
    if (!polygon.holes.empty() && !polygon.holes[0].points.empty()) {
        box.north = polygon.holes[0].points[0].lat_e7;
    }
    if (area_of(box) == area) return box;
    return std::nullopt;
}

Area padded_box(const Shape& raw, Metres reach) {
    const std::optional<Box> box = skeleton_box(raw);
    if (!box) return {};
    return area_of(padded(*box, own_radius(raw) + std::max(reach.v, 0.0)));
}

}  // namespace entente::geo
