// SPDX-License-Identifier: Apache-2.0
// The register as vector tiles (Mapbox Vector Tile 2.1, Web Mercator, XYZ addresses) for the map. A
// picture, thinned so that a tile is small and quick; no check ever uses it.
//
//     std::shared_ptr<const Picture> picture = Picture::build(view, now);
//     TRY(address, parse_tile("9/308/207"));
//     Bytes mvt = tile(*picture, address, now);        // empty: there is nothing to draw
//
// Layers, each absent where it would be empty:
//   protections  points: what protects at `now`. While a tile holds more than points_raw_max they
//                are grouped by the cells of a grid, the finest that leaves at most
//                points_grouped_max. `count` says how many a feature stands for (1: itself); the
//                counts of a tile add up to what is in it. A record counts once, but where an
//                earlier place of it still protects, that place counts too and has `earlier`: true.
//                Tags: id, class, state, count; `kind`: presence where a group is; `name` (cut to
//                tile_name_bytes_max) only where count is 1. A group of points has the tags of one
//                of its records, and lies where that one lies.
//   shapes       footprints: polygons, and lines where a corridor is thinner than two pixels.
//   reaches      footprints grown by buffer and accuracy: polygons.
//                Both with tags id, class, state, and earlier: true as above. Drawn larger rather
//                than smaller: never more than a pixel inside the true area. From zoom 9 up what is
//                a pixel across, and at every zoom what is some 10 km and 4 pixels across; the
//                largest first, and no more than shapes_max or shapes_bytes_max of each: where
//                there are more, the smaller ones are points only.
// A pixel is 1/512 of a tile's side. Web Mercator ends at latitude ±85.0511°: what lies beyond is
// drawn at the edge, so that it stays visible; reaches of lines and areas beyond 85° are boxes. A
// worst tile is under 500 kB. Heights and windows are not looked at. Pure; safe from any thread.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "formats/tile_picture.h"

namespace entente::formats {

constexpr std::uint32_t tile_zoom_max = 22;
constexpr std::size_t points_raw_max = 2000;
constexpr std::size_t points_grouped_max = 2500;
constexpr std::size_t tile_name_bytes_max = 64;
constexpr std::size_t shapes_max = 1000;
constexpr std::size_t shapes_bytes_max = 70'000;

struct TileAddress {
    std::uint32_t z = 0;
    std::uint32_t x = 0;
    std::uint32_t y = 0;
    bool operator==(const TileAddress&) const = default;
};

/// "Z/X/Y" in plain decimals; Errc::malformed where it is not, Errc::not_found where there is no
/// such tile: z over tile_zoom_max, x or y at 2^z or more.
Result<TileAddress> parse_tile(std::string_view text);

/// Precondition: the address exists, and `now` is not before the picture was built.
Bytes tile(const Picture& picture, TileAddress address, Instant now);

}  // namespace entente::formats
