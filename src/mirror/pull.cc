// SPDX-License-Identifier: Apache-2.0
#include "mirror/pull.h"

#include <algorithm>
#include <bit>

#include "base/assert.h"
#include "base/breaks.h"
#include "base/limits.h"

namespace entente::mirror {
namespace {

using tlog::Tile;
using tlog::tile_width;

constexpr unsigned levels = 8;  // of tiles in a tree below 2^63

std::string text(std::uint64_t n) { return std::to_string(n); }

// The leaves below one hash of a tile of this level.
Range below(unsigned level, std::uint64_t index) {
    return {index << (8 * level), (index + 1) << (8 * level)};
}

// The number of the tile of this level that covers a leaf. 2^63 leaves have one tile of level 7.
std::uint64_t tile_of(unsigned level, std::uint64_t leaf) {
    return level + 1 == levels ? 0 : leaf >> (8 * (level + 1));
}

// How many hashes of this level stand in the tile at the right edge of a tree.
std::uint64_t edge_width(unsigned level, std::uint64_t size) {
    return size >> (8 * level) & (tile_width - 1);
}

}  // namespace

Checked<Pull> Pull::begin(const Mirror& mirror, BytesView note) {
    Pull pull;
    TRY(head, open_head(note, mirror.log()));
    TRY(age, mirror.compare(head));
    if (age == Age::older || age == Age::unproven) {
        return fault(Reason::rolled_back, "this head of size " + text(head.checkpoint.size.v) +
                                              " is older than the newest known, of size " +
                                              text(mirror.head()->checkpoint.size.v));
    }
    pull.log_ = mirror.log();
    pull.head_ = std::move(head);
    pull.known_ = mirror.head();
    pull.next_ = mirror.size();
    for (const Range range : peaks(mirror.size())) {
        pull.own_.emplace_back(range, mirror.tree().range_root(range.begin, range.end));
    }
    if (pull.size() == pull.next_.v) {
        // An empty log: its first head is all that there is.
        if (!pull.known_) pull.ready_.push_back({pull.head_, {}, {}, {}, {}, {}});
    } else if (pull.size() - pull.next_.v <= limits::pull_quick_entries_max) {
        pull.phase_ = Phase::quick;
        for (const auto& [range, hash] : pull.own_) pull.nodes_.put(range, hash);
        pull.want_bundle();
    } else {
        pull.want_edge();
    }
    return pull;
}

std::optional<std::string> Pull::want() const {
    if (phase_ == Phase::over) return std::nullopt;
    Tile tile = wanted_;
    if (whole_) tile.width = tile_width;
    return tile.path();
}

std::size_t Pull::want_bytes_max() const {
    return wanted_.kind == Tile::Kind::hashes ? tile_width * 32 : limits::tile_file_bytes_max;
}

std::vector<std::string> Pull::ahead(std::size_t most) const {
    std::vector<std::string> out;
    if (phase_ == Phase::over) return out;
    out.push_back(*want());
    if (phase_ != Phase::quick && phase_ != Phase::stream) return out;
    // Bundles follow each other up to the end of the level-1 tile that is known or wanted.
    const bool bundle = wanted_.kind == Tile::Kind::entries;
    if (!bundle && wanted_.level > 1) return out;
    std::uint64_t index = bundle ? wanted_.index + 1 : next_.v / tile_width;
    const std::uint64_t stop = (next_.v / tile_width / tile_width + 1) * tile_width;
    for (; out.size() < most && index < stop && index * tile_width < size(); ++index) {
        const std::uint64_t width = std::min(tile_width, size() - index * tile_width);
        out.push_back(Tile{Tile::Kind::entries, 0, index, width}.path());
    }
    return out;
}

Checked<void> Pull::take(BytesView bytes) {
    if (phase_ == Phase::over) return fault(Reason::stale, "nothing is wanted any more");
    auto taken = take_file(bytes);
    if (!taken) end();
    return taken;
}

Checked<void> Pull::take_file(BytesView bytes) {
    if (bytes.size() > want_bytes_max()) {
        return fault(Reason::too_large, *want() + " has at most " + text(want_bytes_max()) +
                                            " bytes (tile_file_bytes_max), not " +
                                            text(bytes.size()));
    }
    switch (phase_) {
        case Phase::quick: return take_quick(bytes);
        case Phase::edge: return take_edge(bytes);
        case Phase::boundary: return take_inner(bytes);
        case Phase::stream:
            return wanted_.kind == Tile::Kind::hashes ? take_inner(bytes) : take_bundle(bytes);
        case Phase::over: break;
    }
    return {};
}

Checked<void> Pull::missing() {
    if (phase_ == Phase::over) return fault(Reason::stale, "nothing is wanted any more");
    if (wanted_.width < tile_width && !whole_) {
        whole_ = true;
        return {};
    }
    const std::string path = *want();
    end();
    return fault(Reason::withheld, "the source has no " + path + ", which its head of size " +
                                       text(size()) + " needs");
}

void Pull::flush() {
    if (phase_ == Phase::stream && !kept_.empty()) emit();
}

void Pull::end() {
    flush();
    phase_ = Phase::over;
}

std::optional<Chunk> Pull::chunk() {
    if (ready_.empty()) return std::nullopt;
    Chunk out = std::move(ready_.front());
    ready_.erase(ready_.begin());
    return out;
}

void Pull::want_file(const Tile& tile) {
    wanted_ = tile;
    whole_ = false;
}

void Pull::want_bundle() {
    const std::uint64_t index = next_.v / tile_width;
    want_file({.kind = Tile::Kind::entries,
               .level = 0,
               .index = index,
               .width = std::min(tile_width, size() - index * tile_width)});
}

// The tiles at the right edge, from the top down; together they have the root. False if all of them
// are here.
bool Pull::want_edge() {
    phase_ = Phase::edge;
    for (unsigned level = levels; level-- > 0;) {
        const std::uint64_t index = tile_of(level, size());
        if (edge_width(level, size()) == 0 || tiles_.contains({level, index})) continue;
        want_file({Tile::Kind::hashes, level, index, edge_width(level, size())});
        return true;
    }
    return false;
}

// The next tile that is missing on the way from the edge to the hash of level `lowest` above a
// leaf. Each hangs on a hash that is known when it is its turn.
std::optional<Tile> Pull::tile_on_the_way(std::uint64_t position, unsigned lowest) const {
    for (unsigned level = levels; level-- > lowest;) {
        const std::uint64_t index = tile_of(level, position);
        if (index == tile_of(level, size()) || tiles_.contains({level, index})) continue;
        return Tile{Tile::Kind::hashes, level, index, tile_width};
    }
    return std::nullopt;
}

// What is wanted next, where no file is under way, in the phases boundary and stream.
Checked<void> Pull::go_on() {
    if (phase_ == Phase::boundary) {
        // Levels on which the old size ends with a full tile show nothing of it.
        const auto lowest = static_cast<unsigned>(std::countr_zero(old_size())) / 8;
        if (const auto tile = tile_on_the_way(old_size(), lowest)) {
            want_file(*tile);
            return {};
        }
        TRY(proven, prove_growth());
        ready_.push_back(std::move(proven));
        begin_stream();
    }
    if (next_.v == size()) {
        end();
        return {};
    }
    const bool full = (next_.v / tile_width + 1) * tile_width <= size();
    const auto tile = full ? tile_on_the_way(next_.v, 1) : std::nullopt;
    if (tile) {
        want_file(*tile);
    } else {
        want_bundle();
    }
    return {};
}

void Pull::begin_stream() {
    phase_ = Phase::stream;
    // What is held lies in this tree: its root there has been compared.
    for (const auto& [range, hash] : own_) nodes_.put(range, hash);
    nodes_.settle(next_);
}

Checked<std::vector<Hash>> Pull::read_hashes(BytesView bytes) const {
    const std::uint64_t width = whole_ ? tile_width : wanted_.width;
    if (bytes.size() != width * 32) {
        return fault(Reason::malformed,
                     *want() + " has " + text(width * 32) + " bytes, not " + text(bytes.size()));
    }
    std::vector<Hash> out;
    for (std::uint64_t i = 0; i < wanted_.width; ++i) {
        out.push_back(Hash::from(bytes.substr(i * 32, 32)));
    }
    return out;
}

Checked<std::vector<BytesView>> Pull::read_bundle(BytesView bytes) const {
    auto entries = tlog::parse_bundle(bytes, whole_ ? tile_width : wanted_.width);
    if (!entries) return fault(Reason::malformed, *want() + ": " + entries.error().detail);
    entries->resize(wanted_.width);
    return *std::move(entries);
}

void Pull::put_tile(const Tile& tile, std::span<const Hash> hashes) {
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        nodes_.put(below(tile.level, tile.index * tile_width + i), hashes[i]);
    }
    tiles_.insert({tile.level, tile.index});
}

