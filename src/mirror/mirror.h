// SPDX-License-Identifier: Apache-2.0
// A verified copy of one log. It believes nobody: every head is signed by the log and proven to
// extend what is held, every entry hashes into a head. It stores and fetches nothing (pull.h says
// what to fetch) and judges no meaning: malformed entries are entries (PROTOCOL 16).
//
//     TRY(next, mirror.advance(chunk));                       // verified; the mirror is as it was
//     store(next.entries, next.standing());                   // one transaction
//     TRYV(mirror.adopt(std::move(next)));                    // now it is held
//
// The newest head may be ahead of what is held. A mirror never shrinks. 64 bytes an entry. One
// writer; const methods are safe from several threads.
#pragma once

#include <utility>
#include <vector>

#include "mirror/fault.h"
#include "tlog/cosignature.h"

namespace entente::mirror {

/// An entry that is in the log, under a head that the log signed. Only a Mirror makes one.
class VerifiedEntry {
  public:
    EntryIndex index() const { return index_; }
    const Hash& leaf() const { return leaf_; }
    const Bytes& bytes() const { return bytes_; }

  private:
    friend class Mirror;
    VerifiedEntry(EntryIndex index, const Hash& leaf, Bytes bytes)
        : index_(index), leaf_(leaf), bytes_(std::move(bytes)) {}
    EntryIndex index_;
    Hash leaf_;
    Bytes bytes_;
};

/// What a source shows of a log: a head, and entries that follow on what is held.
struct Chunk {
    tlog::SignedCheckpoint head;
    TreeSize from;       // the size of the head that the mirror had; 0 for none
    tlog::Proof growth;  // consistency from there to the head; none if `from` is 0 or its size
    TreeSize base;       // how many were held: the index of the first entry
    std::vector<Bytes> entries;  // may be none
    tlog::Proof
        rest;  // consistency from the size with these entries to the head; none if equal or 0
};

/// What is kept of a mirror beside its entries. Bytes: a tlog-witness request, which is exactly
/// this: the size that is held, the proof from there, and the head.
struct Standing {
    TreeSize size;
    tlog::Proof rest;
    tlog::Note head;
    bool operator==(const Standing&) const = default;

    Bytes bytes() const;
    static Result<Standing> parse(BytesView bytes);
};

/// A step that has been verified and not yet been made.
class Advance {
  public:
    const std::vector<VerifiedEntry>& entries() const { return entries_; }
    const tlog::SignedCheckpoint& head() const { return head_; }
    /// What is held once it is made, and its root.
    TreeSize size() const { return {base_.v + entries_.size()}; }
    const Hash& root() const { return root_; }
    /// To be stored in the transaction that stores the entries.
    Standing standing() const { return {size(), rest_, head_.note}; }

  private:
    friend class Mirror;
    Advance() = default;
    TreeSize base_;                           // the mirror's size and newest head, from which it is
    std::optional<tlog::Checkpoint> before_;  // a step
    std::vector<VerifiedEntry> entries_;
    Hash root_;
    tlog::SignedCheckpoint head_;
    tlog::Proof growth_;  // from before_ to head_
    tlog::Proof rest_;
};

/// How another head of the log stands to what a mirror knows.
enum class Age : std::uint8_t {
    same,      // as the newest head
    older,     // and consistent
    newer,     // not yet proven
    unproven,  // older than the newest head, of a size between what is held and that head
};

class Mirror {
  public:
    /// Of this log, whose origin is the name of its key. Nothing is held, no head is known.
    explicit Mirror(tlog::VerifierKey log) : log_(std::move(log)) {}
    /// From stored leaf hashes and a stored standing: everything is verified again, down to the
    /// log's signature. Errc::bad_proof if what was stored is not what the log signed.
    static Result<Mirror> load(tlog::VerifierKey log, std::span<const Hash> leaves,
                               const Standing& standing);

    const tlog::VerifierKey& log() const { return log_; }
    Origin origin() const { return {log_.name}; }
    /// Entries held.
    TreeSize size() const { return tree_.size(); }
    const tlog::Tree& tree() const { return tree_; }
    /// The newest verified head; nothing before the first.
    const std::optional<tlog::SignedCheckpoint>& head() const { return head_; }
    /// Whether every entry of the newest head is held.
    bool is_whole() const { return head_ && head_->checkpoint.size == size(); }
    /// From size() to the newest head. Empty if whole or nothing is held.
    const tlog::Proof& rest() const { return rest_; }
    /// Nothing before the first head.
    std::optional<Standing> standing() const;

    /// How a head stands to this; Reason::fork with the proof if it contradicts.
    Checked<Age> compare(const tlog::SignedCheckpoint& other) const;

    /// Verifies all of a chunk; the mirror stays as it was. Entries that another pull has brought
    /// meanwhile are left out.
    Checked<Advance> advance(Chunk chunk) const;
    /// Makes the step. Reason::stale if the mirror has moved since, and then it stays as it was.
    Checked<void> adopt(Advance&& step);

    /// Bytes that were stored before, as the entry that they are. Errc::bad_proof if they are not
    /// (then the store is damaged: scrub), Errc::not_found for what is not held.
    Result<VerifiedEntry> verified(EntryIndex index, Bytes bytes) const;

    /// Takes lines from another note over the newest head, as tlog::merge_cosignatures does.
    Result<void> add_cosignatures(const tlog::Note& note, std::span<const tlog::CosignerKey> known);

    /// Proofs under the newest head, which may be ahead. Errc::not_found for what is not held.
    Result<tlog::Proof> inclusion_proof(EntryIndex index) const;
    Result<tlog::Proof> consistency_proof(TreeSize old_size) const;

  private:
    Fault fork_with_older(const tlog::SignedCheckpoint& other) const;
    Checked<void> check_growth(const Chunk& chunk) const;
    Checked<void> check_head(const Chunk& chunk) const;
    Checked<void> leave_out_held(Chunk& chunk) const;
    tlog::Proof rest_to(const Chunk& chunk) const;
    bool was_newest(const tlog::Checkpoint& head) const;
    tlog::Proof past_to_newest(TreeSize size, const Chunk& chunk) const;

    tlog::VerifierKey log_;
    tlog::Tree tree_;
    std::optional<tlog::SignedCheckpoint> head_;
    tlog::Proof rest_;
    /// A head that was the newest, and how the one after it grew out of it.
    struct Past {
        tlog::Checkpoint head;
        tlog::Proof growth;
    };
    /// The last few: pulls towards them may still be under way. Oldest first.
    std::vector<Past> past_;
};

}  // namespace entente::mirror
