// SPDX-License-Identifier: Apache-2.0
// Outlines grown by Boost.Geometry's buffer: the part of tile_grow.h that is slow to compile. It
// is known to fail on some input, so what it gives is looked at before it is used.
#include <algorithm>
#include <boost/geometry.hpp>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/linestring.hpp>
#include <boost/geometry/geometries/multi_linestring.hpp>
#include <boost/geometry/geometries/multi_polygon.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/geometries/polygon.hpp>
#include <cmath>
#include <numbers>

#include "formats/mvt.h"
#include "formats/tile_grow.h"

namespace entente::formats {
namespace {

namespace bg = boost::geometry;
using Point = bg::model::d2::point_xy<double>;
using Line = bg::model::linestring<Point>;
using Polygon = bg::model::polygon<Point>;
using Polygons = bg::model::multi_polygon<Polygon>;
namespace strategy = bg::strategy::buffer;

/// Corners for a full circle, and by how much more the distance must be so that the polygon of
/// that many corners holds the circle.
struct Round {
    std::size_t corners;
    double distance;
};
Round round(double by) {
    const double pixels = by * 512 / mvt_extent;
    const double corners = std::clamp(std::ceil(2.3 * std::sqrt(pixels)), 8.0, 64.0);
    // Boost's arcs begin anywhere, so a joint may have one corner less than its share.
    return {static_cast<std::size_t>(corners), by / std::cos(std::numbers::pi / (corners - 1))};
}

template <class Geometry>
Polygons buffer(const Geometry& geometry, double by) {
    const Round r = round(by);
    Polygons out;
    bg::buffer(geometry, out, strategy::distance_symmetric<double>(r.distance),
               strategy::side_straight(), strategy::join_round(r.corners),
               strategy::end_round(r.corners), strategy::point_circle(r.corners));
    return out;
}

Path path(const Polygon::ring_type& ring) {
    Path out;
    for (const Point& p : ring) out.push_back({p.x(), p.y()});
    if (out.size() > 1) out.pop_back();
    return out;
}

std::vector<Region> regions(const Polygons& polygons) {
    std::vector<Region> out;
    for (const Polygon& p : polygons) {
        Region region{path(p.outer()), {}};
        for (const auto& hole : p.inners()) region.holes.push_back(path(hole));
        out.push_back(std::move(region));
    }
    return out;
}

Polygon::ring_type ring(const Path& path) {
    Polygon::ring_type out;
    for (const PlanePoint p : path) out.emplace_back(p.x, p.y);
    if (!path.empty()) out.emplace_back(path.front().x, path.front().y);
    return out;
}

/// Whether every corner of what was grown lies in the result.
template <class Points>
bool holds(const Polygons& grown, const Points& points) {
    return std::all_of(points.begin(), points.end(),
                       [&](const Point& p) { return bg::within(p, grown); });
}

}  // namespace

std::optional<std::vector<Region>> grown_lines(const std::vector<Path>& lines, double by) {
    bg::model::multi_linestring<Line> in;
    for (const Path& line : lines) {
        in.emplace_back();
        for (const PlanePoint p : line) in.back().emplace_back(p.x, p.y);
    }
    try {  // Throws: bg::buffer
        const Polygons grown = buffer(in, by);
        for (const Line& line : in) {
            if (!holds(grown, line)) return std::nullopt;
        }
        return regions(grown);
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

std::optional<std::vector<Region>> grown_regions(const std::vector<Region>& all, double by,
                                                 Frame frame) {
    const bg::model::box<Point> box({frame.low, frame.low}, {frame.high, frame.high});
    Polygons parts;
    try {  // Throws: bg::intersection, bg::buffer
        for (const Region& region : all) {
            Polygon in;
            in.outer() = ring(region.outer);
            for (const Path& hole : region.holes) in.inners().push_back(ring(hole));
            bg::correct(in);
            if (!bg::is_valid(in)) return std::nullopt;
            Polygons cut;
            bg::intersection(in, box, cut);
            parts.insert(parts.end(), cut.begin(), cut.end());
        }
        if (parts.empty()) return std::vector<Region>{};
        const Polygons grown = buffer(parts, by);
        for (const Polygon& p : parts) {
            if (!holds(grown, p.outer())) return std::nullopt;
        }
        return regions(grown);
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

}  // namespace entente::formats
