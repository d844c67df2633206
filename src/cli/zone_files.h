// SPDX-License-Identifier: Apache-2.0
// Boundaries that a served node is given as files, until they are statements of the register.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "watch/live.h"

namespace entente::cli {

/// Each `PARTY:VERSION:FILE`; the file is GeoJSON, ED-269 or ED-318 (formats/zones.h). Volumes of
/// one zone in one file are one boundary; a zone without an identifier is called by its place in
/// the file. `notes`: what a file says narrower than it is kept.
Result<std::vector<watch::Boundary>> read_boundaries(const std::vector<std::string>& given,
                                                     std::vector<std::string>& notes);

}  // namespace entente::cli
