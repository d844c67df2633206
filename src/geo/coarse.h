// SPDX-License-Identifier: Apache-2.0
// PROTOCOL 13: the coarse area, which tells others that something is about here and no more. The
// fixed grid cell of the shape's centre (0.01° by 0.01°, columns doubled at |latitude| 60°, 75° and
// 82°, a cap above 89°), grown by the smallest of 0.5, 1, 2, 5, 10 km or multiple of 10 km with
// which it covers the shape and its reach. The same bytes on every machine.
#pragma once

#include "geo/box.h"
#include "geo/shape.h"

namespace entente::geo {

struct Coarse {
    Area area;
    Metres grown;  // by how much the cell had to grow
};

/// `reach`: buffer plus accuracy. Precondition: validate(shape) (geo/valid.h).
Coarse coarse(const Shape& shape, Metres reach);
inline Area coarse_area(const Shape& shape, Metres reach) { return coarse(shape, reach).area; }

/// What those are told of a volume who are told it coarsely: such an area at all heights, over
/// whole hours. `before`, the shape that stood for it until now (or null), is kept while it covers.
/// Precondition: validate(volume.shape).
Volume4D coarse_volume(const Volume4D& volume, Metres reach, const Shape* before);
/// The least whole hours that hold the window.
Window whole_hours(const Window& window);

/// True only if the area surely holds all within `reach` of the shape, its own radius included:
/// an earlier coarse area is kept while this holds, and recipients of the exact body test it.
bool area_covers(const Area& coarse, const Shape& shape, Metres reach);

}  // namespace entente::geo
