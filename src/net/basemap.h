// SPDX-License-Identifier: Apache-2.0
// An operator's own basemap, as the edge that can read it hands it over. Only a picture under the
// register.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace entente::net {

struct Basemap {
    std::string format;  // "png", "jpg", "webp", or "pbf" for vector tiles
    std::uint32_t zoom_min = 0;
    std::uint32_t zoom_max = 22;
    std::string attribution;
    std::vector<std::string> layers;  // of vector tiles
    /// A tile by XYZ address (y from the north), as stored; nothing where there is none. Any
    /// thread.
    std::function<Result<std::optional<Bytes>>(std::uint32_t z, std::uint32_t x, std::uint32_t y)>
        tile;
};

}  // namespace entente::net
