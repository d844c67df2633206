// SPDX-License-Identifier: Apache-2.0
// How large a box of longitude and latitude is: never too small, and the same numbers on every
// machine, because charters set limits by them.
#pragma once

#include "geo/box.h"

namespace entente::geo {

struct BoxSize {
    double area_km2 = 0;
    double across_m = 0;  // the longer of its height and its width where it is widest
};
BoxSize size_of(const Box& box);

}  // namespace entente::geo
