// SPDX-License-Identifier: Apache-2.0
// Directions as people say them.
#pragma once

#include <cmath>

#include "base/units.h"

namespace entente::geo {

/// "N", "NE" and so on, the nearest of eight. `azimuth` in [0, 360].
inline const char* compass(Degrees azimuth) {
    constexpr const char* points[] = {"N", "NE", "E", "SE", "S", "SW", "W", "NW"};
    return points[static_cast<int>(std::floor(azimuth.v / 45.0 + 0.5)) % 8];
}

}  // namespace entente::geo
