// SPDX-License-Identifier: Apache-2.0
#include "geo/prepared.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "geo/skeleton.h"

namespace entente::geo {

namespace {

// The surface within a ball of at most this radius around a point of the surface is a simple disk,
// so that a ring in it has its inside in it too, unless that inside is the rest of the Earth.
constexpr double disk_radius_max = 4e6;

LatLng surface_point(Vec3 v) {
    const double ratio = polar_radius / equator_radius;
    const double lat = std::atan2(v.z, std::hypot(v.x, v.y) * ratio * ratio);
    const double lng = std::atan2(v.y, v.x);
    const double e7 = 180 / std::numbers::pi * 1e7;
    return {static_cast<std::int32_t>(std::lround(lat * e7)), std::llround(lng * e7)};
}

// The middle of the pieces' extent, brought to the surface.
LatLng middle(const Skeleton& s) {
    constexpr double inf = std::numeric_limits<double>::infinity();
    Vec3 low{inf, inf, inf}, high{-inf, -inf, -inf};
    for (const Piece& p : s.pieces) {
        low = {std::min(low.x, p.mid.x), std::min(low.y, p.mid.y), std::min(low.z, p.mid.z)};
        high = {std::max(high.x, p.mid.x), std::max(high.y, p.mid.y), std::max(high.z, p.mid.z)};
    }
    return surface_point((low + high) * 0.5);
}

}  // namespace

Prepared::Prepared(const Shape& shape) {
    if (const auto* circle = std::get_if<Circle>(&shape)) {
        center_ = circle->center;
        middle_ = to_ecef(center_);
        radius_ = metres(circle->radius).v;
        return;
    }
    if (const auto* corridor = std::get_if<Corridor>(&shape)) {
        radius_ = metres(corridor->half_width).v;
    }
    auto skeleton = std::make_shared<const Skeleton>(make_skeleton(shape));
    center_ = middle(*skeleton);
    middle_ = to_ecef(center_);
    for (const Piece& p : skeleton->pieces) {
        skeleton_radius_ = std::max(skeleton_radius_, length(p.mid - middle_) + p.radius);
    }
    const LatLng antipode{-center_.lat_e7, center_.lng_e7 + turn_e7 / 2};
    if (!skeleton->polygons.empty() &&
        (skeleton_radius_ > disk_radius_max || skeleton->contains(antipode))) {
        middle_ = earth_ball().center;
        skeleton_radius_ = earth_ball().radius_m;
    }
    skeleton_ = std::move(skeleton);
}

}  // namespace entente::geo
