// SPDX-License-Identifier: Apache-2.0
#include "node/head_book.h"

namespace entente::node {

void HeadBook::set_newest(const tlog::SignedCheckpoint& head) {
    if (newest_ && head.checkpoint.size <= newest_->checkpoint.size) return;
    newest_ = head;
    // Cosignatures are kept apart; the log's own signature is all that the head itself brings.
    std::erase_if(newest_->note.signatures,
                  [&](const auto& line) { return line.name != head.checkpoint.origin.v; });
}

bool HeadBook::add(const tlog::Checkpoint& checkpoint, const std::string& cosigner,
                   const tlog::NoteSignature& line) {
    const auto before = newest_of_.find(cosigner);
    if (before != newest_of_.end()) {
        if (checkpoint.size < before->second) return false;
        Cosigned& old = heads_[before->second];
        // Of two over one head the first stands: it is the earlier promise.
        if (checkpoint.size == before->second) return false;
        old.lines.erase(cosigner);
        if (old.lines.empty()) heads_.erase(before->second);
    }
    newest_of_[cosigner] = checkpoint.size;
    Cosigned& here = heads_[checkpoint.size];
    here.checkpoint = checkpoint;
    here.lines[cosigner] = line;
    return true;
}

bool HeadBook::holds(const tlog::Checkpoint& checkpoint, const tlog::NoteSignature& line) const {
    const auto head = heads_.find(checkpoint.size);
    if (head == heads_.end() || head->second.checkpoint.root != checkpoint.root) return false;
    const auto known = head->second.lines.find(line.name);
    return known != head->second.lines.end() && known->second == line;
}

std::vector<Bytes> HeadBook::notes() const {
    std::vector<Bytes> out;
    const auto with = [](tlog::Note note, const Cosigned& cosigned) {
        for (const auto& [cosigner, line] : cosigned.lines) note.signatures.push_back(line);
        return tlog::format_note(note);
    };
    if (newest_) {
        const auto same = heads_.find(newest_->checkpoint.size);
        out.push_back(same == heads_.end() ? newest_->bytes() : with(newest_->note, same->second));
    }
    for (auto head = heads_.rbegin(); head != heads_.rend(); ++head) {
        if (newest_ && head->first == newest_->checkpoint.size) continue;
        out.push_back(with({tlog::format_checkpoint(head->second.checkpoint), {}}, head->second));
    }
    return out;
}

std::optional<TreeSize> HeadBook::size_of(const std::string& cosigner) const {
    const auto found = newest_of_.find(cosigner);
    if (found == newest_of_.end()) return std::nullopt;
    return found->second;
}

}  // namespace entente::node
