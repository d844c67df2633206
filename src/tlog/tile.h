// SPDX-License-Identifier: Apache-2.0
// Tiles as C2SP tlog-tiles lays them out: which files a tree of a given size consists of, what
// they are called, and their bytes. No files are touched here.
//
//     for (const Tile& tile : tiles_of(log.size())) write(tile.path(), ...);
#pragma once

#include <string>
#include <vector>

#include "tlog/merkle.h"

namespace entente::tlog {

constexpr std::uint64_t tile_width = 256;  // hashes of a full tile

/// Coordinates of one tile or entry bundle.
struct Tile {
    enum class Kind : std::uint8_t { hashes, entries };
    Kind kind = Kind::hashes;
    unsigned level = 0;       // 0 to 7; 0 for bundles
    std::uint64_t index = 0;  // N
    std::uint64_t width = 0;  // 1 to 256
    auto operator<=>(const Tile&) const = default;

    /// `tile/0/x001/x234/067`, `tile/1/000.p/17`, `tile/entries/003`.
    std::string path() const;
    /// The only inverse of path(): anything else is refused.
    static Result<Tile> parse(std::string_view path);
    /// Index of the first leaf or entry below this tile's first hash.
    EntryIndex first() const { return {index * tile_width << (8 * level)}; }
};

/// Every tile and bundle of a tree of this size, the full ones and the one partial one of a level:
/// hash tiles from level 0 up, then bundles, each in order. A tile of width 0 does not exist.
std::vector<Tile> tiles_of(TreeSize size);

/// The bytes of a hash tile. Precondition: the tile lies within the tree.
Bytes hash_tile(const Tree& tree, const Tile& tile);

/// Appends one entry to a bundle: its length as big-endian u16, then its bytes. Errc::too_large
/// beyond 65,535 bytes; then the bundle is unchanged.
Result<void> append_to_bundle(Bytes& bundle, BytesView entry);
/// The `width` entries of a bundle, as views into it; surplus or missing bytes are refused.
Result<std::vector<BytesView>> parse_bundle(BytesView bundle, std::uint64_t width);

}  // namespace entente::tlog
