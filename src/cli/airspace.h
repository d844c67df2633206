// SPDX-License-Identifier: Apache-2.0
// The boundaries and zones that the register holds, for tracks out of files.
#pragma once

#include <string>
#include <vector>

#include "cli/service.h"
#include "geo/shape.h"

namespace entente::cli {

/// One version of a party's that is in force.
struct StatedZone {
    std::string name;  // as others gave it: not printable by itself
    std::vector<geo::Volume4D> volumes;
};
Result<std::vector<StatedZone>> stated_zones(Service& service);

}  // namespace entente::cli
