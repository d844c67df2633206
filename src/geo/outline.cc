// SPDX-License-Identifier: Apache-2.0
#include "geo/outline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "geo/distance.h"
#include "geo/ring.h"

namespace entente::geo {
namespace {

constexpr double radians_e7 = std::numbers::pi / 180e7;

/// The area between the equator and a latitude, of one radian of longitude, in square metres; the
/// south counts negative (Snyder, Map Projections, equation 3-12).
double strip(double latitude) {
    constexpr double a = 6'378'137, f = 1 / 298.257223563, b = a * (1 - f);
    const double e = std::sqrt(f * (2 - f)), s = std::sin(latitude);
    return b * b / 2 * (s / (1 - e * e * s * s) + std::atanh(e * s) / e);
}

/// The same below an edge. Gauss-Legendre with 5 points, exact far below a square metre where no
/// part is longer than 2° of latitude.
double below(LatLng from, LatLng to) {
    static constexpr std::array<std::array<double, 2>, 5> nodes{
        {{0, 0.5688888888888889},
         {-0.5384693101056831, 0.47862867049936647},
         {0.5384693101056831, 0.47862867049936647},
         {-0.906179845938664, 0.23692688505618908},
         {0.906179845938664, 0.23692688505618908}}};
    const double rise = (to.lat_e7 - double{1} * from.lat_e7) * radians_e7;
    const double run = static_cast<double>(to.lng_e7 - from.lng_e7) * radians_e7;
    const int parts = 1 + static_cast<int>(std::abs(rise) / 0.035);
    double out = 0;
    for (int i = 0; i < parts; ++i) {
        for (const auto& [at, weight] : nodes) {
            const double t = (i + (at + 1) / 2) / parts;
            out += weight / 2 * strip(from.lat_e7 * radians_e7 + t * rise);
        }
    }
    return out / parts * run;
}

double area_of(const Ring& ring) {
    double out = 0;
    LatLng before = ring.points.front();
    const auto add = [&](LatLng p) {
        out += below(before, p);
        before = p;
    };
    for (std::size_t i = 1; i < ring.points.size(); ++i) add(ring.points[i]);
    add(closing_point(ring));
    if (ring.pole == Pole::none) return std::abs(out);
    // All of the hemisphere but what is between the ring and the equator; `out` has its sign by
    // which way the ring runs.
    const double half = strip(std::numbers::pi / 2) * 2 * std::numbers::pi;
    const bool eastward = closing_point(ring).lng_e7 > ring.points.front().lng_e7;
    const double north_of_equator = eastward ? out : -out;
    return ring.pole == Pole::north ? half - north_of_equator : half + north_of_equator;
}

/// The outline as a line; empty where it is not simple.
std::vector<LatLng> outline(const Shape& shape) {
    std::vector<LatLng> out;
    if (const auto* corridor = std::get_if<Corridor>(&shape)) {
        if (corridor->half_width.v == 0) out = corridor->line;
    } else if (const auto* area = std::get_if<Area>(&shape)) {
        const Polygon& first = area->polygons.front();
        if (area->polygons.size() > 1 || !first.holes.empty() || first.outer.pole != Pole::none) {
            return {};
        }
        out = first.outer.points;
        out.push_back(out.front());
    }
    if (out.size() > outline_points_max + 1) out.clear();
    return out;
}

void look(const std::vector<LatLng>& from, const std::vector<LatLng>& to, Apart& out) {
    const Prepared line(Corridor{to, {0}});
    const std::size_t edges = from.size() - 1;
    const auto parts = static_cast<std::int64_t>((256 + edges - 1) / edges);
    for (std::size_t i = 0; i < edges; ++i) {
        const LatLng a = from[i], b = from[i + 1];
        const Metres edge = geodesic(a, b);
        out.more.v = std::max(out.more.v, edge.v / static_cast<double>(parts) / 2);
        for (std::int64_t k = 0; k <= parts; ++k) {
            const auto rise = (std::int64_t{b.lat_e7} - a.lat_e7) * k / parts;
            LatLng p{static_cast<std::int32_t>(a.lat_e7 + rise),
                     a.lng_e7 + (b.lng_e7 - a.lng_e7) * k / parts};
            while (p.lng_e7 > turn_e7 / 2) p.lng_e7 -= turn_e7;
            while (p.lng_e7 < -turn_e7 / 2) p.lng_e7 += turn_e7;
            const Metres far = approach(Prepared(Circle{p, {0}}), line).distance;
            out.distance.v = std::max(out.distance.v, far.v);
        }
    }
}

}  // namespace

std::optional<double> area_km2(const Shape& shape) {
    if (std::holds_alternative<Corridor>(shape)) return std::nullopt;
    if (const auto* circle = std::get_if<Circle>(&shape)) {
        const double r = metres(circle->radius).v;
        return std::numbers::pi * r * r / 1e6;
    }
    double out = 0;
    for (const Polygon& polygon : std::get<Area>(shape).polygons) {
        out += area_of(polygon.outer);
        for (const Ring& hole : polygon.holes) out -= area_of(hole);
    }
    return out / 1e6;
}

std::optional<Apart> outlines_apart(const Shape& a, const Shape& b) {
    const std::vector<LatLng> one = outline(a), other = outline(b);
    if (one.empty() || other.empty()) return std::nullopt;
    Apart out{};
    look(one, other, out);
    look(other, one, out);
    return out;
}

}  // namespace entente::geo
