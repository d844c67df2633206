// SPDX-License-Identifier: Apache-2.0
#include "formats/tile_place.h"

#include <algorithm>

#include "base/assert.h"

namespace entente::formats {
namespace {

geo::LatLng middle(geo::LatLng a, geo::LatLng b) {
    return {static_cast<std::int32_t>((std::int64_t{a.lat_e7} + b.lat_e7) / 2),
            (a.lng_e7 + b.lng_e7) / 2};
}

/// Even and odd edges to the east of the point, in floating point: this only places a mark.
bool in_ring(const geo::Ring& ring, geo::LatLng p) {
    bool in = false;
    for (std::size_t i = 0; i < ring.points.size(); ++i) {
        const geo::LatLng a = ring.points[i];
        const geo::LatLng b = ring.points[i + 1 == ring.points.size() ? 0 : i + 1];
        if ((a.lat_e7 > p.lat_e7) == (b.lat_e7 > p.lat_e7)) continue;
        const double share =
            (static_cast<double>(p.lat_e7) - a.lat_e7) / (static_cast<double>(b.lat_e7) - a.lat_e7);
        const double lng =
            static_cast<double>(a.lng_e7) + share * static_cast<double>(b.lng_e7 - a.lng_e7);
        if (lng > static_cast<double>(p.lng_e7)) in = !in;
    }
    return in;
}

geo::LatLng point_in(const geo::Polygon& polygon) {
    const geo::Ring& outer = polygon.outer;
    if (outer.pole != geo::Pole::none) return outer.points.front();
    geo::LatLng low = outer.points.front(), high = low;
    for (const geo::LatLng p : outer.points) {
        low = {std::min(low.lat_e7, p.lat_e7), std::min(low.lng_e7, p.lng_e7)};
        high = {std::max(high.lat_e7, p.lat_e7), std::max(high.lng_e7, p.lng_e7)};
    }
    const geo::LatLng at = middle(low, high);
    const bool inside = in_ring(outer, at) &&
                        std::none_of(polygon.holes.begin(), polygon.holes.end(),
                                     [at](const geo::Ring& hole) { return in_ring(hole, at); });
    return inside ? at : outer.points.front();
}

}  // namespace

geo::LatLng point_of(const geo::Shape& shape) {
    if (const auto* circle = std::get_if<geo::Circle>(&shape)) return circle->center;
    if (const auto* corridor = std::get_if<geo::Corridor>(&shape)) {
        const auto& line = corridor->line;
        ASSERT(!line.empty());
        return middle(line[(line.size() - 1) / 2], line[line.size() / 2]);
    }
    const auto& polygons = std::get<geo::Area>(shape).polygons;
    ASSERT(!polygons.empty());
    return point_in(polygons.front());
}

}  // namespace entente::formats
