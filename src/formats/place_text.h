// SPDX-License-Identifier: Apache-2.0
// Lengths, heights and times of a place in plain words, for terminals and paper.
#pragma once

#include <string>

#include "geo/shape.h"

namespace entente::formats {

/// "80.0 m".
std::string metres_text(double metres);
/// "all heights", "0.0 m to 300.0 m AGL".
std::string band_text(const geo::Band& band);
/// "at all times", "from … until …".
std::string window_text(const geo::Window& window);

}  // namespace entente::formats
