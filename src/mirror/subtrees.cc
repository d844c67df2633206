// SPDX-License-Identifier: Apache-2.0
#include "mirror/subtrees.h"

#include <algorithm>
#include <bit>

#include "base/assert.h"

namespace entente::mirror {
namespace {

// Where RFC 6962 splits a range of at least two leaves.
std::uint64_t middle(Range range) { return range.begin + std::bit_floor(range.leaves() - 1); }

// The ranges whose roots a path shows, last node first, and at the end the range that is left of
// the old tree.
std::vector<Range> shown(Sizes sizes) {
    std::vector<Range> out;
    Range range{0, sizes.newer.v};
    while (range.end != sizes.older.v) {
        const std::uint64_t split = middle(range);
        if (sizes.older.v <= split) {
            out.push_back({split, range.end});
            range.end = split;
        } else {
            out.push_back({range.begin, split});
            range.begin = split;
        }
    }
    out.push_back(range);
    return out;
}

}  // namespace

void Subtrees::put_proof(Sizes sizes, std::span<const Hash> proof) {
    std::vector<Range> ranges = shown(sizes);
    // RFC 6962 leaves the old tree out where it is one complete subtree.
    if (ranges.back().begin == 0) ranges.pop_back();
    ASSERT(ranges.size() == proof.size());
    for (std::size_t i = 0; i < ranges.size(); ++i) put(ranges[i], proof[proof.size() - 1 - i]);
}

void Subtrees::settle(TreeSize size) {
    std::vector<std::pair<Range, Hash>> kept;
    for (const Range range : peaks(size)) {
        const auto hash = root(range);
        ASSERT(hash.has_value());
        kept.emplace_back(range, *hash);
    }
    // Keys are in order of their first leaf: what ends within stands before what begins beyond.
    for (auto node = nodes_.begin(); node != nodes_.end() && node->first.begin < size.v;) {
        node = node->first.end <= size.v ? nodes_.erase(node) : std::next(node);
    }
    for (const auto& [range, hash] : kept) put(range, hash);
}

std::optional<Hash> Subtrees::root(Range range) const {
    if (range.leaves() == 0) return tlog::empty_root();
    const std::uint64_t held = held_ == nullptr ? 0 : held_->size().v;
    if (range.end <= held) return held_->range_root(range.begin, range.end);
    const auto node = nodes_.lower_bound({range.begin, 0});
    // Nothing known begins here: do not search 2^62 leaves for it.
    if (range.begin >= held && (node == nodes_.end() || node->first.begin >= range.end)) {
        return std::nullopt;
    }
    if (const auto found = nodes_.find(range); found != nodes_.end()) return found->second;
    if (range.leaves() == 1) return std::nullopt;
    const std::uint64_t split = middle(range);
    // The right half first: it is the one that is rarely known.
    const auto right = root({split, range.end});
    if (!right) return std::nullopt;
    const auto left = root({range.begin, split});
    if (!left) return std::nullopt;
    return tlog::node_hash(*left, *right);
}

std::optional<tlog::Proof> Subtrees::path(Sizes sizes) const {
    tlog::Proof out;
    for (const Range range : shown(sizes)) {
        const auto hash = root(range);
        if (!hash) return std::nullopt;
        out.push_back(*hash);
    }
    std::reverse(out.begin(), out.end());
    return out;
}

std::optional<tlog::Proof> Subtrees::consistency_proof(Sizes sizes) const {
    std::vector<Range> ranges = shown(sizes);
    if (ranges.back().begin == 0) ranges.pop_back();
    tlog::Proof out;
    for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
        const auto hash = root(*range);
        if (!hash) return std::nullopt;
        out.push_back(*hash);
    }
    return out;
}

std::optional<tlog::Proof> Subtrees::inclusion_proof(EntryIndex index, TreeSize size) const {
    tlog::Proof out;
    Range range{0, size.v};
    while (range.leaves() > 1) {
        const std::uint64_t split = middle(range);
        const bool left = index.v < split;
        const auto hash = root(left ? Range{split, range.end} : Range{range.begin, split});
        if (!hash) return std::nullopt;
        out.push_back(*hash);
        range = left ? Range{range.begin, split} : Range{split, range.end};
    }
    std::reverse(out.begin(), out.end());
    return out;
}

std::vector<std::pair<Range, Hash>> shown_by(Sizes sizes, std::span<const Hash> path) {
    const std::vector<Range> ranges = shown(sizes);
    ASSERT(ranges.size() == path.size());
    std::vector<std::pair<Range, Hash>> out;
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        out.emplace_back(ranges[i], path[path.size() - 1 - i]);
    }
    std::sort(out.begin(), out.end(),
              [](const auto& one, const auto& other) { return one.first < other.first; });
    return out;
}

std::vector<Range> peaks(TreeSize size) {
    std::vector<Range> out;
    std::uint64_t begin = 0;
    while (begin < size.v) {
        const std::uint64_t end = begin + std::bit_floor(size.v - begin);
        out.push_back({begin, end});
        begin = end;
    }
    return out;
}

Hash complete_root(std::vector<Hash> hashes) {
    ASSERT(std::has_single_bit(hashes.size()));
    while (hashes.size() > 1) {
        for (std::size_t i = 0; i < hashes.size() / 2; ++i) {
            hashes[i] = tlog::node_hash(hashes[2 * i], hashes[2 * i + 1]);
        }
        hashes.resize(hashes.size() / 2);
    }
    return hashes[0];
}

}  // namespace entente::mirror
