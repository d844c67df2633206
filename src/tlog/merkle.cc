// SPDX-License-Identifier: Apache-2.0
#include "tlog/merkle.h"

#include <algorithm>
#include <bit>
#include <string>

#include "base/assert.h"
#include "base/sha256.h"

namespace entente::tlog {
namespace {

// The largest power of two strictly below n. Precondition: n >= 2.
std::uint64_t split(std::uint64_t n) { return std::bit_floor(n - 1); }

std::string text(std::uint64_t n) { return std::to_string(n); }

// Steps of RFC 9162 2.1.3.2 and 2.1.4.2: positions of a node and of the last node on its level.
struct Walk {
    std::uint64_t node;
    std::uint64_t last;

    void up() {
        node >>= 1;
        last >>= 1;
    }
    bool is_right() const { return (node & 1) == 1; }
    // Whether the next hash of the path stands to the left; then odd nodes are promoted past the
    // levels on which they have no sibling.
    bool sibling_is_left() {
        if (!is_right() && node != last) return false;
        while (!is_right() && node != 0) up();
        return true;
    }
};

}  // namespace

Hash leaf_hash(BytesView entry) { return sha256({BytesView("\0", 1), entry}); }

Hash node_hash(const Hash& left, const Hash& right) {
    char preimage[65];
    preimage[0] = 1;
    std::memcpy(preimage + 1, left.bytes.data(), 32);
    std::memcpy(preimage + 33, right.bytes.data(), 32);
    return sha256(BytesView(preimage, sizeof preimage));
}

Hash empty_root() { return sha256(BytesView()); }

void Tree::append(const Hash& leaf) {
    levels_[0].push_back(leaf);
    for (std::size_t level = 0; levels_[level].size() % 2 == 0; ++level) {
        if (level + 1 == levels_.size()) levels_.emplace_back();
        const std::vector<Hash>& below = levels_[level];
        levels_[level + 1].push_back(node_hash(below[below.size() - 2], below.back()));
    }
}

void Tree::append(std::span<const Hash> leaves) {
    for (const Hash& leaf : leaves) append(leaf);
}

void Tree::truncate(TreeSize new_size) {
    ASSERT(new_size <= size());
    for (std::size_t level = 0; level < levels_.size(); ++level) {
        levels_[level].resize(new_size.v >> level);
    }
}

void Tree::reserve(TreeSize wanted) {
    while (wanted.v >> levels_.size() != 0) levels_.emplace_back();
    for (std::size_t level = 0; level < levels_.size(); ++level) {
        levels_[level].reserve(wanted.v >> level);
    }
}

const Hash& Tree::node(unsigned level, std::uint64_t index) const {
    ASSERT(level < levels_.size() && index < levels_[level].size());
    return levels_[level][index];
}

Hash Tree::root(TreeSize at) const {
    ASSERT(at <= size());
    return at.v == 0 ? empty_root() : range_root(0, at.v);
}

Hash Tree::range_root(std::uint64_t begin, std::uint64_t end) const {
    const std::uint64_t n = end - begin;
    if (std::has_single_bit(n)) {
        const auto level = static_cast<unsigned>(std::countr_zero(n));
        return node(level, begin >> level);
    }
    const std::uint64_t k = split(n);
    return node_hash(range_root(begin, begin + k), range_root(begin + k, end));
}

Result<Proof> Tree::inclusion_proof(EntryIndex index, TreeSize at) const {
    if (index.v >= at.v || at > size()) {
        return fail(Errc::not_found, "no proof of entry " + text(index.v) + " in a tree of " +
                                         text(at.v) + ": the log has " + text(size().v) +
                                         " entries");
    }
    Proof proof;
    std::uint64_t begin = 0;
    std::uint64_t end = at.v;
    while (end - begin > 1) {
        const std::uint64_t middle = begin + split(end - begin);
        if (index.v < middle) {
            proof.push_back(range_root(middle, end));
            end = middle;
        } else {
            proof.push_back(range_root(begin, middle));
            begin = middle;
        }
    }
    std::reverse(proof.begin(), proof.end());
    return proof;
}

Result<Proof> Tree::consistency_proof(TreeSize old_size, TreeSize new_size) const {
    if (old_size.v == 0 || old_size > new_size || new_size > size()) {
        return fail(Errc::not_found, "no proof from size " + text(old_size.v) + " to size " +
                                         text(new_size.v) + ": the log has " + text(size().v) +
                                         " entries, and proofs begin at size 1");
    }
    Proof proof;
    std::uint64_t begin = 0;
    std::uint64_t end = new_size.v;
    while (end != old_size.v) {
        const std::uint64_t middle = begin + split(end - begin);
        if (old_size.v <= middle) {
            proof.push_back(range_root(middle, end));
            end = middle;
        } else {
            proof.push_back(range_root(begin, middle));
            begin = middle;
        }
    }
    // The old tree itself is known to who asks; any other subtree has to be shown.
    if (begin != 0) proof.push_back(range_root(begin, end));
    std::reverse(proof.begin(), proof.end());
    return proof;
}

Frontier::Frontier(const Tree& tree) : size_(tree.size()) {
    std::uint64_t begin = 0;
    for (std::uint64_t rest = size_.v; rest > 0; rest = size_.v - begin) {
        const std::uint64_t leaves = std::bit_floor(rest);
        peaks_.push_back({leaves, tree.range_root(begin, begin + leaves)});
        begin += leaves;
    }
}

void Frontier::append(const Hash& leaf) {
    Peak peak{1, leaf};
    while (!peaks_.empty() && peaks_.back().leaves == peak.leaves) {
        peak = {2 * peak.leaves, node_hash(peaks_.back().hash, peak.hash)};
        peaks_.pop_back();
    }
    peaks_.push_back(peak);
    ++size_.v;
}

Hash Frontier::root() const {
    if (peaks_.empty()) return empty_root();
    Hash right = peaks_.back().hash;
    for (auto peak = peaks_.rbegin() + 1; peak != peaks_.rend(); ++peak) {
        right = node_hash(peak->hash, right);
    }
    return right;
}

Result<void> verify_inclusion(const Inclusion& claim, std::span<const Hash> proof) {
    if (claim.index.v >= claim.size.v) {
        return fail(Errc::bad_proof, "entry " + text(claim.index.v) + " cannot be in a tree of " +
                                         text(claim.size.v));
    }
    // On its way up the leaf has a sibling on every level below the one on which it joins the path
    // of the last leaf, and above that only where it comes from the right.
    const auto below = static_cast<unsigned>(std::bit_width(claim.index.v ^ (claim.size.v - 1)));
    const auto above =
        static_cast<unsigned>(below == 64 ? 0 : std::popcount(claim.index.v >> below));
    if (proof.size() != below + above) {
        return fail(Errc::bad_proof, "a proof of entry " + text(claim.index.v) + " in a tree of " +
                                         text(claim.size.v) + " has " + text(below + above) +
                                         " hashes, not " + text(proof.size()));
    }
    Walk walk{claim.index.v, claim.size.v - 1};
    Hash root = claim.leaf;
    for (const Hash& sibling : proof) {
        root = walk.sibling_is_left() ? node_hash(sibling, root) : node_hash(root, sibling);
        walk.up();
    }
    if (walk.last != 0 || root != claim.root) {
        return fail(Errc::bad_proof, "the proof of entry " + text(claim.index.v) +
                                         " does not lead to the root of the tree of " +
                                         text(claim.size.v));
    }
    return {};
}

Result<GrowthRoots> growth_roots(TreeSize old_size, TreeSize new_size, std::span<const Hash> path) {
    const std::string from_to =
        "the proof from size " + text(old_size.v) + " to size " + text(new_size.v);
    if (old_size.v == 0 || old_size >= new_size) {
        return fail(Errc::bad_proof, from_to + " is of no growth");
    }
    if (path.empty()) return fail(Errc::bad_proof, from_to + " is empty");
    Walk walk{old_size.v - 1, new_size.v - 1};
    while (walk.is_right()) walk.up();
    GrowthRoots roots{path.front(), path.front()};
    for (const Hash& next : path.subspan(1)) {
        if (walk.last == 0) return fail(Errc::bad_proof, from_to + " has too many hashes");
        if (walk.sibling_is_left()) {
            roots.old_root = node_hash(next, roots.old_root);
            roots.new_root = node_hash(next, roots.new_root);
        } else {
            roots.new_root = node_hash(roots.new_root, next);
        }
        walk.up();
    }
    if (walk.last != 0) return fail(Errc::bad_proof, from_to + " has too few hashes");
    return roots;
}

namespace {

// The part of verify_consistency that needs hashes. Precondition: 0 < old_size < new_size.
Result<void> verify_growth(const Consistency& claim, std::span<const Hash> proof) {
    std::vector<Hash> path;
    // An old tree that is one complete subtree stands in for the first hash itself.
    if (std::has_single_bit(claim.old_size.v)) path.push_back(claim.old_root);
    path.insert(path.end(), proof.begin(), proof.end());
    TRY(roots, growth_roots(claim.old_size, claim.new_size, path));
    const std::string from_to =
        "the proof from size " + text(claim.old_size.v) + " to size " + text(claim.new_size.v);
    if (roots.old_root != claim.old_root) {
        return fail(Errc::bad_proof, from_to + " does not lead to the old root");
    }
    if (roots.new_root != claim.new_root) {
        return fail(Errc::bad_proof, from_to + " does not lead to the new root");
    }
    return {};
}

}  // namespace

Result<void> verify_consistency(const Consistency& claim, std::span<const Hash> proof) {
    if (claim.old_size.v == 0) {
        return fail(Errc::bad_proof, "a proof from size 0 says nothing about the new tree");
    }
    if (claim.old_size > claim.new_size) {
        return fail(Errc::bad_proof, "a tree cannot shrink from " + text(claim.old_size.v) +
                                         " to " + text(claim.new_size.v));
    }
    if (claim.old_size < claim.new_size) return verify_growth(claim, proof);
    if (!proof.empty()) {
        return fail(Errc::bad_proof,
                    "a proof between equal sizes has no hashes, not " + text(proof.size()));
    }
    if (claim.old_root != claim.new_root) {
        return fail(Errc::bad_proof, "two different roots of one size, " + text(claim.old_size.v));
    }
    return {};
}

}  // namespace entente::tlog
