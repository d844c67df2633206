// SPDX-License-Identifier: Apache-2.0
#include "tlog/tile.h"

#include <algorithm>
#include <charconv>

#include "base/assert.h"

namespace entente::tlog {
namespace {

constexpr std::size_t path_bytes_max = 64;  // "tile/entries/x036/x028/x797/x018/x963/967.p/255"
constexpr std::size_t entry_bytes_max_u16 = 65'535;

// 1234067 is x001/x234/067.
std::string index_path(std::uint64_t index) {
    std::string out;
    for (bool last = true; last || index > 0; last = false, index /= 1000) {
        std::string group = std::to_string(index % 1000);
        group.insert(0, 3 - group.size(), '0');
        out.insert(0, last ? group : "x" + group + "/");
    }
    return out;
}

Result<std::uint64_t> number(std::string_view digits) {
    std::uint64_t value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    if (error != std::errc() || stop != end) return fail(Errc::malformed, "not a number");
    return value;
}

// Reads the parts; whether they were spelt as they must be shows when the tile is written again.
Result<Tile> parse_parts(std::string_view path) {
    constexpr std::string_view prefix = "tile/";
    if (path.size() > path_bytes_max || !path.starts_with(prefix)) {
        return fail(Errc::malformed, "does not begin with tile/");
    }
    path.remove_prefix(prefix.size());
    Tile tile;
    tile.width = tile_width;
    const std::size_t slash = path.find('/');
    if (slash == path.npos) return fail(Errc::malformed, "has no tile number");
    const std::string_view level = path.substr(0, slash);
    path.remove_prefix(slash + 1);
    if (level == "entries") {
        tile.kind = Tile::Kind::entries;
    } else {
        TRY(value, number(level));
        if (value > 7) return fail(Errc::malformed, "level above 7");
        tile.level = static_cast<unsigned>(value);
    }
    if (const std::size_t partial = path.find(".p/"); partial != path.npos) {
        TRY(width, number(path.substr(partial + 3)));
        tile.width = width;
        path = path.substr(0, partial);
    }
    std::string digits;
    for (char c : path) {
        if (c != 'x' && c != '/') digits += c;
    }
    TRY(index, number(digits));
    tile.index = index;
    return tile;
}

}  // namespace

std::string Tile::path() const {
    std::string out = "tile/";
    out += kind == Kind::entries ? "entries" : std::to_string(level);
    out += '/' + index_path(index);
    if (width < tile_width) out += ".p/" + std::to_string(width);
    return out;
}

Result<Tile> Tile::parse(std::string_view path) {
    Result<Tile> tile = parse_parts(path);
    if (tile && tile->path() == path && tile->width >= 1 && tile->width <= tile_width) {
        // No tree is larger than 2^63 entries, so no tile reaches beyond.
        const std::uint64_t reach = std::uint64_t{1} << (63 - 8 * tile->level);
        const bool fits =
            tile->index < reach / tile_width || (tile->index == 0 && tile->width <= reach);
        if (fits) return tile;
    }
    return fail(Errc::malformed, "not the path of a tile: '" +
                                     std::string(path.substr(0, path_bytes_max)) +
                                     "' (wanted is like tile/0/x001/x234/067.p/5)");
}

std::vector<Tile> tiles_of(TreeSize size) {
    std::vector<Tile> out;
    const auto add = [&out](Tile::Kind kind, unsigned level, std::uint64_t hashes) {
        for (std::uint64_t first = 0; first < hashes; first += tile_width) {
            out.push_back({.kind = kind,
                           .level = level,
                           .index = first / tile_width,
                           .width = std::min(tile_width, hashes - first)});
        }
    };
    for (unsigned level = 0; level < 8 && size.v >> (8 * level) > 0; ++level) {
        add(Tile::Kind::hashes, level, size.v >> (8 * level));
    }
    add(Tile::Kind::entries, 0, size.v);
    return out;
}

Bytes hash_tile(const Tree& tree, const Tile& tile) {
    ASSERT(tile.kind == Tile::Kind::hashes);
    Bytes out;
    out.reserve(tile.width * 32);
    for (std::uint64_t i = 0; i < tile.width; ++i) {
        out += tree.node(8 * tile.level, tile.index * tile_width + i).view();
    }
    return out;
}

Result<void> append_to_bundle(Bytes& bundle, BytesView entry) {
    if (entry.size() > entry_bytes_max_u16) {
        return fail(Errc::too_large, "a bundle's entry has at most 65535 bytes, not " +
                                         std::to_string(entry.size()));
    }
    bundle += static_cast<char>(entry.size() >> 8);
    bundle += static_cast<char>(entry.size() & 255);
    bundle += entry;
    return {};
}

Result<std::vector<BytesView>> parse_bundle(BytesView bundle, std::uint64_t width) {
    std::vector<BytesView> out;
    std::size_t at = 0;
    for (std::uint64_t i = 0; i < width; ++i) {
        const auto byte = [&](std::size_t k) {
            return std::size_t{static_cast<unsigned char>(bundle[k])};
        };
        if (bundle.size() - at < 2 || bundle.size() - at - 2 < (byte(at) << 8 | byte(at + 1))) {
            return fail(Errc::malformed, "entry " + std::to_string(i) + " of the bundle's " +
                                             std::to_string(width) + " reaches beyond its " +
                                             std::to_string(bundle.size()) + " bytes");
        }
        const std::size_t length = byte(at) << 8 | byte(at + 1);
        out.push_back(bundle.substr(at + 2, length));
        at += 2 + length;
    }
    if (at != bundle.size()) {
        return fail(Errc::malformed, std::to_string(bundle.size() - at) +
                                         " bytes beyond the last of " + std::to_string(width) +
                                         " entries");
    }
    return out;
}

}  // namespace entente::tlog
