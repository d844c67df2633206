// SPDX-License-Identifier: Apache-2.0
#include "bench/exact.h"

#include <GeographicLib/Geodesic.hpp>
#include <cmath>
#include <numbers>

#include "bench/engine.h"

namespace entente::bench {
namespace {
constexpr double equator_m = 6'378'137.0;  // WGS84
constexpr double flattening = 1.0 / 298.257223563;
constexpr double radians_per_e7 = std::numbers::pi / 180.0 * 1e-7;
}  // namespace

Xyz cartesian(std::int64_t lat_e7, std::int64_t lng_e7) {
    const double lat = static_cast<double>(lat_e7) * radians_per_e7;
    const double lng = static_cast<double>(lng_e7) * radians_per_e7;
    constexpr double e2 = flattening * (2.0 - flattening);
    const double sine = std::sin(lat);
    const double n = equator_m / std::sqrt(1.0 - e2 * sine * sine);
    const double across = n * std::cos(lat);
    return {across * std::cos(lng), across * std::sin(lng), n * (1.0 - e2) * sine};
}

double geodesic_m(std::int64_t lat1_e7, std::int64_t lng1_e7, std::int64_t lat2_e7,
                  std::int64_t lng2_e7) {
    const auto degrees = [](std::int64_t v) { return static_cast<double>(v) / 1e7; };
    double s = 0;
    GeographicLib::Geodesic::WGS84().Inverse(degrees(lat1_e7), degrees(lng1_e7), degrees(lat2_e7),
                                             degrees(lng2_e7), s);
    return s;
}

Payload payload(const World& world, std::size_t id) {
    const PointRow& r = world.points[id];
    return {
        cartesian(r.lat_e7, r.lng_e7), r.start_ms, r.end_ms, r.buffer_dm, r.lower_dm, r.upper_dm,
        static_cast<std::uint32_t>(id)};
}

Asked asked(const geo::Volume4D& plan) {
    const auto* circle = std::get_if<geo::Circle>(&plan.shape);
    if (circle == nullptr) stop("a plan over points must be a circle");
    const auto& [lat, lng] = circle->center;
    return {cartesian(lat, lng),
            lat,
            lng,
            plan.window.start ? millis(*plan.window.start) : always_start_ms,
            plan.window.end ? millis(*plan.window.end) : always_end_ms,
            circle->radius.v,
            plan.band.lower.value_or(-10'000'000),
            plan.band.upper.value_or(10'000'000)};
}

bool touches_slowly(const World& world, const Asked& a, std::uint32_t id) {
    const PointRow& r = world.points[id];
    const double limit = 0.1 * static_cast<double>(a.radius_dm + r.buffer_dm);
    return geodesic_m(a.lat_e7, a.lng_e7, r.lat_e7, r.lng_e7) <= limit;
}

Rectangle around(std::int64_t lat_e7, std::int64_t lng_e7, double reach_m) {
    const double lat = static_cast<double>(lat_e7) / 1e7;
    const double lng = static_cast<double>(lng_e7) / 1e7;
    const double up = (reach_m * 1.03 + 1.0) / 111'320.0;
    const double across = up / std::cos(lat * std::numbers::pi / 180.0);
    return {lng - across, lat - up, lng + across, lat + up};
}

}  // namespace entente::bench
