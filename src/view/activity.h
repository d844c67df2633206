// SPDX-License-Identifier: Apache-2.0
// An activity as a reader of the register sees it, and what others replied to it. Like Seen it is a
// cheap value over a snapshot that outlives it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "view/replies.h"

namespace entente::view {

enum class ActivityState : std::uint8_t {
    planned,  // declared, not started, its windows not over
    running,  // started and not ended; or one of its windows has begun, whatever was said
    overdue,  // started, past its last window, and nobody has said that it ended: for runs_on_for
    ended,    // by its author's word
    cancelled,
    lapsed,  // its last window is over and nobody has said that it ended
    not_understood,
};
const char* name(ActivityState state);
/// How long what was started goes on past its last window, unless its author ends it.
constexpr Duration runs_on_for = std::chrono::hours(24);
/// The last moment, exclusive, at which it may still happen, by this version of it.
Instant may_happen_until(const statement::Activity& activity);
/// Whether it may still happen. What is not understood may.
bool may_happen(ActivityState state);

class SeenActivity {
  public:
    /// Precondition: is_activity(snapshot, slot).
    SeenActivity(const registry::Snapshot& snapshot, DealingSlot slot)
        : snapshot_(&snapshot), dealing_(&snapshot.dealings().at(slot)),
          log_(&snapshot.log(dealing_->log)), slot_(slot) {}

    RecordId id() const { return dealing_->id; }
    DealingSlot slot() const { return slot_; }
    const PartyId& party() const { return log_->party; }
    bool own() const { return log_->own; }
    /// Whether its entries are in the node's own log: then it goes on here.
    bool in_own_log() const { return dealing_->log == 0; }
    std::uint32_t version() const { return dealing_->versions.back().number; }
    const Hash& leaf() const { return dealing_->versions.back().position.leaf; }
    std::span<const registry::DealingVersion> versions() const { return dealing_->versions; }
    const registry::Dealing& dealing() const { return *dealing_; }
    /// What was said last that is open here; null where nothing is.
    const statement::Activity* activity() const;
    ActivityState state(Instant now) const;
    /// Where it is by its newest version (by all of them, if several claim to be that), and where
    /// that is not understood by the last one that is: nothing once its author has ended it.
    std::vector<geo::Place> volumes() const;
    /// The same as it may be by now: of one that is overdue until it lapses.
    std::vector<geo::Place> volumes(Instant now) const;
    /// All that volumes(now) may be at any time.
    std::vector<geo::Place> volumes_ever() const;
    /// In order of the times that they claim.
    std::vector<SeenReply> replies() const { return replies_to(*snapshot_, *dealing_); }
    /// Whether some party said more about it than is looked at (PROTOCOL 19).
    bool more_replies() const { return snapshot_->dealings().more_about(dealing_->id); }

  private:
    std::vector<const statement::Activity*> in_force() const;

    const registry::Snapshot* snapshot_;
    const registry::Dealing* dealing_;
    const registry::LogState* log_;
    DealingSlot slot_;
};

bool is_activity(const registry::Snapshot& snapshot, DealingSlot slot);

}  // namespace entente::view
