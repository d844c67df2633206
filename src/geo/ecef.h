// SPDX-License-Identifier: Apache-2.0
// Positions as WGS84 Cartesian coordinates, and what a straight line (chord) between two of them
// says of the geodesic between them. Metres throughout; pure functions, safe from any thread.
//
// Why chords: a difference and a square root cost 2 ns, a geodesic 800. The bounds below leave a
// band of 0.2 mm at 22 km and 2 cm at 100 km in which GeographicLib must be asked.
//
// Proof. A geodesic of the ellipsoid is a space curve whose curvature is the normal curvature in
// its direction, which lies within [1/curvature_radius_max, 1/curvature_radius_min] everywhere
// (the meridian's at the equator, b^2/a, and both at the poles, a^2/b). Let s be its length and c
// its chord.
//   Upper: Schur's theorem (a curve bent nowhere more than an arc of a circle of radius r has at
//   least its chord) gives c >= 2 r sin(s / 2r) with r = curvature_radius_min, for s <= pi r.
//   Lower: c^2 is the double integral of T(u).T(v) over the unit tangents. T runs on the unit
//   sphere along a curve of length >= |u-v| / curvature_radius_max whose geodesic curvature is
//   torsion over curvature, at most e = 0.0034 (the principal curvatures differ by less than
//   0.0068 of themselves). Two points of such a curve l apart along it are at least
//   l (1 - e^2 l^2 / 24) apart as an angle (Schur on the sphere), which for l <= pi/2 is within
//   1.2e-6 of l. So c <= 2 r sin(s / 2r) with r = curvature_radius_max (1 + 2e-6).
// The upper bound holds to the antipodes, the lower to 10,000 km; limits.h allows sums to 2,400 km.
#pragma once

#include "geo/shape.h"

namespace entente::geo {

struct Vec3 {
    double x = 0, y = 0, z = 0;
    bool operator==(const Vec3&) const = default;
};
inline Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline Vec3 operator*(Vec3 a, double k) { return {a.x * k, a.y * k, a.z * k}; }
inline double dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
double length(Vec3 a);

// WGS84 (NGA.STND.0036): a = 6378137 m, f = 1/298.257223563.
constexpr double equator_radius = 6378137.0;
constexpr double polar_radius = 6356752.314245179;       // b = a (1 - f)
constexpr double curvature_radius_min = 6335439.327292;  // b^2/a, rounded down
constexpr double curvature_radius_max = 6399593.625759;  // a^2/b, rounded up

/// Rounding of coordinates (1e-8 m) and of GeographicLib (1.5e-8 m) is far below this, in metres;
/// a distance is "at most the limit" if it is so to within it.
constexpr double rounding_slack = 1e-6;

/// The position at height 0. Any longitude; a latitude within ±90°.
Vec3 to_ecef(LatLng p);
/// The same for a position between the integers, still in units of 1e-7 degrees.
Vec3 to_ecef(double lat_e7, double lng_e7);

/// s_low(c) <= s <= s_high(c) for the geodesic s of every two points at chord c.
double s_low(double chord);
double s_high(double chord);

/// Points at most this far apart by chord are at most `s` apart by geodesic.
double chord_surely_within(double s);
/// Points further apart than this by chord are further than `s` apart by geodesic.
double chord_surely_beyond(double s);

}  // namespace entente::geo