// Takes over the entries of a bundle that are new. Precondition: its hash has been verified, or
// will be before anything is emitted.
Checked<void> Pull::keep(std::span<const BytesView> entries) {
    const std::uint64_t first = wanted_.first().v;
    for (std::uint64_t i = next_.v - first; i < entries.size(); ++i) {
        if (entries[i].size() <= limits::entry_bytes_max) continue;
        return fault(Reason::too_large, "entry " + text(first + i) + " has " +
                                            text(entries[i].size()) + " bytes; at most are " +
                                            text(limits::entry_bytes_max) + " (entry_bytes_max)");
    }
    for (std::uint64_t i = next_.v - first; i < entries.size(); ++i) {
        kept_.emplace_back(entries[i]);
        kept_bytes_ += entries[i].size();
    }
    next_.v = first + entries.size();
    return {};
}

Checked<void> Pull::take_quick(BytesView bytes) {
    TRY(entries, read_bundle(bytes));
    const std::uint64_t first = wanted_.first().v;
    for (std::uint64_t i = next_.v - first; i < entries.size(); ++i) {
        nodes_.put(below(0, first + i), tlog::leaf_hash(entries[i]));
    }
    TRYV(keep(entries));
    if (next_.v == size()) return finish_quick();
    want_bundle();
    return {};
}

