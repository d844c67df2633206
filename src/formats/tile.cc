// SPDX-License-Identifier: Apache-2.0
#include "formats/tile.h"

#include <charconv>

#include "base/assert.h"
#include "formats/tile_layers.h"

namespace entente::formats {

Result<TileAddress> parse_tile(std::string_view text) {
    TileAddress out;
    const char* at = text.data();
    const char* const end = at + text.size();
    for (std::uint32_t* part : {&out.z, &out.x, &out.y}) {
        if (part != &out.z && (at == end || *at++ != '/')) at = nullptr;
        const char* const begin = at;
        std::from_chars_result read{nullptr, std::errc::invalid_argument};
        if (at != nullptr) read = std::from_chars(at, end, *part);
        if (read.ec == std::errc::result_out_of_range) {
            return fail(Errc::not_found, "tile " + std::string(text.substr(0, 40)) +
                                             ": there is none; the largest zoom is " +
                                             std::to_string(tile_zoom_max));
        }
        if (read.ec != std::errc() || (*begin == '0' && read.ptr != begin + 1)) {
            return fail(Errc::malformed, "tile " + std::string(text.substr(0, 40)) +
                                             ": expected Z/X/Y in plain decimals, as in 9/308/207");
        }
        at = read.ptr;
    }
    if (at != end) {
        return fail(Errc::malformed, "tile " + std::string(text.substr(0, 40)) +
                                         ": expected Z/X/Y and nothing after it");
    }
    if (out.z > tile_zoom_max) {
        return fail(Errc::not_found, "zoom " + std::to_string(out.z) + ": the largest is " +
                                         std::to_string(tile_zoom_max));
    }
    const std::uint32_t side = 1u << out.z;
    if (out.x >= side || out.y >= side) {
        return fail(Errc::not_found, "tile " + std::string(text) + ": x and y are below " +
                                         std::to_string(side) + " at zoom " +
                                         std::to_string(out.z));
    }
    return out;
}

Bytes tile(const Picture& picture, TileAddress address, Instant now) {
    ASSERT(address.z <= tile_zoom_max && address.x >> address.z == 0 &&
           address.y >> address.z == 0);
    return shape_layers(picture, address, now) + protections_layer(picture, address, now);
}

}  // namespace entente::formats
