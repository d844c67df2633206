// SPDX-License-Identifier: Apache-2.0
// All records of a register by slot and by id. Copies share what they have in common: records lie
// in pages of 1,024, ids in 1,024 sorted shards, and both are copied when they are written to while
// somebody else holds them. A writer has one, readers have copies.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "registry/record.h"

namespace entente::registry {

/// Number of a record in this register's memory; not stable from one start to the next.
using Slot = std::uint32_t;

class Records {
  public:
    Records() : shards_(shard_count) {}

    std::size_t size() const { return size_; }
    /// Precondition: slot < size().
    const Record& at(Slot slot) const;
    std::optional<Slot> find(const RecordId& id) const;
    /// Has the processor fetch what at() of these will be read for, all of them side by side. A
    /// record is a chain of pointers, and each would be waited for alone.
    void prefetch(std::span<const Slot> slots) const;

    /// Precondition: no record has its id yet, and it has a version.
    Slot add(Record record);
    /// Precondition: the record at the slot has the same id.
    void replace(Slot slot, Record record);
    /// use(record) for each, in order of id.
    template <class Use>
    void each_by_id(Use use) const {
        for (const auto& shard : shards_) {  // shards and their entries are in order of id
            if (!shard) continue;
            for (const auto& [id, slot] : *shard) use(at(slot));
        }
    }

  private:
    static constexpr std::size_t page_size = 1024;
    static constexpr std::size_t shard_count = 1024;
    using Page = std::array<std::shared_ptr<const Record>, page_size>;
    using Shard = std::vector<std::pair<RecordId, Slot>>;  // sorted by id

    std::size_t size_ = 0;
    std::vector<std::shared_ptr<Page>> pages_;
    std::vector<std::shared_ptr<Shard>> shards_;
};

}  // namespace entente::registry
