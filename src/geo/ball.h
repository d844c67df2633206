// SPDX-License-Identifier: Apache-2.0
// Balls in WGS84 Cartesian space around shapes or parts of them: what the index is built of. Always
// around, never too small; straight-line metres. No heights: they are a separate dimension
// (band.h).
#pragma once

#include <vector>

#include "geo/ecef.h"
#include "geo/shape.h"

namespace entente::geo {

/// All points at most radius_m from center by straight line.
struct Ball {
    Vec3 center;
    double radius_m = 0;
};

/// The ball of everything on Earth.
Ball earth_ball();

/// One ball around the whole shape, its own radius or half-width included.
Ball bounding_ball(const Shape& shape);

/// Most balls that cover() answers with.
constexpr std::size_t cover_balls_max = 256;

/// Balls whose union holds every point of the shape, own radius included and interiors too. A
/// corridor is cut along its line into parts of about piece_length_max, an area into lon/lat cells
/// of about that size that touch it; where that would need more than cover_balls_max, coarser.
/// Precondition: validate(shape) (geo/valid.h).
std::vector<Ball> cover(const Shape& shape, Metres piece_length_max);

}  // namespace entente::geo
