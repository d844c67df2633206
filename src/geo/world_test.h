// SPDX-License-Identifier: Apache-2.0
// Random shapes for this room's tests, an oracle for their distance that shares no code with the
// room (GeographicLib, dense samples along the edges, a floating-point ray test), and random points
// of a shape. Slow on purpose.
#pragma once

#include <vector>

#include "base/random.h"
#include "geo/shape.h"

namespace entente::geo::test {

/// How often a property is tried: `normal` times, or `most` times where ENTENTE_LONG is set.
int count(int normal, int most);

struct Corner {
    double lat;  // degrees
    double lng;
};

/// A valid shape of about this size around this point.
Shape random_shape(Rng& rng, Corner around, double size_m);
/// A point to build worlds around: anywhere, and often at the antimeridian or a pole.
Corner random_corner(Rng& rng);
/// Metres between low and high, each order of magnitude as likely.
double random_size(Rng& rng, double low, double high);

/// The point at distance and azimuth.
Corner moved(Corner from, double azimuth, double distance_m);
LatLng lat_lng(Corner c);

/// Geodesic metres between the shapes, own radii counted; negative by how much radii overlap; 0 if
/// areas overlap. Never below the true distance but for radii.
double oracle_distance(const Shape& a, const Shape& b);

/// A point that belongs to the shape widened by reach: at least 1 cm inside its edge.
LatLng random_point_of(Rng& rng, const Shape& shape, double reach_m);

/// For messages: the shape in a line.
std::string show(const Shape& shape);

}  // namespace entente::geo::test
