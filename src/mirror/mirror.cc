// SPDX-License-Identifier: Apache-2.0
#include "mirror/mirror.h"

#include <algorithm>
#include <bit>

#include "base/assert.h"
#include "base/breaks.h"
#include "base/limits.h"
#include "mirror/subtrees.h"
#include "tlog/witness_wire.h"

namespace entente::mirror {
namespace {

using tlog::Proof;
using tlog::SignedCheckpoint;

std::string text(TreeSize size) { return std::to_string(size.v); }

// The same proof with the node shown that RFC 6962 leaves out.
Proof path_of(const SignedCheckpoint& older, const Proof& growth) {
    Proof path;
    if (std::has_single_bit(older.checkpoint.size.v)) path.push_back(older.checkpoint.root);
    path.insert(path.end(), growth.begin(), growth.end());
    return path;
}

bool same(const SignedCheckpoint& one, const SignedCheckpoint& other) {
    return one.checkpoint == other.checkpoint;
}

// Whether a tree of this size and root has grown into the head. Size 0 grows into everything.
Result<void> check_rest(TreeSize size, const Hash& root, const SignedCheckpoint& head,
                        const Proof& rest) {
    if (size.v == 0) {
        if (rest.empty()) return {};
        return fail(Errc::bad_proof, "a proof from size 0 says nothing");
    }
    return tlog::verify_consistency({.old_size = size,
                                     .old_root = root,
                                     .new_size = head.checkpoint.size,
                                     .new_root = head.checkpoint.root},
                                    rest);
}

}  // namespace

Bytes Standing::bytes() const {
    return tlog::format_add_checkpoint(
        {.old_size = size, .proof = rest, .checkpoint = {}, .note = head});
}

Result<Standing> Standing::parse(BytesView bytes) {
    TRY(parsed, tlog::parse_add_checkpoint(bytes));
    return Standing{parsed.old_size, std::move(parsed.proof), std::move(parsed.note)};
}

Result<Mirror> Mirror::load(tlog::VerifierKey log, std::span<const Hash> leaves,
                            const Standing& standing) {
    Mirror out(std::move(log));
    const std::string what = "the stored copy of " + out.log_.name;
    auto head = open_head(tlog::format_note(standing.head), out.log_);
    if (!head) return at(what, head.error().error());
    if (standing.size.v != leaves.size() || standing.size > head->checkpoint.size) {
        return fail(Errc::bad_proof, what + " has " + std::to_string(leaves.size()) +
                                         " entries, and says that it has " + text(standing.size) +
                                         " of " + text(head->checkpoint.size) + ": scrub it");
    }
    out.tree_.reserve({leaves.size()});
    out.tree_.append(leaves);
    const auto checked = check_rest(out.size(), out.tree_.root(), *head, standing.rest);
    if (!checked) {
        return at(what + " is not what its log signed: scrub it", checked.error());
    }
    out.head_ = *std::move(head);
    out.rest_ = standing.rest;
    return out;
}

std::optional<Standing> Mirror::standing() const {
    if (!head_) return std::nullopt;
    return Standing{size(), rest_, head_->note};
}

// Precondition: other has a size that is held, and another root than ours.
Fault Mirror::fork_with_older(const SignedCheckpoint& other) const {
    const Sizes sizes{other.checkpoint.size, head_->checkpoint.size};
    Subtrees known(&tree_);
    if (size() < sizes.newer) known.put_proof({size(), sizes.newer}, rest_);
    const auto path = known.path(sizes);
    ASSERT(path.has_value());
    return contradiction(other, *head_, *path, log_);
}

Checked<Age> Mirror::compare(const SignedCheckpoint& other) const {
    if (!head_) return Age::newer;
    const tlog::Checkpoint& ours = head_->checkpoint;
    const tlog::Checkpoint& theirs = other.checkpoint;
    if (theirs.size > ours.size) return Age::newer;
    if (theirs.size == ours.size) {
        if (theirs.root == ours.root) return Age::same;
        return tl::unexpected(contradiction(*head_, other, {}, log_));
    }
    if (theirs.size > size()) return Age::unproven;
    if (theirs.root == tree_.root(theirs.size)) return Age::older;
    return tl::unexpected(fork_with_older(other));
}

// Precondition: there is a newest head, and the chunk's is larger.
Checked<void> Mirror::check_growth(const Chunk& chunk) const {
    const tlog::Checkpoint& old = head_->checkpoint;
    if (old.size.v == 0) return {};
    if (chunk.from != old.size) {
        return fault(Reason::stale, "the chunk goes on from a head of size " + text(chunk.from) +
                                        "; the newest is now of size " + text(old.size));
    }
    if (check_rest(old.size, old.root, chunk.head, chunk.growth) ||
        broken(Break::believe_unverified_entry)) {
        return {};
    }
    return tl::unexpected(contradiction(*head_, chunk.head, path_of(*head_, chunk.growth), log_));
}

Checked<void> Mirror::check_head(const Chunk& chunk) const {
    if (!head_ || was_newest(chunk.head.checkpoint)) return {};
    TRY(age, compare(chunk.head));
    switch (age) {
        case Age::same: return {};
        case Age::newer: return check_growth(chunk);
        case Age::older:
        case Age::unproven: break;
    }
    return fault(Reason::stale, "a head of size " + text(head_->checkpoint.size) +
                                    " is known by now, newer than the chunk's of " +
                                    text(chunk.head.checkpoint.size));
}

bool Mirror::was_newest(const tlog::Checkpoint& head) const {
    return std::any_of(past_.begin(), past_.end(),
                       [&](const Past& past) { return past.head == head; });
}

// Several pulls may be under way, each from a source of its own: who comes second has not lied.
Checked<void> Mirror::leave_out_held(Chunk& chunk) const {
    if (chunk.entries.empty()) return {};
    if (chunk.base > size()) {
        return fault(Reason::stale, "the chunk goes on from entry " + text(chunk.base) +
                                        "; the mirror holds " + text(size()));
    }
    const std::uint64_t held =
        std::min<std::uint64_t>(size().v - chunk.base.v, chunk.entries.size());
    chunk.entries.erase(chunk.entries.begin(),
                        chunk.entries.begin() + static_cast<std::ptrdiff_t>(held));
    return {};
}

Checked<Advance> Mirror::advance(Chunk chunk) const {
    TRY(head, open_head(chunk.head.bytes(), log_));
    TRYV(check_head(chunk));
    TRYV(leave_out_held(chunk));
    const TreeSize whole = head.checkpoint.size;
    const bool past = was_newest(head.checkpoint);
    Advance step;
    step.base_ = size();
    step.before_ = head_ ? std::optional(head_->checkpoint) : std::nullopt;
    step.head_ = past ? *head_ : std::move(head);
    if (!past) step.growth_ = chunk.growth;
    if (size().v + chunk.entries.size() > std::max(whole, size()).v) {
        return fault(Reason::malformed, std::to_string(chunk.entries.size()) + " entries from " +
                                            text(size()) + " on reach beyond the head's size, " +
                                            text(whole));
    }
    tlog::Frontier edge(tree_);
    for (Bytes& entry : chunk.entries) {
        const EntryIndex index{edge.size().v};
        if (entry.size() > limits::entry_bytes_max) {
            return fault(Reason::too_large,
                         "entry " + std::to_string(index.v) + " has " +
                             std::to_string(entry.size()) + " bytes; at most are " +
                             std::to_string(limits::entry_bytes_max) + " (entry_bytes_max)");
        }
        const Hash leaf = tlog::leaf_hash(entry);
        edge.append(leaf);
        step.entries_.push_back(VerifiedEntry(index, leaf, std::move(entry)));
    }
    step.root_ = edge.root();
    if (chunk.entries.empty()) {
        step.rest_ = past ? rest_ : rest_to(chunk);
        return step;
    }
    const auto checked = check_rest(step.size(), step.root_, chunk.head, chunk.rest);
    if (!checked && !broken(Break::believe_unverified_entry)) {
        return fault(Reason::wrong_hash,
                     "entries " + text(size()) + " to " + text(step.size()) +
                         " are not those of the log: " + checked.error().detail);
    }
    step.rest_ = past ? past_to_newest(step.size(), chunk) : std::move(chunk.rest);
    return step;
}

// From a size to the newest head, by way of the chunk's, which was the newest once.
Proof Mirror::past_to_newest(TreeSize size, const Chunk& chunk) const {
    Subtrees known;
    const TreeSize whole = chunk.head.checkpoint.size;
    if (size < whole) known.put_proof({size, whole}, chunk.rest);
    for (std::size_t i = 0; i < past_.size(); ++i) {
        const bool last = i + 1 == past_.size();
        const TreeSize next = last ? head_->checkpoint.size : past_[i + 1].head.size;
        if (past_[i].head.size >= whole)
            known.put_proof({past_[i].head.size, next}, past_[i].growth);
    }
    const auto proof = known.consistency_proof({size, head_->checkpoint.size});
    ASSERT(proof.has_value());
    return *proof;
}

// From what is held to the chunk's head, out of the way to the newest head and the growth behind
// it. Precondition: check_head(chunk).
Proof Mirror::rest_to(const Chunk& chunk) const {
    const TreeSize whole = chunk.head.checkpoint.size;
    if (size().v == 0 || size() == whole) return {};
    if (same(*head_, chunk.head)) return rest_;
    Subtrees known(&tree_);
    const TreeSize before = head_->checkpoint.size;
    if (size() < before) known.put_proof({size(), before}, rest_);
    known.put_proof({before, whole}, chunk.growth);
    const auto proof = known.consistency_proof({size(), whole});
    ASSERT(proof.has_value());
    return *proof;
}

Checked<void> Mirror::adopt(Advance&& step) {
    const bool at_head = head_ && same(*head_, step.head_);
    const bool at_before =
        head_ ? step.before_ && head_->checkpoint == *step.before_ : !step.before_;
    if (step.base_ != size() || (!at_head && !at_before)) {
        return fault(Reason::stale, "the mirror of " + log_.name +
                                        " has moved since the step was "
                                        "verified, to size " +
                                        text(size()));
    }
    for (const VerifiedEntry& entry : step.entries_) tree_.append(entry.leaf());
    // Two code paths to one root: Frontier's and Tree's.
    if (tree_.root() != step.root_) {
        tree_.truncate(step.base_);
        return fault(Reason::wrong_root, "two derivations of the root of " + log_.name +
                                             " at size " + text(step.size()) +
                                             " disagree: memory or processor are at fault. "
                                             "Restart, and test this machine's memory");
    }
    // Of the same head, the one that is here may have gathered cosignatures meanwhile.
    if (!at_head) {
        if (head_ && head_->checkpoint.size.v > 0) {
            past_.push_back({head_->checkpoint, std::move(step.growth_)});
            if (past_.size() > limits::past_heads_max) past_.erase(past_.begin());
        }
        head_ = std::move(step.head_);
    }
    rest_ = std::move(step.rest_);
    return {};
}

Result<VerifiedEntry> Mirror::verified(EntryIndex index, Bytes bytes) const {
    if (index.v >= size().v) {
        return fail(Errc::not_found, "entry " + std::to_string(index.v) + " of " + log_.name +
                                         " is not held; the mirror has " + text(size()));
    }
    const Hash leaf = tlog::leaf_hash(bytes);
    if (leaf != tree_.leaf(index)) {
        return fail(Errc::bad_proof, "what is stored as entry " + std::to_string(index.v) + " of " +
                                         log_.name + " is not that entry: scrub the store");
    }
    return VerifiedEntry(index, leaf, std::move(bytes));
}

Result<void> Mirror::add_cosignatures(const tlog::Note& note,
                                      std::span<const tlog::CosignerKey> known) {
    if (!head_) return fail(Errc::not_found, "no head of " + log_.name + " is known yet");
    TRY(merged, tlog::merge_cosignatures(*head_, note, log_, known));
    head_ = std::move(merged);
    return {};
}

Result<Proof> Mirror::inclusion_proof(EntryIndex index) const {
    if (index.v >= size().v) {
        return fail(Errc::not_found, "entry " + std::to_string(index.v) + " of " + log_.name +
                                         " is not held; the mirror has " + text(size()));
    }
    const TreeSize whole = head_->checkpoint.size;
    Subtrees known(&tree_);
    if (size() < whole) known.put_proof({size(), whole}, rest_);
    auto proof = known.inclusion_proof(index, whole);
    ASSERT(proof.has_value());
    return *std::move(proof);
}

Result<Proof> Mirror::consistency_proof(TreeSize old_size) const {
    if (old_size.v == 0 || old_size > size()) {
        return fail(Errc::not_found, "no proof from size " + text(old_size) + " of " + log_.name +
                                         ": the mirror holds " + text(size()) +
                                         " entries, and proofs begin at size 1");
    }
    const TreeSize whole = head_->checkpoint.size;
    Subtrees known(&tree_);
    if (size() < whole) known.put_proof({size(), whole}, rest_);
    auto proof = known.consistency_proof({old_size, whole});
    ASSERT(proof.has_value());
    return *std::move(proof);
}

}  // namespace entente::mirror
