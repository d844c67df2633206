// SPDX-License-Identifier: Apache-2.0
// One moment of the register, immutable and cheap to copy: what readers hold. Records, and for each
// log what holds for all of its records. Nothing here knows `now`.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "registry/dealings.h"
#include "registry/finality.h"
#include "registry/offences.h"
#include "registry/records.h"

namespace entente::registry {

/// What is known of one log.
struct LogState {
    LogNumber number = 0;
    Origin origin;
    PartyId party;
    std::uint32_t succession = 1;    // 2, 3 … of a successor log (PROTOCOL 8)
    bool own = false;                // kept by the party whose register this is
    bool in_charter = true;          // its party is one of the charter's
    bool left = false;               // it holds a `leave` entry
    Relaxing relaxing;               // of its records
    std::optional<TreeSize> forked;  // common part of its branches: later relaxations are void
    std::shared_ptr<const Finality> finality = std::make_shared<const Finality>();
    /// Entries that may protect something but show no place here: void, of a kind unknown here and
    /// without `where`, released without a body that shows one, or in one's own log unreadable.
    std::size_t unplaced = 0;
    /// What its party did wrong in it, by settle().
    std::shared_ptr<const Offences> offences = std::make_shared<const Offences>();

    /// When the version's own places stop protecting, by what is final now; `never` while nothing
    /// that is final ends them.
    Instant end_of(const Version& version) const {
        if (version.restated) return at_once;
        return version.ended_by.empty() ? version.until : end_by_finality(version);
    }
    /// Its protections stay, unconfirmed (PROTOCOL 8, 17).
    bool author_left() const { return left || !in_charter; }

  private:
    Instant end_by_finality(const Version& version) const;
};

class Snapshot {
  public:
    Snapshot() = default;

    std::size_t size() const { return records_.size(); }
    /// Precondition: slot < size().
    const Record& at(Slot slot) const { return records_.at(slot); }
    void prefetch(std::span<const Slot> slots) const { records_.prefetch(slots); }
    std::optional<Slot> find(const RecordId& id) const { return records_.find(id); }
    /// What restrains nothing: activities and what is said about them.
    const Dealings& dealings() const { return dealings_; }
    const statement::Charter& charter() const { return *charter_; }
    /// Whose register this is.
    const PartyId& party() const { return party_; }
    /// By their numbers; the first is one's own.
    std::span<const std::shared_ptr<const LogState>> logs() const { return logs_; }
    const LogState& log(LogNumber number) const { return *logs_[number]; }
    /// Of all logs. While there is one, no answer is complete (PROTOCOL 18).
    std::size_t unplaced() const;
    /// The same on every machine that holds the same set (PROTOCOL 20): over every record's
    /// versions, places and ends, every dealing's versions, in order of id, and what is unplaced,
    /// forked and left of each log. Slots, numbers of logs, cosignatures and `now` are not in it.
    Hash hash() const;

  private:
    friend class Registry;
    friend Snapshot project(const Snapshot& own, const PartyId& reader,
                            const std::map<Hash, std::uint8_t>& released);

    Records records_;
    Dealings dealings_;
    std::vector<std::shared_ptr<const LogState>> logs_;
    std::shared_ptr<const statement::Charter> charter_;
    PartyId party_;
};

}  // namespace entente::registry
