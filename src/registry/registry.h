// SPDX-License-Identifier: Apache-2.0
// The register: what all verified statements of several logs add up to. A pure function of the set
// of entries, opened bodies, charter, forks and cosignatures (PROTOCOL 20): no clock, no arrival
// time, no I/O. Entries and bodies may come in any order, any number of times, across logs and
// within one, with more slots later. apply() is total: what it does not understand it keeps, and it
// protects.
//
//     registry::Registry registry(charter, self);             // log 0 is one's own
//     registry::LogNumber ru = registry.add_log(origin, party);
//     registry.note_sealed(ru, position, entry);              // every sealed entry of the others
//     registry.apply(ru, understood);                         // once more when its bodies are open
//     registry.set_finality(ru, finality);
//     for (registry::Slot slot : registry.settle()) ...       // what changed since the last time
//     registry::Snapshot snapshot = registry.snapshot();      // immutable, cheap
//
// One writer owns a Registry; snapshots are read from any thread.
#pragma once

#include "registry/fold.h"
#include "registry/restated.h"
#include "registry/snapshot.h"
#include "statement/entry.h"
#include "statement/key_entry.h"

namespace entente::registry {

/// What apply() changed at once: nothing yet, or one record. settle() tells it again.
struct Change {
    std::optional<Slot> slot;
};

class Registry {
  public:
    /// Precondition: the charter names the party.
    Registry(statement::Charter charter, PartyId self);

    /// The number of this log, new or known. Both branches of a log that forked are one number:
    /// their entries differ in their leaves.
    LogNumber add_log(const Origin& origin, const PartyId& party);
    std::optional<LogNumber> find_log(const Origin& origin) const;
    /// The party goes on in this log (PROTOCOL 25): the charter that snapshots show names it.
    void name_log(const PartyId& party, std::string vkey);

    /// A sealed entry, as far as it is open. Of another party's log an entry with nothing open, and
    /// nothing wrong, counts as note_sealed().
    Change apply(LogNumber log, const Understood& entry);
    /// Bodies of this entry that a purge mark closed (Understood::closed), and that stay closed
    /// whatever comes, were released again: apply() follows.
    void reopen(LogNumber log, const Hash& leaf, std::uint8_t slots);
    /// Open entries: key entries give officers their right, `leave` marks the log's records; others
    /// are kept by the log alone.
    Change apply(LogNumber log, const Position& position, const statement::OpenEntry& entry);
    /// A sealed entry of which nothing is open here. In another party's log that is as it should
    /// be: all that counts is its tag.
    void note_sealed(LogNumber log, const Position& position, const statement::SealedEntry& entry);
    /// An entry of neither form (PROTOCOL 16): void, and counted.
    void note_malformed(LogNumber log, const Position& position);
    Change apply(const Understood& entry) { return apply(0, entry); }
    Change apply(const Position& position, const statement::OpenEntry& entry) {
        return apply(0, position, entry);
    }

    /// Since when this log's entries are final, by all that is known now.
    void set_finality(LogNumber log, Finality finality);
    /// The log has two branches, alike up to this size: relaxations after it are void for ever.
    void fork(LogNumber log, TreeSize common);
    /// The same by whoever holds both branches, and may find more of them alike than was known.
    void part_at(LogNumber log, TreeSize common);

    /// Works off what came late, and says which records may be other than at the last time: sorted,
    /// each once. To be called after every batch, before anything is read.
    std::vector<Slot> settle();

    /// Dealings that are other than at the last time: sorted, each once.
    std::vector<DealingSlot> take_changed_dealings();

    /// Precondition: settled since the last change that came late.
    const Snapshot& snapshot() const;
    const LogState& log_state(LogNumber log) const { return *snapshot_.logs_[log]; }
    const Authority& authority(LogNumber log = 0) const { return folds_[log].authority(); }

  private:
    LogState& state(LogNumber log);
    void count_unplaced(LogNumber log);
    void mark_dealings(LogNumber log);

    Snapshot snapshot_;
    std::vector<Fold> folds_;  // by number of the log
    Restatements restated_;
    std::vector<Slot> changed_;
    std::vector<DealingSlot> changed_dealings_;
};

using statement::KeyEntry;
using statement::make_key_entry;
using statement::read_key_entry;

}  // namespace entente::registry
