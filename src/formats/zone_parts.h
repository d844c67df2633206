// SPDX-License-Identifier: Apache-2.0
// What ED-269 and ED-318 say of a zone's lengths, heights and times. What narrows a zone and cannot
// be kept goes into `widened`. For this room only.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "formats/json.h"
#include "geo/shape.h"

namespace entente::formats {

enum class Uom : std::uint8_t { metres, feet };

/// "M" or "FT", in any case; absent: metres.
Result<Uom> uom_of(const Json* value, const std::string& path);

/// A number, or a number in quotes as ED-269's own sample has it; rounded up to decimetres.
Result<Decimetres> radius_of(const Json* value, const std::string& path, Uom uom);

/// One end of a zone's heights as it stands in the file.
struct Limit {
    const Json* value = nullptr;
    const Json* reference = nullptr;
    const char* name = "";
};
struct Limits {
    Limit lower;
    Limit upper;
    Uom uom = Uom::metres;
};
Result<geo::Band> band_of(const Limits& limits, const std::string& path,
                          std::vector<std::string>& widened);

/// ED-269's `applicability`, ED-318's `limitedApplicability`: at least one window; absent or empty,
/// always.
Result<std::vector<geo::Window>> windows_of(const Json* list, const std::string& path,
                                            std::vector<std::string>& widened);

}  // namespace entente::formats
