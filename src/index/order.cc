// SPDX-License-Identifier: Apache-2.0
#include "index/order.h"

#include <s2/s2cell_id.h>

namespace entente::index {

std::uint64_t place_along_curve(geo::Vec3 p) {
    return S2CellId(S2Point(p.x, p.y, p.z)).id();
}

}  // namespace entente::index
