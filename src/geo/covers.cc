// SPDX-License-Identifier: Apache-2.0
// Three proofs, each enough by itself. Below, a shape's skeleton is its point, line or filled area,
// and its own radius counts as reach: R(now) and R(old) are the whole distances.
//   1. The skeletons are the same and R(now) >= R(old).
//   2. Each part of old lies in one polygon of now, and if R(old) > R(now), further from that
//      polygon's boundary than the difference: a way out of at most R(old) metres that leaves the
//      polygon has at most R(now) left.
//   3. Every point of old's skeleton is within R(now) - R(old) of now's (triangle inequality).
//   Along
//      lines that is tested at points, and half the way between them is added.
#include "geo/covers.h"

#include <algorithm>
#include <cmath>

#include "geo/band.h"
#include "geo/crossing.h"
#include "geo/distance.h"
#include "geo/measure.h"
#include "geo/skeleton.h"
#include "geo/window.h"

namespace entente::geo {

namespace {

// What approach() may be off by, and rounding of positions to 1e-7 degrees, in metres.
constexpr double measuring_error = 0.1;
// Parts that a line of `old` is cut into at most by proof 3.
constexpr std::size_t parts_max = 4096;
// A disk of the surface up to here is simple: see prepared.cc.
constexpr double disk_radius_max = 4e6;

Shape bare(const Shape& shape) {
    Shape out = shape;
    if (auto* circle = std::get_if<Circle>(&out)) circle->radius = {0};
    if (auto* corridor = std::get_if<Corridor>(&out)) corridor->half_width = {0};
    return out;
}

double own_radius(const Shape& shape) {
    if (const auto* circle = std::get_if<Circle>(&shape)) return metres(circle->radius).v;
    if (const auto* corridor = std::get_if<Corridor>(&shape)) return metres(corridor->half_width).v;
    return 0;
}

LatLng shifted(LatLng p, std::int64_t by) { return {p.lat_e7, p.lng_e7 + by}; }

// What a segment does with a polygon: where it touches the boundary, and whether it crosses it.
struct Contact {
    std::vector<LatLng> touches;  // points of the segment, both ends among them
    bool crosses = false;
};

Contact contact(LatLng a, LatLng b, const ExactRing& ring, Contact out) {
    const std::int64_t west = std::min(a.lng_e7, b.lng_e7), east = std::max(a.lng_e7, b.lng_e7);
    const auto& points = ring.closed();
    for (std::int64_t k = -5; k <= 5; ++k) {
        const std::int64_t by = k * turn_e7;
        if (ring.west() + by > east || ring.east() + by < west) continue;
        for (std::size_t i = 0; i + 1 < points.size(); ++i) {
            const LatLng c = shifted(points[i], by), d = shifted(points[i + 1], by);
            const Meets m = meets(a, b, c, d);
            if (m == Meets::cross) out.crosses = true;
            if (m == Meets::no || m == Meets::cross) continue;
            for (const LatLng p : {c, d}) {
                if (meets(a, b, p, p) != Meets::no) out.touches.push_back(p);
            }
        }
    }
    return out;
}

// Whether the segment and all its stretches between boundary points are on the wanted sides.
template <class Wanted>
bool all_along(LatLng a, LatLng b, const std::vector<const ExactRing*>& boundary, Wanted wanted) {
    Contact c{{a, b}, false};
    for (const ExactRing* ring : boundary) c = contact(a, b, *ring, std::move(c));
    if (c.crosses) return false;
    const bool by_lng = a.lng_e7 != b.lng_e7;
    std::sort(c.touches.begin(), c.touches.end(), [by_lng](LatLng p, LatLng q) {
        return by_lng ? p.lng_e7 < q.lng_e7 : p.lat_e7 < q.lat_e7;
    });
    for (std::size_t i = 0; i < c.touches.size(); ++i) {
        if (!wanted(half_point(c.touches[i]))) return false;
        if (i > 0 && !wanted(middle(c.touches[i - 1], c.touches[i]))) return false;
    }
    return true;
}

std::vector<const ExactRing*> boundary(const ExactPolygon& polygon) {
    std::vector<const ExactRing*> out;
    for (const ExactRing& ring : polygon.rings) out.push_back(&ring);
    return out;
}

bool line_inside(const std::vector<LatLng>& line, const ExactPolygon& now, bool& strictly) {
    const auto rings = boundary(now);
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        const bool in = all_along(line[i], line[i + 1], rings, [&](HalfPoint p) {
            const Side side = now.locate(p);
            strictly = strictly || side == Side::inside;
            return side != Side::outside;
        });
        if (!in) return false;
    }
    return true;
}

// Old's outer ring, filled, within one polygon of now; boundaries may be shared, but somewhere the
// ring must be strictly inside, so that it is not just a hole's own outline.
bool ring_inside(const ExactRing& old, const ExactPolygon& now) {
    bool strictly = false;
    if (!line_inside(old.closed(), now, strictly) || !strictly) return false;
    for (const ExactRing& ring : now.rings) {
        const auto& points = ring.closed();
        for (std::size_t i = 0; i + 1 < points.size(); ++i) {
            const bool out = all_along(points[i], points[i + 1], {&old}, [&old](HalfPoint p) {
                return old.locate(p) != Side::inside;
            });
            if (!out) return false;
        }
    }
    return true;
}

// Proof 2 for one connected part of old, given as a shape without radius.
bool part_inside(const Shape& part, const Polygon& now, double excess) {
    const ExactPolygon exact(now);
    bool strictly = false;
    if (const auto* circle = std::get_if<Circle>(&part)) {
        if (!exact.contains(circle->center)) return false;
    } else if (const auto* corridor = std::get_if<Corridor>(&part)) {
        if (!line_inside(corridor->line, exact, strictly)) return false;
    } else {
        const Polygon& polygon = std::get<Area>(part).polygons.front();
        if (polygon == now) return excess <= 0;
        if (!ring_inside(ExactRing(polygon.outer), exact)) return false;
    }
    if (excess <= 0) return true;
    const Prepared prepared(part);
    for (const ExactRing& ring : exact.rings) {
        if (within(prepared, Prepared(Corridor{ring.closed(), {0}}), {excess})) return false;
    }
    return true;
}

bool inside(const Area& now, const Shape& old, double excess) {
    const auto held = [&now, excess](const Shape& part) {
        return std::any_of(now.polygons.begin(), now.polygons.end(),
                           [&](const Polygon& p) { return part_inside(part, p, excess); });
    };
    const auto* area = std::get_if<Area>(&old);
    if (area == nullptr) return held(bare(old));
    return std::all_of(area->polygons.begin(), area->polygons.end(),
                       [&held](const Polygon& p) { return held(Area{{p}}); });
}

// No further than this from now's skeleton.
double distance_most(LatLng p, const Prepared& now) {
    if (now.is_circle()) return geodesic(p, now.center()).v + rounding_slack;
    return approach(Prepared(Circle{p, {0}}), now).distance.v + measuring_error;
}

bool line_near(const std::vector<LatLng>& line, const Prepared& now, double room) {
    std::vector<Course> open;
    for (std::size_t i = 0; i + 1 < line.size(); ++i) open.push_back(course(line[i], line[i + 1]));
    for (std::size_t done = 0; !open.empty(); ++done) {
        if (done > parts_max + 2 * line.size()) return false;
        const Course c = open.back();
        open.pop_back();
        const Position m = position(c, 0);
        const double half = length_bound(c) / 2;
        const double gap = distance_most(to_lat_lng(m), now) + measuring_error;
        if (gap > room) return false;
        if (gap + half <= room) continue;
        open.push_back({c.lat_a, c.lng_a, m.lat_e7, m.lng_e7});
        open.push_back({m.lat_e7, m.lng_e7, c.lat_b, c.lng_b});
    }
    return true;
}

// Proof 3.
bool near_everywhere(const Prepared& now, const Shape& old, double room) {
    if (const auto* circle = std::get_if<Circle>(&old)) {
        return distance_most(circle->center, now) <= room;
    }
    if (const auto* corridor = std::get_if<Corridor>(&old)) {
        return line_near(corridor->line, now, room);
    }
    const Prepared prepared(old);
    if (now.is_circle() && room < disk_radius_max) {
        // Rings within a disk have their insides in it, unless those hold the other side of Earth.
        const LatLng c = now.center();
        if (prepared.skeleton().contains({-c.lat_e7, c.lng_e7 + turn_e7 / 2})) return false;
        const auto lines = chains(old);
        return std::all_of(lines.begin(), lines.end(),
                           [&](const auto& line) { return line_near(line, now, room); });
    }
    const Ball ball = prepared.ball();
    if (ball.radius_m > disk_radius_max) return false;
    return distance_most(prepared.center(), now) + s_high(ball.radius_m) <= room;
}

}  // namespace

bool covers(const Shape& now, Metres now_reach, const Shape& old, Metres old_reach) {
    double room = own_radius(now) + now_reach.v - own_radius(old) - old_reach.v;
    if (std::abs(room) < 1e-9) room = 0;  // sums of decimetres, as doubles
    if (bare(now) == bare(old)) return room >= 0;
    const auto* area = std::get_if<Area>(&now);
    if (area != nullptr && inside(*area, old, -room)) return true;
    return room > 0 && near_everywhere(Prepared(bare(now)), old, room);
}

bool covers(const Place& now, Metres now_reach, const Place& old, Metres old_reach) {
    return covers(now.volume.window, old.volume.window) &&
           covers(now.volume.band, old.volume.band) &&
           covers(now.volume.shape, now_reach, old.volume.shape, old_reach);
}

}  // namespace entente::geo
