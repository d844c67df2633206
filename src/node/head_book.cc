// SPDX-License-Identifier: Apache-2.0
#include "node/head_book.h"

namespace entente::node {

void HeadBook::set_newest(const tlog::SignedCheckpoint& head, Turn turn) {
    if (newest_ && head.checkpoint.size <= newest_->checkpoint.size) return;
    newest_ = head;
    newest_turn_ = turn;
    // Cosignatures are kept apart; the log's own signature is all that the head itself brings.
    std::erase_if(newest_->note.signatures,
                  [&](const auto& line) { return line.name != head.checkpoint.origin.v; });
}

bool HeadBook::add(const tlog::Checkpoint& checkpoint, const std::string& cosigner,
                   const tlog::NoteSignature& line, Turn turn) {
    // Of two over one head the first stands: it is the earlier promise.
    if (is_old(cosigner, checkpoint.size)) return false;
    if (const auto before = newest_of_.find(cosigner); before != newest_of_.end()) {
        Cosigned& old = heads_[before->second];
        old.lines.erase(cosigner);
        if (old.lines.empty()) heads_.erase(before->second);
    }
    newest_of_[cosigner] = checkpoint.size;
    Cosigned& here = heads_[checkpoint.size];
    here.checkpoint = checkpoint;
    here.lines[cosigner] = {line, turn};
    return true;
}

bool HeadBook::is_old(const std::string& cosigner, TreeSize size) const {
    const auto newest = newest_of_.find(cosigner);
    return newest != newest_of_.end() && size <= newest->second;
}

std::vector<Bytes> HeadBook::notes(Turn after) const {
    static const Cosigned none;
    std::vector<Bytes> out;
    // Appends a note if it has lines that came after, or is itself news.
    const auto give = [&](tlog::Note note, const Cosigned& cosigned, bool news) {
        for (const auto& [cosigner, line] : cosigned.lines) {
            if (line.turn <= after) continue;
            note.signatures.push_back(line.signature);
            news = true;
        }
        if (news) out.push_back(tlog::format_note(note));
    };
    if (newest_) {
        const auto same = heads_.find(newest_->checkpoint.size);
        give(newest_->note, same == heads_.end() ? none : same->second, newest_turn_ > after);
    }
    for (auto head = heads_.rbegin(); head != heads_.rend(); ++head) {
        if (newest_ && head->first == newest_->checkpoint.size) continue;
        give({tlog::format_checkpoint(head->second.checkpoint), {}}, head->second, false);
    }
    return out;
}

std::optional<TreeSize> HeadBook::size_of(const std::string& cosigner) const {
    const auto found = newest_of_.find(cosigner);
    if (found == newest_of_.end()) return std::nullopt;
    return found->second;
}

}  // namespace entente::node
