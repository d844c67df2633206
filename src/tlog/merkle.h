// SPDX-License-Identifier: Apache-2.0
// The Merkle tree of RFC 6962 section 2.1 in memory, and the verification of its proofs. It knows
// leaf hashes, not entries' meaning, and signs nothing (log.h, note.h).
//
//     Tree tree;
//     tree.append(leaf_hash("first"));
//     TRY(proof, tree.inclusion_proof(EntryIndex{0}, tree.size()));
//     TRYV(verify_inclusion({.leaf = tree.leaf({0}), .index = {0}, .size = tree.size(),
//                            .root = tree.root()}, proof));
//
// append is one node hash amortised; roots and proofs take O(log n) hashes. 64 bytes a leaf.
// Const methods are safe from several threads.
#pragma once

#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"

namespace entente::tlog {

/// SHA-256(0x00 || entry).
Hash leaf_hash(BytesView entry);
/// SHA-256(0x01 || left || right).
Hash node_hash(const Hash& left, const Hash& right);
/// SHA-256 of nothing: the root of a tree without entries.
Hash empty_root();

/// Hashes of a proof, leaf side first.
using Proof = std::vector<Hash>;

/// All complete subtrees of a log, by level.
class Tree {
  public:
    void append(const Hash& leaf);
    void append(std::span<const Hash> leaves);
    /// Takes the last leaves away again. Precondition: size <= size().
    void truncate(TreeSize size);
    void reserve(TreeSize size);

    TreeSize size() const { return {levels_[0].size()}; }
    Hash root() const { return root(size()); }
    /// The root when the tree had this size. Precondition: size <= size().
    Hash root(TreeSize size) const;
    /// Precondition: index < size().
    const Hash& leaf(EntryIndex index) const { return levels_[0][index.v]; }
    /// The root of leaves [index << level, (index + 1) << level).
    /// Precondition: (index + 1) << level <= size().
    const Hash& node(unsigned level, std::uint64_t index) const;
    /// The root of leaves [begin, end). Precondition: begin < end <= size(), and begin is a
    /// multiple of the least power of two that is at least end - begin, as every range of RFC
    /// 6962's recursion is.
    Hash range_root(std::uint64_t begin, std::uint64_t end) const;

    /// RFC 6962 2.1.1. Errc::not_found unless index < size <= size().
    Result<Proof> inclusion_proof(EntryIndex index, TreeSize size) const;
    /// RFC 6962 2.1.2. Errc::not_found unless 0 < old_size <= new_size <= size(): a proof from the
    /// empty tree would prove nothing.
    Result<Proof> consistency_proof(TreeSize old_size, TreeSize new_size) const;

  private:
    std::vector<std::vector<Hash>> levels_{1};  // [level][index], only complete subtrees
};

/// The right edge of the same tree and nothing else: a second way to a root that shares no code
/// with Tree, at 32 bytes a level.
class Frontier {
  public:
    Frontier() = default;
    /// Goes on where a tree stands.
    explicit Frontier(const Tree& tree);
    void append(const Hash& leaf);
    TreeSize size() const { return size_; }
    Hash root() const;

  private:
    friend struct FrontierFault;  // log_test.cc damages an edge to see that it is noticed
    struct Peak {
        std::uint64_t leaves = 0;  // a power of two
        Hash hash;
    };
    TreeSize size_;
    std::vector<Peak> peaks_;  // widest first; at most 64
};

/// What an inclusion proof is about.
struct Inclusion {
    Hash leaf;
    EntryIndex index;
    TreeSize size;
    Hash root;
};
/// RFC 9162 2.1.3.2. Errc::bad_proof says what was expected.
Result<void> verify_inclusion(const Inclusion& claim, std::span<const Hash> proof);

/// The roots of two sizes of one tree.
struct GrowthRoots {
    Hash old_root;
    Hash new_root;
};
/// The roots to which a path from old_size to new_size leads. It is a consistency proof whose first
/// node is always shown; RFC 6962 leaves it out where the old tree is one complete subtree, because
/// the old root stands in for it (2.1.2). So who knows the new root learns the old one.
/// Errc::bad_proof unless 0 < old_size < new_size and the path has the length that these want.
Result<GrowthRoots> growth_roots(TreeSize old_size, TreeSize new_size, std::span<const Hash> path);

/// What a consistency proof is about.
struct Consistency {
    TreeSize old_size;
    Hash old_root;
    TreeSize new_size;
    Hash new_root;
};
/// RFC 9162 2.1.4.2. A claim from size 0 is refused: it says nothing about the new tree, and who
/// has seen nothing yet needs no proof.
Result<void> verify_consistency(const Consistency& claim, std::span<const Hash> proof);

}  // namespace entente::tlog
