// SPDX-License-Identifier: Apache-2.0
#include "geo/box_size.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace entente::geo {
namespace {

constexpr double radius = 6'378'137;  // of a sphere that holds the ellipsoid
constexpr double radians_per_e7 = std::numbers::pi / 180 * 1e-7;
constexpr double series_error = 1e-12;
constexpr std::int32_t quarter_e7 = 900'000'000;

/// The sine of [-pi/2, pi/2] by its series: arithmetic alone, good to series_error.
double sine(double x) {
    double term = x, sum = x;
    for (int k = 1; k <= 9; ++k) {
        term = -term * x * x / static_cast<double>(2 * k * (2 * k + 1));
        sum += term;
    }
    return sum;
}

double sine_of(std::int32_t lat_e7) { return sine(static_cast<double>(lat_e7) * radians_per_e7); }

}  // namespace

BoxSize size_of(const Box& box) {
    const double turn = static_cast<double>(box.east - box.west) * radians_per_e7;
    const double height =
        (static_cast<double>(box.north) - static_cast<double>(box.south)) * radians_per_e7;
    const std::int32_t widest = box.south > 0 ? box.south : box.north < 0 ? -box.north : 0;
    const double width = turn * (sine_of(quarter_e7 - widest) + series_error);
    // A zone's surface is its height along the axis times its share of the turn (Archimedes).
    const double axis =
        height > 0 ? std::max(sine_of(box.north) - sine_of(box.south), 0.0) + 2 * series_error : 0;
    return {radius * radius * turn * axis * 1e-6, radius * std::max(width, height)};
}

}  // namespace entente::geo
