// SPDX-License-Identifier: Apache-2.0
// What parties know (doc/protocol/sharing.md) as a reader of the register sees it: a report, an
// incident, a position, whatever names its members (statement/members.h). Like Seen it is a cheap
// value over a snapshot that outlives it. Nobody's is merged into anybody else's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "statement/label.h"
#include "view/replies.h"

namespace entente::view {

class SeenStatement {
  public:
    /// Precondition: is_statement(snapshot, slot).
    SeenStatement(const registry::Snapshot& snapshot, DealingSlot slot)
        : snapshot_(&snapshot), dealing_(&snapshot.dealings().at(slot)),
          log_(&snapshot.log(dealing_->log)), slot_(slot) {}

    DealingSlot slot() const { return slot_; }
    RecordId id() const { return dealing_->id; }
    const std::string& kind() const { return dealing_->kind(); }
    const PartyId& party() const { return log_->party; }
    bool own() const { return log_->own; }
    /// Whether its entries are in the node's own log: then it goes on here.
    bool in_own_log() const { return dealing_->log == 0; }
    std::uint32_t version() const { return dealing_->versions.back().number; }
    const Hash& leaf() const { return dealing_->versions.back().position.leaf; }
    const registry::Dealing& dealing() const { return *dealing_; }
    /// By its author's word. An act that is not known withdraws nothing, nor does one of two that
    /// claim to be the newest.
    bool withdrawn() const;
    /// What was said last that is open here; null where only its tear line is, or nothing.
    const statement::Dealt* said() const { return dealing_->said(); }
    template <class T>
    const T* said_as() const {
        const statement::Dealt* said = this->said();
        return said != nullptr ? std::get_if<T>(said) : nullptr;
    }
    /// The newest version of which more than the head is open here; null where none is.
    const registry::DealingVersion* shown() const { return dealing_->shown(); }
    /// The tear line where that is all that is open.
    const statement::Tear* torn() const;
    /// Of the newest version; the closed one where it has none, or none that is understood.
    statement::Label label() const;
    std::vector<SeenReply> replies() const { return replies_to(*snapshot_, *dealing_); }
    /// Whether some party said more about it than is looked at (PROTOCOL 19).
    bool more_replies() const { return snapshot_->dealings().more_about(dealing_->id); }

  private:
    const registry::Snapshot* snapshot_;
    const registry::Dealing* dealing_;
    const registry::LogState* log_;
    DealingSlot slot_;
};

/// SeenStatement::withdrawn(), of any dealing.
bool withdrawn(const registry::Dealing& dealing);
/// Whether it is of a kind that names its members.
bool is_statement(const registry::Snapshot& snapshot, DealingSlot slot);
/// All of this kind, by slot; of all kinds where it is empty.
std::vector<SeenStatement> statements(const registry::Snapshot& snapshot, std::string_view kind);
/// Nothing for an id that never was, for one that may not be seen, and for another kind, alike.
std::optional<SeenStatement> find_statement(const registry::Snapshot& snapshot, const RecordId& id);
/// Those of this kind that speak of a record (statement::about), withdrawn ones too, by slot.
std::vector<SeenStatement> statements_about(const registry::Snapshot& snapshot, const RecordId& id,
                                            std::string_view kind);

}  // namespace entente::view
