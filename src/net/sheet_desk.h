// SPDX-License-Identifier: Apache-2.0
// Printed sheets as a served node has them: guarded for its threads, with how often a code may be
// tried.
#pragma once

#include <mutex>

#include "people/attempts.h"
#include "people/memory_store.h"
#include "people/sheets.h"

namespace entente::net {

class SheetDesk {
  public:
    /// It outlives this; null: none, in memory.
    explicit SheetDesk(people::Sheets* sheets) : sheets_(sheets) {
        if (sheets_ != nullptr) return;
        nobodys_ = *people::Sheets::load(no_store_);  // an empty one in memory cannot fail
        sheets_ = &*nobodys_;
    }

    /// One at a time, so that a code is read back once.
    template <class Work>
    auto with(Work work) {
        const std::lock_guard lock(mutex_);
        return work(*sheets_);
    }
    /// Takes one try of whoever it is; if none is left, how long until there is one.
    Duration attempt(const std::string& who, const std::string& address, Instant now) {
        const std::lock_guard lock(tries_mutex_);
        return tries_.take(who, address, now);
    }
    /// After a code that was right.
    void forgive(const std::string& who, const std::string& address) {
        const std::lock_guard lock(tries_mutex_);
        tries_.forgive(who, address);
    }

  private:
    people::MemoryStore no_store_;
    std::optional<people::Sheets> nobodys_;
    std::mutex mutex_;  // guards what it points to
    people::Sheets* sheets_;
    std::mutex tries_mutex_;  // guards the next
    people::Attempts tries_;
};

}  // namespace entente::net
