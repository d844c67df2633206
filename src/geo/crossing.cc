// SPDX-License-Identifier: Apache-2.0
#include "geo/crossing.h"

#include <algorithm>

namespace entente::geo {

namespace {

// Edges whose boxes meet are within 3.6e9 by 3.6e9 of each other: products need 65 bits.
__extension__ using Wide = __int128;

int turn(LatLng a, LatLng b, LatLng c) {
    const Wide t = Wide(b.lng_e7 - a.lng_e7) * (c.lat_e7 - std::int64_t{a.lat_e7}) -
                   Wide(b.lat_e7 - std::int64_t{a.lat_e7}) * (c.lng_e7 - a.lng_e7);
    return (t > 0) - (t < 0);
}

struct Extent {
    std::int64_t west, east;
    std::int32_t south, north;
};
Extent extent(LatLng a, LatLng b) {
    return {std::min(a.lng_e7, b.lng_e7), std::max(a.lng_e7, b.lng_e7),
            std::min(a.lat_e7, b.lat_e7), std::max(a.lat_e7, b.lat_e7)};
}
bool apart(const Extent& x, const Extent& y) {
    return x.west > y.east || y.west > x.east || x.south > y.north || y.south > x.north;
}
bool in_extent(const Extent& x, LatLng p) {
    return p.lng_e7 >= x.west && p.lng_e7 <= x.east && p.lat_e7 >= x.south && p.lat_e7 <= x.north;
}

LatLng shifted(LatLng p, std::int64_t by) { return {p.lat_e7, p.lng_e7 + by}; }

// A point of the meeting, good enough to show: the middle of what both boxes share.
LatLng meeting_point(LatLng a, LatLng b, LatLng c, LatLng d) {
    const Extent x = extent(a, b), y = extent(c, d);
    const std::int64_t south = std::max(x.south, y.south), north = std::min(x.north, y.north);
    const std::int64_t west = std::max(x.west, y.west), east = std::min(x.east, y.east);
    return {static_cast<std::int32_t>((south + north) / 2), (west + east) / 2};
}

bool allowed(const RingEdge& e, const RingEdge& f, std::int64_t shift_e, std::int64_t shift_f,
             const std::vector<Pole>& poles) {
    const bool same_ring = e.ring == f.ring;
    if (same_ring && poles[e.ring] == Pole::none && shift_e != shift_f) return true;
    if (same_ring && e.order == f.order && shift_e == shift_f) return true;
    const Meets m = meets(shifted(e.a, shift_e), shifted(e.b, shift_e), shifted(f.a, shift_f),
                          shifted(f.b, shift_f));
    if (m == Meets::no) return true;
    if (m != Meets::touch) return false;
    if (!same_ring) return true;
    const std::size_t gap = e.order > f.order ? e.order - f.order : f.order - e.order;
    return gap == 1 || gap + 1 == e.count;
}

// An edge moved by a multiple of 360° for the sweep.
struct Swept {
    std::int64_t west;
    std::int64_t east;
    std::size_t edge;
    std::int64_t shift;
};

}  // namespace

Meets meets(LatLng a, LatLng b, LatLng c, LatLng d) {
    const Extent x = extent(a, b), y = extent(c, d);
    if (apart(x, y)) return Meets::no;
    const int c_side = turn(a, b, c), d_side = turn(a, b, d);
    const int a_side = turn(c, d, a), b_side = turn(c, d, b);
    if (c_side == 0 && d_side == 0) {
        const bool line_of_latitude = a.lng_e7 != b.lng_e7;
        const auto at = [&](LatLng p) { return line_of_latitude ? p.lng_e7 : p.lat_e7; };
        const std::int64_t begin = std::max(std::min(at(a), at(b)), std::min(at(c), at(d)));
        const std::int64_t end = std::min(std::max(at(a), at(b)), std::max(at(c), at(d)));
        return begin < end ? Meets::along : begin == end ? Meets::touch : Meets::no;
    }
    if (c_side * d_side < 0 && a_side * b_side < 0) return Meets::cross;
    const bool touches = (c_side == 0 && in_extent(x, c)) || (d_side == 0 && in_extent(x, d)) ||
                         (a_side == 0 && in_extent(y, a)) || (b_side == 0 && in_extent(y, b));
    return touches ? Meets::touch : Meets::no;
}

std::vector<RingEdge> ring_edges(const Ring& ring, std::size_t number) {
    std::vector<RingEdge> out;
    for (std::size_t i = 0; i < ring.points.size(); ++i) {
        const bool last = i + 1 == ring.points.size();
        const LatLng b = last ? closing_point(ring) : ring.points[i + 1];
        if (ring.points[i] == b) continue;
        out.push_back({ring.points[i], b, number, i, out.size(), 0});
    }
    for (RingEdge& e : out) e.count = out.size();
    return out;
}

std::optional<Crossing> find_crossing(const std::vector<RingEdge>& edges,
                                      const std::vector<Pole>& poles) {
    std::vector<Swept> order;
    order.reserve(edges.size() * 2);
    for (std::size_t i = 0; i < edges.size(); ++i) {
        const Extent x = extent(edges[i].a, edges[i].b);
        // A ring without a pole is moved as a whole, so that its edges keep their places.
        std::int64_t turns = x.west / turn_e7 - (x.west % turn_e7 < 0 ? 1 : 0);
        const std::int64_t shift = -turns * turn_e7;
        order.push_back({x.west + shift, x.east + shift, i, shift});
        order.push_back({x.west + shift + turn_e7, x.east + shift + turn_e7, i, shift + turn_e7});
    }
    std::sort(order.begin(), order.end(), [](const Swept& x, const Swept& y) {
        return x.west != y.west ? x.west < y.west : x.edge < y.edge;
    });
    for (std::size_t i = 0; i < order.size(); ++i) {
        const Swept& x = order[i];
        const RingEdge& e = edges[x.edge];
        for (std::size_t j = i + 1; j < order.size() && order[j].west <= x.east; ++j) {
            const Swept& y = order[j];
            const RingEdge& f = edges[y.edge];
            if (allowed(e, f, x.shift, y.shift, poles)) continue;
            const bool swap = std::pair(f.ring, f.edge) < std::pair(e.ring, e.edge);
            const LatLng near = meeting_point(shifted(e.a, x.shift), shifted(e.b, x.shift),
                                              shifted(f.a, y.shift), shifted(f.b, y.shift));
            return Crossing{swap ? f : e, swap ? e : f, near};
        }
    }
    return std::nullopt;
}

}  // namespace entente::geo
