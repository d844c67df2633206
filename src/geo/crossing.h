// SPDX-License-Identifier: Apache-2.0
// Where edges of rings meet that should not, in exact integer arithmetic. For this room only.
#pragma once

#include <optional>
#include <vector>

#include "geo/ring.h"

namespace entente::geo {

/// How two segments meet: not, in a single point that is an end of one, properly, or along a
/// stretch.
enum class Meets : std::uint8_t { no, touch, cross, along };
Meets meets(LatLng a, LatLng b, LatLng c, LatLng d);

/// One edge of a polygon's ring. Consecutive repeats of a point are no edges; `edge` counts the
/// points as they were given, `order` only the edges that there are, from 0 to `count` - 1.
struct RingEdge {
    LatLng a;
    LatLng b;
    std::size_t ring = 0;
    std::size_t edge = 0;
    std::size_t order = 0;
    std::size_t count = 0;
};
/// The edges of a ring, closing edge included.
std::vector<RingEdge> ring_edges(const Ring& ring, std::size_t number);

struct Crossing {
    RingEdge first;
    RingEdge second;
    LatLng near;
};
/// The first pair found that is not allowed: edges of one ring that meet anywhere but at the point
/// that neighbours share; edges of two rings that cross or run along each other (single common
/// points are allowed). Longitudes are compared modulo 360°, but within a ring that names no pole
/// as they stand: it may end where it began, 360° on. A sweep by longitude: n log n where few edges
/// share their longitudes.
std::optional<Crossing> find_crossing(const std::vector<RingEdge>& edges,
                                      const std::vector<Pole>& poles);

}  // namespace entente::geo
