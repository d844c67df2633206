// SPDX-License-Identifier: Apache-2.0
#include "geo/ball.h"

#include "geo/prepared.h"

namespace entente::geo {

Ball earth_ball() { return {{0, 0, 0}, equator_radius + 1}; }

Ball bounding_ball(const Shape& shape) {
    Ball ball = Prepared(shape).ball();
    ball.radius_m += 1e-3;  // rounding of coordinates and sums
    return ball;
}

}  // namespace entente::geo
