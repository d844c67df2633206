// SPDX-License-Identifier: Apache-2.0
// Boxes of longitude and latitude around shapes: always around, never too small. The same bytes on
// every machine: only + - * / and square roots are used (no sine of a library). Units: 1e-7
// degrees.
#pragma once

#include "geo/shape.h"

namespace entente::geo {

/// West to east by way of the longitudes between: west is within [-180°, 180°), east in
/// [west, west + 360°]. A box all around is -180° to 180°. Ends included.
struct Box {
    std::int64_t west = 0;
    std::int32_t south = 0;
    std::int64_t east = 0;
    std::int32_t north = 0;
    bool operator==(const Box&) const = default;
};

/// The box around all within `reach` of the shape, its own radius included; around a pole all
/// longitudes. Precondition: validate(shape) (geo/valid.h).
Box bounding_box(const Shape& shape, Metres reach = {0});

/// Longitudes are compared modulo 360°.
bool intersects(const Box& a, const Box& b);
bool contains(const Box& outer, const Box& inner);

/// The box as a valid area; around a pole a ring that names it.
Area area_of(const Box& box);
/// The box that an area of area_of() came from; nothing if it is no such area.
std::optional<Box> box_of(const Area& area);

/// PROTOCOL 18: what a stranger's invalid geometry protects: the box around its raw points, its
/// radius and `reach`, as a valid area. Nothing need be valid: latitudes are cut to ±90°, lengths
/// to their limits, longitudes that jump or run out of bounds become all longitudes. Without any
/// point the area is empty.
Area padded_box(const Shape& raw, Metres reach);

}  // namespace entente::geo
