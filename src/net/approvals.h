// SPDX-License-Identifier: Apache-2.0
// What waits for officers, and the duty roster, as a served node has them: guarded for its threads,
// and the one place where a proposal with enough signatures is logged. Signatures are durable
// before that is tried; a version is found in the log by its leaf, so after a crash it is logged if
// it was not, and never twice.
#pragma once

#include <mutex>

#include "net/desk.h"
#include "people/duty.h"
#include "people/memory_store.h"
#include "people/proposal.h"

namespace entente::net {

class Approvals {
  public:
    /// Both outlive this; null: empty ones in memory. `founding`: officers since the log began.
    Approvals(Desk& desk, people::Proposals* proposals, people::Roster* roster,
              std::vector<people::Officer> founding = {});

    template <class Work>
    auto with_proposals(Work work) {
        const std::lock_guard lock(mutex_);
        return work(*proposals_);
    }
    template <class Work>
    auto with_roster(Work work) {
        const std::lock_guard lock(mutex_);
        return work(*roster_);
    }

    /// Logs a proposal that enough officers have signed, or finds it logged.
    Result<EntryIndex> log(const std::string& id, const people::By& by);
    /// The same of all such, after a start. What cannot be logged now stays as it is.
    void log_all(const people::By& by);
    /// Its bodies. Errc::not_found once it is done.
    Result<node::Proposed> open(const people::Proposal& proposal) const;
    /// Whose key this is; nothing for no officer's.
    std::optional<std::string> officer_of(BytesView key);
    /// Everybody who may sign: the node itself, who was one from the log's beginning, and who was
    /// enrolled since. Each key once.
    std::vector<people::Officer> officers();

  private:
    Desk& desk_;
    const std::vector<people::Officer> founding_;
    people::MemoryStore no_store_;
    std::optional<people::Proposals> no_proposals_;
    std::optional<people::Roster> no_roster_;
    std::mutex logging_;  // one at a time, held while the log is written
    std::mutex mutex_;    // guards the next two
    people::Proposals* proposals_;
    people::Roster* roster_;
};

}  // namespace entente::net
