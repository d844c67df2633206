// SPDX-License-Identifier: Apache-2.0
#include "index/order.h"

#include <s2/s2cell_id.h>

namespace entente::index {

std::uint64_t place_along_curve(geo::Vec3 p) {
    // The ball of everything on Earth has its middle at the Earth's, which lies on no face of S2.
    if (p == geo::Vec3{}) return 0;
    return S2CellId(S2Point(p.x, p.y, p.z)).id();
}

}  // namespace entente::index
