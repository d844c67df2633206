// SPDX-License-Identifier: Apache-2.0
// GeoJSON geometries (RFC 7946) as shapes and back. A point is a circle of radius 0 and a line a
// corridor of half-width 0 until a property says more. Numbers are read from their text, so 1e-7
// degrees are exact. Errors begin with the path: `geometry.coordinates[0][2]: latitude 91 is ...`.
//
// Rings must be closed, in either direction. Edges are straight in longitude and latitude; a shape
// across the antimeridian comes split in two (RFC 7946 section 3.1.9) or running on past ±180.
// Third numbers of positions (heights) are not used.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "formats/json.h"
#include "geo/shape.h"

namespace entente::formats {

/// All geometries of the tree, validated (geo/valid.h). Parts of MultiPoint and MultiLineString are
/// shapes of their own; GeometryCollection likewise, one level deep. An absent one is an error.
/// `vertices` counts up across calls and meets limits::vertices_max.
Result<std::vector<geo::Shape>> shapes_of(const Json& geometry, const std::string& path,
                                          std::size_t& vertices);

/// A geometry object; radius and half-width are not in it.
std::string write_geometry(const geo::Shape& shape);

/// Well-known text of the same geometry.
std::string write_wkt(const geo::Shape& shape);

}  // namespace entente::formats
