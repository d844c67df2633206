// SPDX-License-Identifier: Apache-2.0
// All records of a register by slot and by id, cheap to copy (registry/pages.h). A writer has one,
// readers have copies.
#pragma once

#include <optional>
#include <span>

#include "registry/pages.h"
#include "registry/record.h"

namespace entente::registry {

/// Number of a record in this register's memory; not stable from one start to the next.
using Slot = std::uint32_t;

class Records {
  public:
    std::size_t size() const { return pages_.size(); }
    /// Precondition: slot < size().
    const Record& at(Slot slot) const { return pages_.at(slot); }
    std::optional<Slot> find(const RecordId& id) const;
    /// Has the processor fetch what at() of these will be read for, all of them side by side. A
    /// record is a chain of pointers, and each would be waited for alone.
    void prefetch(std::span<const Slot> slots) const;

    /// Precondition: no record has its id yet, and it has a version.
    Slot add(Record record);
    /// Precondition: the record at the slot has the same id.
    void replace(Slot slot, Record record) { pages_.replace(slot, std::move(record)); }
    /// use(record) for each, in order of id.
    template <class Use>
    void each_by_id(Use use) const {
        slots_.each([&](Slot slot) { use(at(slot)); });
    }

  private:
    Pages<Record> pages_;
    ById<Slot> slots_;
};

}  // namespace entente::registry
