// SPDX-License-Identifier: Apache-2.0
// The exact test that the peers in this process share, for points: the distance on the WGS84
// ellipsoid, altitude bands (ends included) and windows ([start, end)). It is the fastest exact
// form known to us, so that a peer's time is its search; and it is not the code under test.
//
// Proof of the shortcut: with chord c between two points of the ellipsoid and geodesic s,
// s = c (1 + c²/24 R²) for some R between the least and the greatest radius of curvature, 6,335.4
// and 6,399.6 km. Up to 25 km that leaves less than 0.4 mm (plus 1e-9 m of higher terms), so only
// what is within 2 mm of the limit needs GeographicLib.
#pragma once

#include "bench/world.h"

namespace entente::bench {

struct Xyz {
    double x, y, z;  // metres, WGS84 Cartesian
};
Xyz cartesian(std::int64_t lat_e7, std::int64_t lng_e7);

/// The geodesic distance in metres, by GeographicLib.
double geodesic_m(std::int64_t lat1_e7, std::int64_t lng1_e7, std::int64_t lat2_e7,
                  std::int64_t lng2_e7);

/// What a peer keeps of a row beside its search structure.
struct Payload {
    Xyz at;
    std::int64_t start_ms;
    std::int64_t end_ms;
    std::int32_t buffer_dm;
    std::int32_t lower_dm;
    std::int32_t upper_dm;
    std::uint32_t id;
};
Payload payload(const World& world, std::size_t id);

/// A plan made ready: a circle with its band and window.
struct Asked {
    Xyz at;
    std::int64_t lat_e7;
    std::int64_t lng_e7;
    std::int64_t start_ms;
    std::int64_t end_ms;
    std::int64_t radius_dm;
    std::int64_t lower_dm;
    std::int64_t upper_dm;
};
Asked asked(const geo::Volume4D& plan);

/// The borderline case of touches(), by GeographicLib.
bool touches_slowly(const World& world, const Asked& a, std::uint32_t id);

inline bool touches(const World& world, const Asked& a, const Payload& p) {
    if (p.lower_dm > a.upper_dm || p.upper_dm < a.lower_dm) return false;
    if (p.start_ms >= a.end_ms || p.end_ms <= a.start_ms) return false;
    const double dx = p.at.x - a.at.x;
    const double dy = p.at.y - a.at.y;
    const double dz = p.at.z - a.at.z;
    const double limit = 0.1 * static_cast<double>(a.radius_dm + p.buffer_dm);
    const double chord = limit * (1.0 - limit * limit / (24.0 * 6'367'000.0 * 6'367'000.0));
    const double c2 = dx * dx + dy * dy + dz * dz;
    if (c2 > (chord + 0.002) * (chord + 0.002)) return false;
    if (c2 < (chord - 0.002) * (chord - 0.002)) return true;
    return touches_slowly(world, a, p.id);
}

/// A rectangle of longitude and latitude that contains all points within `reach_m` of a point:
/// padded by 3 % and 1 m, which covers the ellipsoid and the change of the parallel's length up to
/// latitude 75 for reaches of 25 km. Longitudes run on past ±180.
struct Rectangle {
    double west, south, east, north;
};
Rectangle around(std::int64_t lat_e7, std::int64_t lng_e7, double reach_m);

}  // namespace entente::bench
