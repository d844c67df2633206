// SPDX-License-Identifier: Apache-2.0
// How far apart two shapes are: geodesic metres on WGS84 between their nearest points, 0 where they
// touch. Radii and half-widths count, polygons are filled, holes are holes, boundaries belong.
// Heights and times are not looked at (band.h, window.h). Pure; safe from any thread.
//
// The promise (PROTOCOL, rule over all rules): nothing at or under the limit is missed, nothing
// more than 1 m beyond it is reported. Circles and points are exact to a micrometre; where an edge
// takes part the answer leans up to touch_padding towards touching.
#pragma once

#include "geo/prepared.h"

namespace entente::geo {

/// How much further than the limit two shapes with edges may be and still be called within, metres.
constexpr double touch_padding = 0.5;

/// Whether the geodesic distance between the shapes is at most `reach`, ends included. Meant for
/// radii plus reach up to 5,000 km (base/limits.h allows 2,400 km in all).
bool within(const Prepared& a, const Prepared& b, Metres reach);

/// Distance and direction between two shapes, for people to read.
struct Approach {
    Metres distance;  // good to 1 m up to 10,000 km; 0 if they touch
    Degrees bearing;  // [0, 360), at the nearest point of `from` towards the nearest of `to`; for
                      // distance 0 from centre to centre
};
Approach approach(const Prepared& from, const Prepared& to);

/// The same with the nearest points, which between circles cost four times as much.
struct Nearest {
    Metres distance;
    Degrees bearing;
    LatLng from;  // longitudes within ±180°
    LatLng to;
};
Nearest nearest(const Prepared& from, const Prepared& to);

/// Length of the geodesic (GeographicLib: 15 nm).
Metres geodesic(LatLng a, LatLng b);

struct Inverse {
    Metres distance;
    Degrees azimuth;  // [0, 360), at `from` towards `to`
};
Inverse inverse(LatLng from, LatLng to);

/// The point at that distance and azimuth, longitude within ±180°, to the nearest 1e-7 degrees.
LatLng direct(LatLng from, Degrees azimuth, Metres distance);

}  // namespace entente::geo
