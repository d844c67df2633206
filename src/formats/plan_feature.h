// SPDX-License-Identifier: Apache-2.0
// One Feature of a plan as volumes; what plans and files of zones share. For this room only.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "formats/json.h"
#include "geo/shape.h"

namespace entente::formats {

/// The names of properties that mean something in a plan.
const std::vector<std::string>& plan_names();

/// Valid (geo/valid.h). `vertices` counts up across calls and meets limits::vertices_max.
Result<std::vector<geo::Volume4D>> plan_volumes(const Json& json, const std::string& path,
                                                std::vector<std::string>& ignored,
                                                std::size_t& vertices);

}  // namespace entente::formats
