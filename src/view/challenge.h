// SPDX-License-Identifier: Apache-2.0
// A challenge as a reader of the register sees it, with its clock and its answers. Like Seen it is
// a cheap value over a snapshot that outlives it.
#pragma once

#include <optional>
#include <vector>

#include "view/replies.h"

namespace entente::view {

/// Silence is a state. Whatever it is but `withdrawn`, what is contested is shown so, and protects.
enum class ChallengeState : std::uint8_t {
    open,       // its author may still answer in time
    overdue,    // the time is past, and nobody has answered
    answered,   // accepted or refused by the author of what is contested
    elsewhere,  // between two others: what is answered goes to who asked, and is not shown here
    withdrawn,  // by its author's word
    not_understood,
};
const char* name(ChallengeState state);

class SeenChallenge {
  public:
    /// Precondition: is_challenge(snapshot, slot).
    SeenChallenge(const registry::Snapshot& snapshot, DealingSlot slot)
        : snapshot_(&snapshot), dealing_(&snapshot.dealings().at(slot)),
          log_(&snapshot.log(dealing_->log)) {}

    RecordId id() const { return dealing_->id; }
    const PartyId& party() const { return log_->party; }
    bool own() const { return log_->own; }
    /// Whether its entries are in the node's own log: then it goes on here.
    bool in_own_log() const { return dealing_->log == 0; }
    std::uint32_t version() const { return dealing_->versions.back().number; }
    const Hash& leaf() const { return dealing_->versions.back().position.leaf; }
    std::span<const registry::DealingVersion> versions() const { return dealing_->versions; }
    const registry::Dealing& dealing() const { return *dealing_; }
    /// What was said last that is open here; null where nothing is.
    const statement::Challenge* challenge() const;
    /// Whose record it contests; nothing where that is not known here.
    std::optional<PartyId> author() const;
    bool withdrawn() const;
    ChallengeState state(Instant now) const;
    /// In order of the times that they claim.
    std::vector<SeenReply> replies() const { return replies_to(*snapshot_, *dealing_); }
    /// Whether some party said more about it than is looked at (PROTOCOL 19).
    bool more_replies() const { return snapshot_->dealings().more_about(dealing_->id); }
    /// The first that answers the newest version. Who only notes it has not answered.
    std::optional<SeenReply> answer() const;

  private:
    const registry::Snapshot* snapshot_;
    const registry::Dealing* dealing_;
    const registry::LogState* log_;
};

bool is_challenge(const registry::Snapshot& snapshot, DealingSlot slot);

/// Challenges to the record by others than its author that are not withdrawn; of one that states
/// another one once more (PROTOCOL 8) also those to that. By slot.
std::vector<DealingSlot> open_challenges(const registry::Snapshot& snapshot,
                                         const registry::Record& record);
/// Whether there is one. A look-up for most records.
bool is_contested(const registry::Snapshot& snapshot, const registry::Record& record);
/// Records that may be contested, or not any more, by what was said in this dealing.
std::vector<registry::Slot> contested_by(const registry::Snapshot& snapshot, DealingSlot slot);

}  // namespace entente::view
