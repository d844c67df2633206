// SPDX-License-Identifier: Apache-2.0
// The inner loops of Plane::judge (plane.h) in floats, for each vector level.
#pragma once

#include "index/plane.h"

namespace entente::index {

/// Two outlines in one plane, in metres. All limits are squared, and allow for rounding.
struct OutlinePair {
    struct {
        const float* x;  // `count` points, and outline_spare copies of the last
        const float* y;
        std::size_t count;
        bool ring;
    } plan;
    const Outline* shape = nullptr;
    float x = 0, y = 0;              // of the shape's anchor
    float x_scale = 0, y_scale = 0;  // metres a unit of the shape's offsets
    float in2 = 0;       // outlines no further apart than this are in; -1: none surely is
    float out2 = 0;      // beyond this they are out
    float all_out2 = 0;  // with the anchor beyond this, all of the shape is out
    float unclear2 = 0;  // so near an edge, floats do not say on which side of it a point is
};

Verdict judge_pair(const OutlinePair& pair, Simd simd);

}  // namespace entente::index
