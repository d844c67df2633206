// SPDX-License-Identifier: Apache-2.0
// See ecef.h for the bounds and their proof.
#include "geo/ecef.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace entente::geo {

namespace {

constexpr double flattening = 1 / 298.257223563;
constexpr double eccentricity2 = flattening * (2 - flattening);
constexpr double radians_per_e7 = std::numbers::pi / 180 * 1e-7;
constexpr double radius_above = curvature_radius_max * (1 + 2e-6);
// Rounding of coordinates and of the functions below stays under this, in metres.
constexpr double chord_slack = 1e-7;

// 2 r sin(s / 2r). The series is exact to 1e-13 of s for the arguments it is used for.
double chord_of_arc(double s, double r) {
    const double x = std::min(s / (2 * r), std::numbers::pi / 2);
    if (x > 0.05) return 2 * r * std::sin(x);
    const double x2 = x * x;
    return s * (1 - x2 / 6 * (1 - x2 / 20 * (1 - x2 / 42)));
}

double arc_of_chord(double chord, double r) {
    return 2 * r * std::asin(std::min(chord / (2 * r), 1.0));
}

}  // namespace

double length(Vec3 a) { return std::sqrt(dot(a, a)); }

Vec3 to_ecef(double lat_e7, double lng_e7) {
    const double lat = lat_e7 * radians_per_e7;
    const double lng = lng_e7 * radians_per_e7;
    const double sin_lat = std::sin(lat);
    // At a pole the cosine would leave 4e-10 m; exact zero keeps all longitudes there one point.
    const double cos_lat = std::abs(lat_e7) >= 90e7 ? 0 : std::cos(lat);
    const double n = equator_radius / std::sqrt(1 - eccentricity2 * sin_lat * sin_lat);
    return {n * cos_lat * std::cos(lng), n * cos_lat * std::sin(lng),
            n * (1 - eccentricity2) * sin_lat};
}

Vec3 to_ecef(LatLng p) {
    return to_ecef(static_cast<double>(p.lat_e7), static_cast<double>(p.lng_e7));
}

double s_low(double chord) {
    return std::max(0.0, arc_of_chord(chord, radius_above) - chord_slack);
}

double s_high(double chord) { return arc_of_chord(chord, curvature_radius_min) + chord_slack; }

double chord_surely_within(double s) { return chord_of_arc(s, curvature_radius_min); }

double chord_surely_beyond(double s) { return chord_of_arc(s, radius_above) + chord_slack; }

}  // namespace entente::geo
