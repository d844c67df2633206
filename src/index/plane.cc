// SPDX-License-Identifier: Apache-2.0
#include "index/plane.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "geo/distance.h"
#include "geo/ecef.h"
#include "index/plane_lanes.h"

namespace entente::index {
namespace {

constexpr double radians_per_e7 = std::numbers::pi / 180 * 1e-7;
constexpr std::int64_t turn_e7 = 3'600'000'000;
// Beyond these a plane says too little to be worth asking.
constexpr double factors_apart_max = 1.04;
constexpr double latitude_max = 85 * std::numbers::pi / 180;
constexpr std::int64_t longitudes_max_e7 = 600'000'000;
// What floats of some hundred kilometres, and sums of them, may lose, in metres.
constexpr double rounding = 0.25;
constexpr double extent_max = 300'000;
// Reach of a shape that is looked at; more is left to geo.
constexpr double shape_reach_max = 12'000;

/// Metres per radian of latitude and of longitude on the ellipsoid.
double per_latitude(double lat) {
    const double e2 = 1 - std::pow(geo::polar_radius / geo::equator_radius, 2);
    const double w = 1 - e2 * std::sin(lat) * std::sin(lat);
    return geo::equator_radius * (1 - e2) / (w * std::sqrt(w));
}
double per_longitude(double lat) {
    const double e2 = 1 - std::pow(geo::polar_radius / geo::equator_radius, 2);
    const double w = 1 - e2 * std::sin(lat) * std::sin(lat);
    return geo::equator_radius * std::cos(lat) / std::sqrt(w);
}

}  // namespace

OutlinePoints outline_points(const geo::Shape& shape) {
    OutlinePoints o;
    if (const auto* circle = std::get_if<geo::Circle>(&shape)) o.points = {circle->center};
    if (const auto* corridor = std::get_if<geo::Corridor>(&shape)) o.points = corridor->line;
    if (const auto* area = std::get_if<geo::Area>(&shape)) {
        if (area->polygons.size() != 1 || !area->polygons[0].holes.empty() ||
            area->polygons[0].outer.pole != geo::Pole::none) {
            return {};
        }
        o.points = area->polygons[0].outer.points;
        o.points.push_back(o.points.front());
        o.ring = true;
    }
    if (o.points.size() > outline_points_max) return {};
    const geo::LatLng first = o.points.front();
    for (const geo::LatLng& p : o.points) {
        if (std::abs(p.lng_e7 - first.lng_e7) > longitudes_max_e7) return {};
    }
    return o;
}

Plane::Plane(const geo::Shape& plan, double reach, Simd simd)
    : simd_(simd), limit_max_(reach + shape_reach_max) {
    const OutlinePoints outline = outline_points(plan);
    if (outline.points.empty()) return;
    std::int64_t south = outline.points[0].lat_e7, north = south;
    for (const geo::LatLng& p : outline.points) {
        south = std::min<std::int64_t>(south, p.lat_e7);
        north = std::max<std::int64_t>(north, p.lat_e7);
    }
    const double beyond = limit_max_ * 1.01 / geo::curvature_radius_min;
    const double low = static_cast<double>(south) * radians_per_e7 - beyond;
    const double high = static_cast<double>(north) * radians_per_e7 + beyond;
    if (low < -latitude_max || high > latitude_max) return;
    const double far = std::max(-low, high);
    const double near = low <= 0 && high >= 0 ? 0 : std::min(std::abs(low), std::abs(high));
    const double m1 = per_latitude(near), m2 = per_latitude(far);
    const double p1 = per_longitude(far), p2 = per_longitude(near);
    const double m = std::sqrt(m1 * m2), p = std::sqrt(p1 * p2);
    shrink_ = std::min(m1 / m, p1 / p) * (1 - 1e-6);
    stretch_ = std::max(m2 / m, p2 / p) * (1 + 1e-6);
    if (stretch_ / shrink_ > factors_apart_max) return;
    // Normal curvature is at most 1 / curvature_radius_min; the geodesic curvature of a way
    // straight in longitude and latitude at azimuth z is sin z (1 + cos^2 z) tan(lat) / R on a
    // sphere, at most 1.09 tan(lat) / R. Half as much again is for the ellipsoid, and to spare.
    curvature_max_ = 1.5 / geo::curvature_radius_min * std::hypot(1.0, 1.1 * std::tan(far));
    x_scale_ = p * radians_per_e7;
    y_scale_ = m * radians_per_e7;
    lat0_ = outline.points[0].lat_e7;
    lng0_ = outline.points[0].lng_e7 % turn_e7;
    if (lng0_ > turn_e7 / 2) lng0_ -= turn_e7;
    if (lng0_ < -turn_e7 / 2) lng0_ += turn_e7;
    ring_ = outline.ring;
    for (const geo::LatLng& q : outline.points) {
        const std::int64_t east = q.lng_e7 - outline.points[0].lng_e7;
        x_.push_back(static_cast<float>(static_cast<double>(east) * x_scale_));
        y_.push_back(static_cast<float>(static_cast<double>(q.lat_e7 - lat0_) * y_scale_));
        if (std::abs(x_.back()) > extent_max || std::abs(y_.back()) > extent_max) return;
    }
    count_ = x_.size();
    x_.resize(count_ + outline_spare, x_.back());
    y_.resize(count_ + outline_spare, y_.back());
}

geo::Ball Plane::ball() const {
    const auto [west, east] = std::minmax_element(x_.begin(), x_.end());
    const auto [south, north] = std::minmax_element(y_.begin(), y_.end());
    const double x = (static_cast<double>(*west) + static_cast<double>(*east)) / 2;
    const double y = (static_cast<double>(*south) + static_cast<double>(*north)) / 2;
    double radius = 0;
    for (std::size_t i = 0; i < count_; ++i) {
        radius = std::max(
            radius, std::hypot(static_cast<double>(x_[i]) - x, static_cast<double>(y_[i]) - y));
    }
    // A chord is at most as long as any way; the inside is within the hull of the points.
    return {geo::to_ecef(static_cast<double>(lat0_) + y / y_scale_,
                         static_cast<double>(lng0_) + x / x_scale_),
            radius * stretch_ + rounding};
}

double Plane::length_max(geo::LatLng a, geo::LatLng b) const {
    return stretch_ * std::hypot(static_cast<double>(b.lng_e7 - a.lng_e7) * x_scale_,
                                 static_cast<double>(b.lat_e7 - a.lat_e7) * y_scale_);
}

Verdict Plane::judge(const Outline& shape, double limit) const {
    if (count_ == 0 || shape.count == 0 || limit > limit_max_) return Verdict::open;
    std::int64_t lng = std::int64_t{shape.lng_e7} - lng0_;
    if (lng > turn_e7 / 2) lng -= turn_e7;
    if (lng < -turn_e7 / 2) lng += turn_e7;
    OutlinePair pair;
    pair.plan = {x_.data(), y_.data(), count_, ring_};
    pair.shape = &shape;
    pair.x = static_cast<float>(static_cast<double>(lng) * x_scale_);
    pair.y = static_cast<float>(static_cast<double>(shape.lat_e7 - lat0_) * y_scale_);
    pair.x_scale = static_cast<float>(x_scale_);
    pair.y_scale = static_cast<float>(y_scale_);
    // geo::within says yes up to touch_padding beyond the limit where it cannot tell at once.
    const double far = limit + geo::touch_padding;
    const double out = far / shrink_ + rounding;
    const double in = limit / stretch_ - rounding;
    const double all_out = far + shape.extent;
    pair.out2 = static_cast<float>(out * out);
    pair.in2 = static_cast<float>(in > 0 ? in * in : -1);
    pair.all_out2 = all_out > limit_max_
                        ? std::numeric_limits<float>::infinity()
                        : static_cast<float>(std::pow(all_out / shrink_ + rounding, 2));
    pair.unclear2 = static_cast<float>(rounding * rounding);
    return judge_pair(pair, simd_);
}

}  // namespace entente::index
