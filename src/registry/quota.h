// SPDX-License-Identifier: Apache-2.0
// How many relaxations one log may make without its root: within 24 hours of statement times the
// larger of a number and a share of its records (PROTOCOL 15). What is beyond is held, and does not
// count. Asked in order of entry index; can be taken back to an index, to be asked again from
// there.
#pragma once

#include <functional>
#include <vector>

#include "base/ids.h"
#include "statement/charter.h"

namespace entente::registry {

class Quota {
  public:
    Quota(int least, int percent) : least_(least), percent_(percent) {}

    /// Whether the relaxation may act; then it counts. `records` says how many records the log had
    /// by then; it is asked only when the number alone does not allow it.
    bool admits(EntryIndex index, Instant time, const std::function<std::size_t()>& records);
    /// Forgets what counted at this index and later.
    void forget_from(EntryIndex index);

  private:
    struct Counted {
        EntryIndex index;
        Instant time;
    };
    int least_;
    int percent_;
    std::vector<Counted> counted_;  // by index
    std::vector<Instant> times_;    // theirs, sorted
};

}  // namespace entente::registry
