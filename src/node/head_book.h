// SPDX-License-Identifier: Apache-2.0
// The heads of one log that are worth passing on: the newest, and each older one that is some
// cosigner's newest. Everything in it was verified by who put it there; the book only keeps it
// small. A cosignature on an older head is worth as much: it covers what stood in the log then.
//
//     HeadBook book;
//     book.set_newest(head, 7);
//     book.add(head.checkpoint, "…/ru/mirror", line, 8);
//     for (const Bytes& note : book.notes(6)) …     // as /peer/v1/heads?after= gives them
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tlog/checkpoint.h"

namespace entente::node {

class HeadBook {
  public:
    /// A number that grows with every change; so a reader can be told what came after.
    using Turn = std::uint64_t;

    /// A head signed by its log. Not newer than the newest: ignored.
    void set_newest(const tlog::SignedCheckpoint& head, Turn turn);
    /// A cosigner's verified line over this checkpoint. Older than what the cosigner's newest is
    /// over, or the same line again: nothing changes, and it says so.
    bool add(const tlog::Checkpoint& checkpoint, const std::string& cosigner,
             const tlog::NoteSignature& line, Turn turn);
    /// Whether the book has this cosigner's word on as much of the log or more: then add() would
    /// change nothing, and there is no need to verify the line.
    bool is_old(const std::string& cosigner, TreeSize size) const;

    const std::optional<tlog::SignedCheckpoint>& newest() const { return newest_; }
    /// The newest head's note with the cosignatures over it, then the older ones, newest first.
    /// An older head's note carries its cosignatures alone: who has the log needs no more. Only
    /// what came after that turn: lines one by one, and a note if any of its lines did.
    std::vector<Bytes> notes(Turn after = 0) const;
    /// The size of this cosigner's newest head, or nothing.
    std::optional<TreeSize> size_of(const std::string& cosigner) const;

  private:
    struct Line {
        tlog::NoteSignature signature;
        Turn turn = 0;
    };
    struct Cosigned {
        tlog::Checkpoint checkpoint;
        std::map<std::string, Line> lines;  // by cosigner
    };
    std::optional<tlog::SignedCheckpoint> newest_;
    Turn newest_turn_ = 0;
    std::map<TreeSize, Cosigned> heads_;
    std::map<std::string, TreeSize> newest_of_;  // by cosigner
};

}  // namespace entente::node
