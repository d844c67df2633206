// SPDX-License-Identifier: Apache-2.0
#include "geo/measure.h"

#include <GeographicLib/Geodesic.hpp>
#include <algorithm>
#include <cmath>

#include "geo/distance.h"

namespace entente::geo {

namespace {

double full_turn(double azimuth) {
    const double a = azimuth < 0 ? azimuth + 360 : azimuth;
    return a >= 360 ? 0 : a + 0.0;  // + 0.0 makes -0 plain
}

}  // namespace

Measure measure(Position from, Position to) {
    double distance = 0, azimuth_from = 0, azimuth_to = 0;
    GeographicLib::Geodesic::WGS84().Inverse(from.lat_e7 / 1e7, from.lng_e7 / 1e7, to.lat_e7 / 1e7,
                                             to.lng_e7 / 1e7, distance, azimuth_from, azimuth_to);
    return {distance, full_turn(azimuth_from)};
}

LatLng to_lat_lng(Position p) {
    const double lat = std::clamp(p.lat_e7, -90e7, 90e7);
    std::int64_t lng = std::llround(p.lng_e7) % turn_e7;
    if (lng >= turn_e7 / 2) lng -= turn_e7;
    if (lng < -turn_e7 / 2) lng += turn_e7;
    return {static_cast<std::int32_t>(std::lround(lat)), lng};
}

Metres geodesic(LatLng a, LatLng b) { return {measure(position(a), position(b)).distance}; }

Inverse inverse(LatLng from, LatLng to) {
    const Measure m = measure(position(from), position(to));
    return {{m.distance}, {m.azimuth}};
}

LatLng direct(LatLng from, Degrees azimuth, Metres distance) {
    double lat = 0, lng = 0;
    const Position p = position(from);
    GeographicLib::Geodesic::WGS84().Direct(p.lat_e7 / 1e7, p.lng_e7 / 1e7, azimuth.v, distance.v,
                                            lat, lng);
    return to_lat_lng({lat * 1e7, lng * 1e7});
}

}  // namespace entente::geo
