// SPDX-License-Identifier: Apache-2.0
// For tests only: what serves a log's tiles, and the loop that pulls from it.
#pragma once

#include <bit>
#include <functional>

#include "mirror/pull.h"
#include "mirror/world.h"

namespace entente::mirror::test {

using Get = std::function<std::optional<Bytes>(const std::string& path)>;

/// The files of a log, of any width that its tree has.
inline Get files_of(const World& world) {
    return [&world](const std::string& path) -> std::optional<Bytes> {
        const tlog::Tile tile = tlog::Tile::parse(path).value();
        const std::uint64_t end = tile.index * tlog::tile_width + tile.width;
        if (end > world.entries().size() >> (8 * tile.level)) return std::nullopt;
        if (tile.kind == tlog::Tile::Kind::hashes) return tlog::hash_tile(world.tree(), tile);
        Bytes out;
        for (std::uint64_t i = end - tile.width; i < end; ++i) {
            ASSERT(tlog::append_to_bundle(out, world.entries()[i]).has_value());
        }
        return out;
    };
}

/// A log of up to 2^63 entries of which all below `branch` are alike, and all from there on: so its
/// hashes need no memory.
class Vast {
  public:
    explicit Vast(std::uint64_t branch) : branch_(branch) {
        before_.push_back(tlog::leaf_hash("before"));
        behind_.push_back(tlog::leaf_hash("behind"));
        for (int level = 0; level < 63; ++level) {
            before_.push_back(tlog::node_hash(before_.back(), before_.back()));
            behind_.push_back(tlog::node_hash(behind_.back(), behind_.back()));
        }
    }
    BytesView entry(std::uint64_t index) const { return index < branch_ ? "before" : "behind"; }
    Hash root(Range range) const {
        const bool before = range.end <= branch_;
        if (std::has_single_bit(range.leaves()) && (before || range.begin >= branch_)) {
            const auto level = static_cast<std::size_t>(std::countr_zero(range.leaves()));
            return (before ? before_ : behind_)[level];
        }
        const std::uint64_t middle = range.begin + std::bit_floor(range.leaves() - 1);
        return tlog::node_hash(root({range.begin, middle}), root({middle, range.end}));
    }
    std::optional<Bytes> get(const std::string& path) const {
        const tlog::Tile tile = tlog::Tile::parse(path).value();
        Bytes out;
        for (std::uint64_t i = 0; i < tile.width; ++i) {
            const std::uint64_t n = tile.index * tlog::tile_width + i;
            if (tile.kind == tlog::Tile::Kind::entries) {
                ASSERT(tlog::append_to_bundle(out, entry(n)).has_value());
            } else {
                out += root({n << (8 * tile.level), (n + 1) << (8 * tile.level)}).view();
            }
        }
        return out;
    }

  private:
    std::uint64_t branch_;
    std::vector<Hash> before_, behind_;
};

/// Gives the mirror what has been verified. How many entries that were.
inline Checked<std::size_t> drain(Mirror& mirror, Pull& pull) {
    std::size_t count = 0;
    while (auto chunk = pull.chunk()) {
        TRY(step, mirror.advance(*std::move(chunk)));
        count += step.entries().size();
        TRYV(mirror.adopt(std::move(step)));
    }
    return count;
}

/// Pulls until all is there, a fault, or `most` requests. The number of requests.
inline Checked<std::size_t> pull_all(Mirror& mirror, const Bytes& note, const Get& get,
                                     std::size_t most = ~std::size_t{0}) {
    TRY(pull, Pull::begin(mirror, note));
    TRYV(drain(mirror, pull));
    std::size_t requests = 0;
    for (auto path = pull.want(); path && requests < most; path = pull.want()) {
        ++requests;
        const auto bytes = get(*path);
        auto taken = bytes ? pull.take(*bytes) : pull.missing();
        // What was verified before a fault stays verified.
        TRYV(drain(mirror, pull));
        if (!taken) return tl::unexpected(std::move(taken).error());
    }
    pull.flush();
    TRYV(drain(mirror, pull));
    return requests;
}

}  // namespace entente::mirror::test
