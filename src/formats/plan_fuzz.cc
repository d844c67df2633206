// SPDX-License-Identifier: Apache-2.0
// A plan of any bytes ends in volumes that are valid and within the limits, or in a reason. What is
// read and written again reads as the same shapes.
#include <cstdint>

#include "base/assert.h"
#include "base/limits.h"
#include "formats/geojson.h"
#include "formats/geometry.h"
#include "geo/valid.h"

namespace entente::formats {
namespace {

void try_all(BytesView bytes) {
    auto protection = read_protection(bytes);
    if (protection) {
        auto again = read_protection(write_feature(protection->protection, ""));
        ASSERT(again.has_value());
        ASSERT(again->protection == protection->protection);
    }
    auto plan = read_plan(bytes);
    if (!plan) {
        ASSERT(!plan.error().detail.empty());
        return;
    }
    ASSERT(!plan->volumes.empty() && plan->volumes.size() <= limits::volumes_max);
    ASSERT(plan->paths.size() == plan->volumes.size());
    for (const auto& volume : plan->volumes) {
        ASSERT(geo::validate(volume).has_value());
        auto shapes = read_geometry(write_geometry(volume.shape));
        ASSERT(shapes.has_value() && shapes->size() == 1);
    }
}

}  // namespace
}  // namespace entente::formats

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    entente::formats::try_all({reinterpret_cast<const char*>(data), size});
    return 0;
}
