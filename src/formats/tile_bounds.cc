// SPDX-License-Identifier: Apache-2.0
#include "formats/tile_bounds.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "formats/mvt.h"

namespace entente::formats {
namespace {

constexpr double degree_m = 110'000;  // of latitude, at least
constexpr double edge = 84;           // beyond it no answer is given: shapes may hold a pole

double degrees(std::int64_t e7) { return static_cast<double>(e7) / 1e7; }

}  // namespace

TileBounds::TileBounds(TileAddress address, double more) {
    const double side = std::ldexp(1.0, -static_cast<int>(address.z)), around = more / mvt_extent;
    west_ = ((address.x - around) * side - 0.5) * 360;
    east_ = ((address.x + 1 + around) * side - 0.5) * 360;
    north_ = plane_latitude((address.y - around) * side);
    south_ = plane_latitude((address.y + 1 + around) * side);
}

bool TileBounds::meets(double low_lat, double high_lat, double west, double east,
                       Metres width) const {
    const double up = width.v / degree_m;
    const double farthest = std::max(
        {std::abs(low_lat - up), std::abs(high_lat + up), std::abs(south_), std::abs(north_)});
    if (farthest > edge) return true;
    if (low_lat - up > north_ || high_lat + up < south_) return false;
    // The box around a circle is wider than its radius in degrees of its own latitude, never wider
    // than in degrees of its farthest one.
    const double aside = up / std::cos(farthest * (std::numbers::pi / 180));
    return std::floor((east_ - west + aside) / 360) >= std::ceil((west_ - east - aside) / 360);
}

/// Edge by edge, or all at once for what is filled.
bool TileBounds::meets(const std::vector<geo::LatLng>& points, bool closed, Metres width) const {
    if (!closed) {
        for (std::size_t i = 0; i + 1 < points.size(); ++i) {
            const geo::LatLng a = points[i], b = points[i + 1];
            if (meets(degrees(std::min(a.lat_e7, b.lat_e7)), degrees(std::max(a.lat_e7, b.lat_e7)),
                      degrees(std::min(a.lng_e7, b.lng_e7)), degrees(std::max(a.lng_e7, b.lng_e7)),
                      width)) {
                return true;
            }
        }
        return false;
    }
    geo::LatLng low = points.front(), high = low;
    for (const geo::LatLng p : points) {
        low = {std::min(low.lat_e7, p.lat_e7), std::min(low.lng_e7, p.lng_e7)};
        high = {std::max(high.lat_e7, p.lat_e7), std::max(high.lng_e7, p.lng_e7)};
    }
    return meets(degrees(low.lat_e7), degrees(high.lat_e7), degrees(low.lng_e7),
                 degrees(high.lng_e7), width);
}

bool TileBounds::may_show(const geo::Shape& shape, Metres reach) const {
    if (const auto* circle = std::get_if<geo::Circle>(&shape)) {
        return meets({circle->center}, true, metres(circle->radius) + reach);
    }
    if (const auto* corridor = std::get_if<geo::Corridor>(&shape)) {
        return meets(corridor->line, false, metres(corridor->half_width) + reach);
    }
    const auto& polygons = std::get<geo::Area>(shape).polygons;
    return std::any_of(polygons.begin(), polygons.end(), [&](const geo::Polygon& polygon) {
        return polygon.outer.pole != geo::Pole::none || meets(polygon.outer.points, true, reach);
    });
}

}  // namespace entente::formats
