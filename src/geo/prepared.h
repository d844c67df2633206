// SPDX-License-Identifier: Apache-2.0
// A shape made ready for many distance questions: its skeleton (point, line, rings) cut into
// straight pieces in WGS84 Cartesian space, exact integer rings for containment, balls for quick
// refusal. The pieces are not the truth: each knows how far at most the true edge, straight in
// longitude and latitude, runs beside it, and geo/distance.h cuts it finer where that decides.
//
// A circle keeps nothing on the heap (72 bytes in all); for other shapes copies share one immutable
// skeleton. Safe to read from any thread.
#pragma once

#include <memory>

#include "geo/ball.h"
#include "geo/shape.h"

namespace entente::geo {

struct Skeleton;  // geo/skeleton.h, for this room

class Prepared {
  public:
    /// Precondition: validate(shape) (geo/valid.h); for strangers' invalid ones padded_box()
    /// (geo/box.h) makes a valid area.
    explicit Prepared(const Shape& shape);

    /// Of a circle its centre, of other shapes the middle of their extent in space, at the surface.
    LatLng center() const { return center_; }
    /// The shape's own radius or half-width.
    Metres radius() const { return {radius_}; }
    /// Around the whole shape, interiors and own radius included.
    Ball ball() const { return {middle_, skeleton_radius_ + radius_}; }
    /// The same without the own radius, which is exact at 0 for a circle.
    Ball skeleton_ball() const { return {middle_, skeleton_radius_}; }

    bool is_circle() const { return skeleton_ == nullptr; }
    /// Precondition: not a circle.
    const Skeleton& skeleton() const { return *skeleton_; }

  private:
    LatLng center_;
    Vec3 middle_;
    double skeleton_radius_ = 0;
    double radius_ = 0;
    std::shared_ptr<const Skeleton> skeleton_;
};

}  // namespace entente::geo