// All new entries are here, and not one hash of the source's has been believed.
Checked<void> Pull::finish_quick() {
    if (nodes_.root({0, size()}) == head_.checkpoint.root ||
        broken(Break::believe_unverified_entry)) {
        TRY(proven, prove_growth());
        proven.entries = std::move(kept_);
        ready_.push_back(std::move(proven));
        end();
        return {};
    }
    // Something is wrong: either these entries, or the log. Only the source's tiles can tell.
    next_.v = size() - kept_.size();
    kept_.clear();
    kept_bytes_ = 0;
    nodes_.clear();
    want_edge();
    return {};
}

// The tree of the head has been verified as far as this needs: does it extend the newest head that
// was known?
Checked<Chunk> Pull::prove_growth() {
    Chunk out{head_, {old_size()}, {}, {next_.v - kept_.size()}, {}, {}};
    if (old_size() == 0) return out;
    const Sizes sizes{{old_size()}, {size()}};
    if (nodes_.root({0, old_size()}) != known_->checkpoint.root) {
        const auto path = nodes_.path(sizes);
        ASSERT(path.has_value());
        return tl::unexpected(contradiction(*known_, head_, *path, log_));
    }
    if (old_size() == size()) return out;
    auto proof = nodes_.consistency_proof(sizes);
    ASSERT(proof.has_value());
    out.growth = *std::move(proof);
    return out;
}

Checked<void> Pull::take_edge(BytesView bytes) {
    TRY(hashes, read_hashes(bytes));
    put_tile(wanted_, hashes);
    if (want_edge()) return {};
    if (nodes_.root({0, size()}) != head_.checkpoint.root) {
        return fault(Reason::wrong_root,
                     "the source's tiles do not have the root of the head of "
                     "size " +
                         text(size()) + " that it showed");
    }
    if (old_size() == size()) {
        begin_stream();
    } else if (old_size() == 0) {
        ready_.push_back({head_, {}, {}, next_, {}, {}});
        begin_stream();
    } else {
        phase_ = Phase::boundary;
    }
    return go_on();
}

// A full tile somewhere inside: its root stands in the tile above.
Checked<void> Pull::take_inner(BytesView bytes) {
    TRY(hashes, read_hashes(bytes));
    if (complete_root(hashes) != nodes_.root(below(wanted_.level + 1, wanted_.index))) {
        return fault(Reason::wrong_hash, *want() + " is not what the tile above it says");
    }
    put_tile(wanted_, hashes);
    return go_on();
}

Checked<void> Pull::take_bundle(BytesView bytes) {
    TRY(entries, read_bundle(bytes));
    std::vector<Hash> leaves;
    leaves.reserve(entries.size());
    for (const BytesView entry : entries) leaves.push_back(tlog::leaf_hash(entry));
    const std::uint64_t first = wanted_.first().v;
    if (wanted_.width == tile_width) {
        if (complete_root(leaves) != nodes_.root(below(1, wanted_.index))) {
            return fault(Reason::wrong_hash, *want() + " does not hash to its place in the tree");
        }
    } else {
        for (std::uint64_t i = next_.v - first; i < leaves.size(); ++i) {
            if (leaves[i] == nodes_.root(below(0, first + i))) continue;
            return fault(Reason::wrong_hash, "entry " + text(first + i) + " in " + *want() +
                                                 " does not hash to its place in the tree");
        }
    }
    TRYV(keep(entries));
    if (next_.v == size() || kept_.size() >= limits::pull_chunk_entries ||
        kept_bytes_ >= limits::pull_chunk_bytes) {
        emit();
    }
    return go_on();
}

// Hands out what is kept, and forgets what lies left of it.
void Pull::emit() {
    Chunk out{head_, {size()}, {}, {next_.v - kept_.size()}, std::move(kept_), {}};
    kept_.clear();
    kept_bytes_ = 0;
    if (next_.v < size()) {
        auto rest = nodes_.consistency_proof({next_, {size()}});
        ASSERT(rest.has_value());
        out.rest = *std::move(rest);
        nodes_.settle(next_);
        std::erase_if(tiles_, [this](const Position& tile) {
            return tile.level + 1 < levels && below(tile.level + 1, tile.index).end <= next_.v;
        });
    }
    ready_.push_back(std::move(out));
}

}  // namespace entente::mirror
