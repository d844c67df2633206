// SPDX-License-Identifier: Apache-2.0
// An order in which things near each other on Earth come near each other: the Hilbert curve of
// S2CellId. Used for packing only, never for a decision.
#pragma once

#include <cstdint>

#include "geo/ecef.h"

namespace entente::index {

/// The place of the direction from Earth's centre along the curve.
std::uint64_t place_along_curve(geo::Vec3 p);

}  // namespace entente::index
