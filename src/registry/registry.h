// SPDX-License-Identifier: Apache-2.0
// The register: what all verified statements of a log add up to. A pure function of the entries,
// the opened bodies and the charter (PROTOCOL 20): no clock, no arrival time, no I/O. apply() is
// total: what it does not understand it keeps, and it protects.
//
//     registry::Registry registry(charter, party);
//     registry::Change change = registry.apply(understood);   // the slot that changed
//     registry::Snapshot snapshot = registry.snapshot();      // immutable, cheap
//
// One writer owns a Registry; snapshots are read from any thread. Records lie in pages of 1,024
// that are shared until they are written to.
#pragma once

#include <array>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "registry/record.h"
#include "statement/entry.h"

namespace entente::registry {

/// Number of a record in this register's memory; not stable from one start to the next.
using Slot = std::uint32_t;

class Snapshot {
  public:
    std::size_t size() const { return size_; }
    /// Precondition: slot < size().
    const Record& at(Slot slot) const;
    /// Has the processor fetch what at() of these will be read for, all of them side by side. A
    /// record is a chain of pointers, and each would be waited for alone.
    void prefetch(std::span<const Slot> slots) const;
    std::optional<Slot> find(const RecordId& id) const;
    const statement::Charter& charter() const { return *charter_; }
    const PartyId& party() const { return party_; }
    /// Entries that may protect something but show no place: withheld, void, or of a kind unknown
    /// here and without `where`. While there is one, no answer is complete (PROTOCOL 18).
    std::size_t unplaced() const { return unplaced_; }
    /// The same on every machine that holds the same set: over every record's versions, places and
    /// ends, in order of id, and the number of unplaced entries.
    Hash hash() const;

  private:
    friend class Registry;
    static constexpr std::size_t page_size = 1024;
    using Page = std::array<std::shared_ptr<const Record>, page_size>;
    using Shard = std::vector<std::pair<RecordId, Slot>>;  // sorted by id
    static constexpr std::size_t shard_count = 1024;

    std::size_t size_ = 0;
    std::size_t unplaced_ = 0;
    std::vector<std::shared_ptr<Page>> pages_;
    std::vector<std::shared_ptr<Shard>> shards_;
    std::shared_ptr<const statement::Charter> charter_;
    PartyId party_;
};

/// What apply() changed: nothing, or one record.
struct Change {
    std::optional<Slot> slot;
};

class Registry {
  public:
    /// Precondition: the charter names the party.
    Registry(statement::Charter charter, PartyId party);

    Change apply(const Understood& entry);
    /// Open entries: key entries give officers their right, others are kept by the log alone.
    Change apply(const Position& position, const statement::OpenEntry& entry);

    const Snapshot& snapshot() const { return snapshot_; }
    const Authority& authority() const { return authority_; }

  private:
    Version make_version(const Understood& entry);
    Instant relaxation_time(const Understood& entry);
    std::shared_ptr<const Record>& writable(Slot slot);
    Slot slot_of(const statement::Head& head);
    void count_unplaced(EntryIndex index);

    Snapshot snapshot_;
    Authority authority_;
    std::vector<Instant> relaxations_;  // statement times of those that counted, sorted
    std::set<EntryIndex> unplaced_;     // entries that count as unplaced
};

/// A key entry (PROTOCOL 7): the root gives `key` a role from entry index `from` on.
struct KeyEntry {
    std::string role;
    PublicKey key;
    std::uint64_t from = 0;
};
/// The entry, signed by the root over "entente/v1/key\n" || canonical fields without `signature`.
statement::OpenEntry make_key_entry(const KeyEntry& key, const Origin& origin,
                                    const SecretKey& root);
/// Errc::bad_signature if the root did not sign it.
Result<KeyEntry> read_key_entry(const statement::OpenEntry& entry, const Origin& origin,
                                const PublicKey& root);

}  // namespace entente::registry
