// SPDX-License-Identifier: Apache-2.0
#include "node/log_files.h"

#include "tlog/tile.h"

namespace entente::node {
namespace {

/// Whether a tree of this size has all of the tile.
bool within(const tlog::Tile& tile, TreeSize size) {
    // Hashes of level n stand for 256^n entries each, and only whole ones are in a tile.
    const std::uint64_t available = size.v >> (8 * tile.level);
    return tile.index <= available / tlog::tile_width &&
           tile.index * tlog::tile_width + tile.width <= available;
}

}  // namespace

Result<Bytes> tile_file(const LogFiles& log, std::string_view path) {
    TRY(tile, tlog::Tile::parse(path));
    if (!within(tile, log.tree.size())) {
        return fail(Errc::not_found, "the log has " + std::to_string(log.tree.size().v) +
                                         " entries, and no " + std::string(path) + " yet");
    }
    if (tile.kind == tlog::Tile::Kind::hashes) return tlog::hash_tile(log.tree, tile);
    Bytes bundle;
    const EntryIndex first = tile.first();
    TRYV(log.store.scan(log.origin, first, {first.v + tile.width}, [&](StoredEntry&& row) {
        return tlog::append_to_bundle(bundle, row.entry);
    }));
    return bundle;
}

}  // namespace entente::node
