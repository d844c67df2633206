// SPDX-License-Identifier: Apache-2.0
// What makes a volume valid. Errors are for people: they name the part (ring 1, edge 3), what was
// found, what is allowed (with the limit's name from base/limits.h) and what to do.
//
// Rules, beside the limits of base/limits.h:
//   * latitudes within ±90°; the centre of a circle within ±180° of longitude, points of lines and
//     rings within ±540°;
//   * from one point of a line or ring to the next less than 180° of longitude, closing edge
//     included: a jump across ±180° must run on (179, 181), a longer edge needs a point between;
//   * a line has at least two points, an area at least one polygon;
//   * a ring has at least three distinct points and an area, and touches or crosses itself nowhere
//     (consecutive repeats of a point are ignored). It spans at most 360° of longitude, or names a
//     pole and then runs on by exactly ±360° back to its first point;
//   * holes lie inside their outer ring and outside each other; rings of one polygon may meet in
//     single points but not cross or share edges. Polygons of one area may overlap: it is a union;
//   * lower <= upper, start < end, times within the years 0001 to 9999.
// Decided in exact integer arithmetic, because edges are straight in longitude and latitude.
#pragma once

#include "base/result.h"
#include "geo/shape.h"

namespace entente::geo {

Result<void> validate(const Shape& shape);
Result<void> validate(const Band& band);
Result<void> validate(const Window& window);
Result<void> validate(const Volume4D& volume);
Result<void> validate(const Place& place);

}  // namespace entente::geo
