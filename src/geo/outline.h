// SPDX-License-Identifier: Apache-2.0
// How large a shape is, and how far apart the outlines of two are: for people who hold two versions
// of one boundary beside each other. Nothing is decided by either. Pure.
#pragma once

#include <optional>

#include "geo/shape.h"

namespace entente::geo {

/// Square kilometres on WGS84, edges straight in longitude and latitude; what several polygons of
/// an area share counts as often as they do. Nothing for a corridor. Precondition: validate(shape).
std::optional<double> area_km2(const Shape& shape);

/// The furthest that a point of either outline is from the other one.
struct Apart {
    Metres distance;  // at the points that were looked at
    Metres more;      // between them it may be this much more
};
/// Looks at 256 points of each outline at least, and all corners. Nothing unless both are simple:
/// lines, or areas of one polygon without holes or a pole, with at most outline_points_max corners.
std::optional<Apart> outlines_apart(const Shape& a, const Shape& b);
constexpr std::size_t outline_points_max = 500;

}  // namespace entente::geo
