// SPDX-License-Identifier: Apache-2.0
// A file of zones of any bytes ends in volumes that are valid and within the limits, or in a
// reason.
#include <cstdint>

#include "base/assert.h"
#include "formats/zones.h"
#include "geo/valid.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto read = entente::formats::read_zones({reinterpret_cast<const char*>(data), size});
    if (!read) {
        ASSERT(!read.error().detail.empty());
        return 0;
    }
    ASSERT(!read->volumes.empty());
    ASSERT(read->volumes.size() <= entente::formats::zone_volumes_max);
    for (const auto& one : read->volumes) ASSERT(entente::geo::validate(one.volume).has_value());
    return 0;
}
