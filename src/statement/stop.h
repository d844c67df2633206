// SPDX-License-Identifier: Apache-2.0
// A STOP (DESIGN 3): what somebody asks another to stop, now. It is said as a protection is, with
// the volume in which all is to stop for its `where`, so that whoever does not know the kind takes
// it for something to be kept away from. It is addressed to duty roles in an order: who does not
// answer is passed over by the charter's clock (node/calling.h). Only its author lifts it, as
// slowly as any relaxation (PROTOCOL 15).
//
//     Protection said;                                  // class other, no names
//     said.where = {volume, buffer 0};
//     said.contact = "who asks, and can be called back";
//     said.stop = Stop{PartyId{"ru"}, {"duty", "air operations"}, "our patrol is under fire", …};
//     TRYV(validate(said));                             // statement/body.h
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"

namespace entente::statement {

constexpr const char* stop_kind = "stop";
constexpr std::size_t desks_max = 8;

/// What is to stop where it is known as a statement: an activity, in one version of it.
struct Stopped {
    RecordId activity;
    Hash entry;  // leaf hash
    bool operator==(const Stopped&) const = default;
};

struct Stop {
    PartyId to;                       // whose desks
    std::vector<std::string> desks;   // duty roles in the order in which they are called, each once
    std::string text;                 // what is wrong, in words that can be read aloud; never empty
    std::optional<Stopped> activity;  // absent: whatever is done in the volume
    bool operator==(const Stop&) const = default;
};

/// 1 to desks_max roles, each a line and once.
Result<void> check_desks(const std::vector<std::string>& desks);

}  // namespace entente::statement
