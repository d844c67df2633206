// SPDX-License-Identifier: Apache-2.0
// A log's tree of which only some subtrees are known: what proofs and tiles have shown of it. It
// answers with the root of any range that follows from them, and so with proofs. Nothing is
// verified here: whoever puts a subtree in has compared it with a signed root.
//
//     Subtrees tree(&held);                          // and all of [0, held.size())
//     tree.put_proof({held.size(), now}, proof);
//     tree.root({0, now.v});                         // the root at `now`
#pragma once

#include <map>
#include <optional>

#include "tlog/merkle.h"

namespace entente::mirror {

/// Leaves [begin, end) that form a subtree: begin is a multiple of the least power of two that is
/// at least end - begin.
struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint64_t leaves() const { return end - begin; }
    auto operator<=>(const Range&) const = default;
};

/// Two sizes of one tree, the older first.
struct Sizes {
    TreeSize older;
    TreeSize newer;
};

class Subtrees {
  public:
    /// `held`, where there is one, is read through to for what lies wholly within it, and must
    /// outlive this.
    explicit Subtrees(const tlog::Tree* held = nullptr) : held_(held) {}

    void put(Range range, const Hash& root) { nodes_.insert_or_assign(range, root); }
    /// What an RFC 6962 consistency proof shows. Precondition: it has been verified.
    void put_proof(Sizes sizes, std::span<const Hash> proof);
    /// Puts the peaks of the tree at this size in the place of everything left of it.
    /// Precondition: root({0, size}) is known.
    void settle(TreeSize size);
    void clear() { nodes_.clear(); }
    std::size_t known() const { return nodes_.size(); }

    /// Nothing if it does not follow from what is known.
    std::optional<Hash> root(Range range) const;
    /// A path as tlog::growth_roots takes it, with its first node always shown.
    /// Precondition: 0 < older < newer.
    std::optional<tlog::Proof> path(Sizes sizes) const;
    /// RFC 6962 2.1.2. Precondition: 0 < older <= newer.
    std::optional<tlog::Proof> consistency_proof(Sizes sizes) const;
    /// RFC 6962 2.1.1. Precondition: index < size.
    std::optional<tlog::Proof> inclusion_proof(EntryIndex index, TreeSize size) const;

  private:
    const tlog::Tree* held_;
    std::map<Range, Hash> nodes_;
};

/// The nodes of a path (with its first always shown), from left to right. Precondition: it has the
/// length that these sizes want.
std::vector<std::pair<Range, Hash>> shown_by(Sizes sizes, std::span<const Hash> path);
/// The complete subtrees that make up a tree of this size, widest first.
std::vector<Range> peaks(TreeSize size);
/// The root of a complete subtree. Precondition: the count of hashes is a power of two.
Hash complete_root(std::vector<Hash> hashes);

}  // namespace entente::mirror
