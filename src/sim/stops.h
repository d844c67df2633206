// SPDX-License-Identifier: Apache-2.0
// STOPs as their authors meant them, what was done to reach their desks, and whom is to be called
// next: the oracle's own reading of doc/protocol/stop.md, "Calls". It knows no register and no
// view.
#pragma once

#include <map>

#include "sim/plans.h"

namespace entente::sim {

/// An attempt, as it was logged.
struct StopCall {
    RecordId stop;
    Hash leaf;  // of the attempt
    Instant at;
    std::vector<std::string> desks;
    bool automatic = false;  // by the author's node, and not by a person
    bool empty = false;      // the party's own node said that nobody holds any of the desks
    bool answered = false;   // a person did
};

struct StopSaid {
    std::size_t author = 0;  // its seat
    PartyId to;
    Hash leaf;
    Instant said;
    std::vector<std::string> desks;  // in the order in which they are called
    PlanVolume volume;
    bool lifted = false;
    std::vector<StopCall> calls = {};  // in the order of the log
};

/// What persons of the party that was asked said to it.
struct StopAnswer {
    Instant time;  // as they claim
    Hash leaf;
    std::string word;
};

struct StopDue {
    std::vector<std::string> desks;
    Instant at;
    bool operator==(const StopDue&) const = default;
};

/// How long a desk has, and how long all of them have together, by the charter.
struct StopClock {
    Duration next_desk, escalate;
};

/// Nothing where no call is due any more.
std::optional<StopDue> next_due(const StopSaid& stop, std::vector<StopAnswer> answers,
                                const StopClock& clock, Instant now);

}  // namespace entente::sim
