// SPDX-License-Identifier: Apache-2.0
#include "geo/ring.h"

#include <algorithm>

namespace entente::geo {

namespace {

__extension__ using Wide = __int128;

// What one edge does to the point (x, y), in half units: crosses its meridian north of it, holds
// it, or neither.
enum class Meeting : std::uint8_t { none, north_of_it, holds_it };

Meeting meet(LatLng a, LatLng b, std::int64_t x, std::int64_t y) {
    const std::int64_t ax = 2 * a.lng_e7, bx = 2 * b.lng_e7;
    const std::int64_t ay = 2 * std::int64_t{a.lat_e7}, by = 2 * std::int64_t{b.lat_e7};
    if (x < std::min(ax, bx) || x > std::max(ax, bx) || y > std::max(ay, by)) return Meeting::none;
    const bool spans = (ax <= x) != (bx <= x);
    if (y < std::min(ay, by)) return spans ? Meeting::north_of_it : Meeting::none;
    // Here the point is within the edge's box: every difference is below 3.7e9 (2^32).
    const Wide turn = Wide(bx - ax) * (y - ay) - Wide(by - ay) * (x - ax);
    if (turn == 0) return Meeting::holds_it;
    const bool below_edge = (turn < 0) == (bx > ax);
    return spans && below_edge ? Meeting::north_of_it : Meeting::none;
}

std::int64_t divide_up(std::int64_t a, std::int64_t b) {
    return a >= 0 ? (a + b - 1) / b : -((-a) / b);
}

}  // namespace

LatLng closing_point(const Ring& ring) {
    LatLng end = ring.points.front();
    if (ring.pole == Pole::none) return end;
    end.lng_e7 += ring.points.back().lng_e7 > end.lng_e7 ? turn_e7 : -turn_e7;
    return end;
}

ExactRing::ExactRing(const Ring& ring) : closed_(ring.points), pole_(ring.pole) {
    closed_.push_back(closing_point(ring));
    west_ = east_ = closed_.front().lng_e7;
    south_ = north_ = closed_.front().lat_e7;
    for (const LatLng p : closed_) {
        west_ = std::min(west_, p.lng_e7);
        east_ = std::max(east_, p.lng_e7);
        south_ = std::min(south_, p.lat_e7);
        north_ = std::max(north_, p.lat_e7);
    }
}

Side ExactRing::locate(HalfPoint p) const {
    const auto side = [](bool in) { return in ? Side::inside : Side::outside; };
    if (p.lat > 2 * std::int64_t{north_}) return side(pole_ == Pole::north);
    if (p.lat < 2 * std::int64_t{south_}) return side(pole_ == Pole::south);
    bool inside = pole_ == Pole::north;
    // The same meridian may lie within the ring's longitudes more than once.
    std::int64_t x = p.lng + divide_up(2 * west_ - p.lng, 2 * turn_e7) * 2 * turn_e7;
    for (; x <= 2 * east_; x += 2 * turn_e7) {
        for (std::size_t i = 0; i + 1 < closed_.size(); ++i) {
            const Meeting m = meet(closed_[i], closed_[i + 1], x, p.lat);
            if (m == Meeting::holds_it) return Side::boundary;
            if (m == Meeting::north_of_it) inside = !inside;
        }
    }
    return side(inside);
}

ExactPolygon::ExactPolygon(const Polygon& polygon) {
    rings.reserve(1 + polygon.holes.size());
    rings.emplace_back(polygon.outer);
    for (const Ring& hole : polygon.holes) rings.emplace_back(hole);
}

Side ExactPolygon::locate(HalfPoint p) const {
    const Side outer = rings.front().locate(p);
    if (outer != Side::inside) return outer;
    for (std::size_t i = 1; i < rings.size(); ++i) {
        const Side hole = rings[i].locate(p);
        if (hole == Side::boundary) return Side::boundary;
        if (hole == Side::inside) return Side::outside;
    }
    return Side::inside;
}

}  // namespace entente::geo
