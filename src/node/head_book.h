// SPDX-License-Identifier: Apache-2.0
// The heads of one log that are worth passing on: the newest, and each older one that is some
// cosigner's newest. Everything in it was verified by who put it there; the book only keeps it
// small. A cosignature on an older head is worth as much: it covers what stood in the log then.
//
//     HeadBook book;
//     book.set_newest(head);
//     book.add(head.checkpoint, "…/ru/mirror", line);
//     for (const Bytes& note : book.notes()) …      // as /peer/v1/heads gives them
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tlog/checkpoint.h"

namespace entente::node {

class HeadBook {
  public:
    /// A head signed by its log. Older than the newest: ignored.
    void set_newest(const tlog::SignedCheckpoint& head);
    /// A cosigner's verified line over this checkpoint. Older than what the cosigner's newest is
    /// over, or the same line again: nothing changes, and it says so.
    bool add(const tlog::Checkpoint& checkpoint, const std::string& cosigner,
             const tlog::NoteSignature& line);
    /// Whether this very line over this checkpoint is in the book: then it is verified already.
    bool holds(const tlog::Checkpoint& checkpoint, const tlog::NoteSignature& line) const;

    const std::optional<tlog::SignedCheckpoint>& newest() const { return newest_; }
    /// The newest head's note with the cosignatures over it, then the older ones, newest first.
    /// An older head's note carries its cosignatures alone: who has the log needs no more.
    std::vector<Bytes> notes() const;
    /// The size of this cosigner's newest head, or nothing.
    std::optional<TreeSize> size_of(const std::string& cosigner) const;

  private:
    struct Cosigned {
        tlog::Checkpoint checkpoint;
        std::map<std::string, tlog::NoteSignature> lines;  // by cosigner
    };
    std::optional<tlog::SignedCheckpoint> newest_;
    std::map<TreeSize, Cosigned> heads_;
    std::map<std::string, TreeSize> newest_of_;  // by cosigner
};

}  // namespace entente::node
