// SPDX-License-Identifier: Apache-2.0
// A hot-line message as a reader of the register sees it, and who has acknowledged it. Like Seen it
// is a cheap value over a snapshot that outlives it.
#pragma once

#include <vector>

#include "view/replies.h"

namespace entente::view {

class SeenMessage {
  public:
    /// Precondition: is_message(snapshot, slot).
    SeenMessage(const registry::Snapshot& snapshot, DealingSlot slot)
        : snapshot_(&snapshot), dealing_(&snapshot.dealings().at(slot)),
          log_(&snapshot.log(dealing_->log)) {}

    RecordId id() const { return dealing_->id; }
    const PartyId& party() const { return log_->party; }
    bool own() const { return log_->own; }
    /// Its first version: a message is never unsaid, and what claims to be a later one says
    /// nothing.
    const registry::DealingVersion& version() const { return dealing_->versions.front(); }
    /// Null where it is not open here, or not understood.
    const statement::Message* message() const;
    /// `noted`, by parties that did not send it, in order of the times that they claim. What a node
    /// says by itself acknowledges nothing.
    std::vector<SeenReply> acknowledgements() const;

  private:
    const registry::Snapshot* snapshot_;
    const registry::Dealing* dealing_;
    const registry::LogState* log_;
};

bool is_message(const registry::Snapshot& snapshot, DealingSlot slot);

}  // namespace entente::view
