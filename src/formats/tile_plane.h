// SPDX-License-Identifier: Apache-2.0
// Web Mercator as maps on the web use it (EPSG:3857): the world is a square, x from 0 at 180° west
// to 1 at 180° east and running on beyond, y from 0 in the north to 1 in the south. For pictures
// only; nothing is measured in it.
//
// The square ends at latitude ±85.0511°. What lies beyond is drawn at its edge, so that it stays
// visible.
#pragma once

#include <cstdint>

#include "geo/shape.h"

namespace entente::formats {

/// Where the square ends: atan(sinh(pi)).
constexpr double tile_latitude_max = 85.0511287798066;
/// The equator's length by which Web Mercator scales (6,378,137 m times 2 pi).
constexpr double tile_equator_m = 40075016.68557849;

struct PlanePoint {
    double x = 0;
    double y = 0;
};

PlanePoint to_plane(double lat_degrees, double lng_degrees);
inline PlanePoint to_plane(geo::LatLng p) {
    return to_plane(static_cast<double>(p.lat_e7) / 1e7, static_cast<double>(p.lng_e7) / 1e7);
}
/// The latitude of a y, in degrees; y outside [0, 1] counts as the nearer end.
double plane_latitude(double y);
/// At most how much of the plane a metre takes anywhere up to this latitude. On the ellipsoid a
/// metre north is longer than Web Mercator's sphere has it by up to a / (b^2/a) = 1.00674.
double plane_per_metre(double lat_degrees);

/// The cell of a grid of 2^32 by 2^32 that holds the point, x taken modulo 1, y cut to the square;
/// 1 cm at the equator.
struct PlaneCell {
    std::uint32_t x = 0;
    std::uint32_t y = 0;
};
PlaneCell cell_of(PlanePoint p);

/// Bits of x and y in turn (Morton order): cells of one tile of any zoom are neighbours.
std::uint64_t morton(PlaneCell cell);
PlaneCell cell_of_morton(std::uint64_t code);

}  // namespace entente::formats
