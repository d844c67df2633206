// SPDX-License-Identifier: Apache-2.0
// Where a shape's point stands on the map: on or in the shape, near its middle.
#pragma once

#include "geo/shape.h"

namespace entente::formats {

/// A circle's centre, the middle of a corridor's middle edge, the middle of an area's first
/// polygon's box where that lies in the polygon and otherwise a corner. Longitudes may run on.
/// Precondition: validate(shape) (geo/valid.h).
geo::LatLng point_of(const geo::Shape& shape);

}  // namespace entente::formats
