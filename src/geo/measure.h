// SPDX-License-Identifier: Apache-2.0
// GeographicLib's geodesics, between positions that need not be whole 1e-7 degrees. For this room
// only; others use distance.h.
#pragma once

#include "geo/skeleton.h"

namespace entente::geo {

struct Measure {
    double distance;  // metres
    double azimuth;   // degrees in [0, 360), at the first point
};
Measure measure(Position from, Position to);
inline Position position(LatLng p) {
    return {static_cast<double>(p.lat_e7), static_cast<double>(p.lng_e7)};
}

/// Rounded to 1e-7 degrees, longitude within [-180°, 180°).
LatLng to_lat_lng(Position p);

}  // namespace entente::geo
