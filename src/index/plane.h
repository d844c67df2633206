// SPDX-License-Identifier: Apache-2.0
// A quick judge of distances that leaves what is close to the limit to geo::within: in a plane
// where x is longitude and y is latitude, both in metres near the plan, edges are straight as they
// are meant to be, and true distances are plane ones to within known factors.
//
// Proof. Over a band of latitudes let the metres per radian of latitude and of longitude be within
// [m1, m2] and [p1, p2], and the plane's own m and p. Every path within the band has a true length
// between shrink = min(m1/m, p1/p) and stretch = max(m2/m, p2/p) times its plane one. A straight
// plane path between two points of the band stays in it, so true <= stretch * plane. The shortest
// true path, of at most L, leaves the latitudes of its end by at most L; if the band reaches L
// beyond the plan's latitudes, true <= L implies plane <= L / shrink. So what is beyond L / shrink
// in the plane is out, and what is within L / stretch is in. Between them, and where the factors
// are more than a few per cent apart (wide plans, near the poles), nothing is said.
#pragma once

#include <cstdint>
#include <vector>

#include "geo/ball.h"
#include "geo/shape.h"
#include "index/index.h"

namespace entente::index {

/// The line, ring or point of a shape, as offsets in units of 1e-7 degrees from an anchor, a point
/// that belongs to the shape; its own radius counts elsewhere. A ring's first point is repeated.
struct Outline {
    std::int32_t lat_e7 = 0;            // of the anchor
    std::int32_t lng_e7 = 0;            // within ±180°
    const std::int32_t* lat = nullptr;  // `count` offsets; `outline_spare` more may be read
    const std::int32_t* lng = nullptr;
    std::uint32_t count = 0;
    bool ring = false;  // what is inside belongs to it
    double extent = 0;  // nothing of it is further from the anchor, metres
};
constexpr std::size_t outline_spare = 16;
constexpr std::size_t outline_points_max = 256;

/// The points of a shape that has an outline of at most outline_points_max points: a circle, a
/// corridor, an area of one polygon without holes that names no pole. Otherwise none.
struct OutlinePoints {
    std::vector<geo::LatLng> points;
    bool ring = false;
};
OutlinePoints outline_points(const geo::Shape& shape);

enum class Verdict : std::uint8_t { out, in, open };

class Plane {
  public:
    /// `reach`: the plan's own radius and margin.
    Plane(const geo::Shape& plan, double reach, Simd simd);
    /// Whether the outlines of plan and shape are at most `limit` metres apart (0 if one holds the
    /// other).
    Verdict judge(const Outline& shape, double limit) const;

    /// Whether it can say anything.
    bool usable() const { return count_ != 0; }
    /// Around the plan's outline and its inside. Precondition: usable(), and so below.
    geo::Ball ball() const;
    /// The true length of a straight way in longitude and latitude is at most this.
    double length_max(geo::LatLng a, geo::LatLng b) const;
    /// The curvature in space of such a way near the plan is at most this, per metre.
    double curvature_max() const { return curvature_max_; }

  private:
    std::vector<float> x_, y_;  // the plan's outline, and its last point outline_spare times more
    std::size_t count_ = 0;     // 0: nothing can be said
    bool ring_ = false;
    Simd simd_;
    double limit_max_ = 0;
    std::int64_t lat0_ = 0, lng0_ = 0;
    double x_scale_ = 0, y_scale_ = 0;  // metres per 1e-7 degrees
    double shrink_ = 1, stretch_ = 1;
    double curvature_max_ = 0;
};

}  // namespace entente::index
