// SPDX-License-Identifier: Apache-2.0
// An attempt to reach the desks that a STOP is addressed to (DESIGN 3): which of them were called,
// when, on which routes, and what came of each. By the node's clock, or told by a person who
// telephoned. It is version 1 of a record of its own and changes nothing of the STOP.
#pragma once

#include <vector>

#include "statement/body.h"

namespace entente::statement {

constexpr const char* attempt_kind = "attempt";

/// How it was tried. The words are on the wire and never change; new ones go at the end.
enum class Route : std::uint8_t {
    direct,  // to the party's own node
    relay,   // through the party that relays for it by the charter
    party,   // through any other party's node
    voice,   // a person called: telephone, radio, in the room
    other,   // any other way that `detail` names
};
constexpr std::size_t route_count = 5;
const char* name(Route route);
Result<Route> parse_route(std::string_view text);

/// What came of it. As above.
enum class AttemptOutcome : std::uint8_t {
    handed,     // a node took it: the party's own, or one that keeps it for that
    failed,     // nobody took it
    answered,   // a person answered
    no_answer,  // nobody did
};
constexpr std::size_t attempt_outcome_count = 4;
const char* name(AttemptOutcome outcome);
Result<AttemptOutcome> parse_attempt_outcome(std::string_view text);

struct Tried {
    Route route = Route::direct;
    std::string via;  // the party whose node it was, for direct, relay and party; else empty
    AttemptOutcome outcome = AttemptOutcome::handed;
    std::string detail;  // one line: why it failed, who answered (a role)
    bool operator==(const Tried&) const = default;
};

struct Attempt {
    BodyKeys keys;
    RecordId of;                     // the STOP
    Hash to;                         // leaf hash of the version that was carried
    std::vector<std::string> desks;  // who was called
    Instant at;                      // when it began
    std::vector<Tried> tried;        // 1 to tried_max
    bool automatic = false;          // by the node's clock
    bool operator==(const Attempt&) const = default;
};
constexpr std::size_t tried_max = 64;

Result<void> validate(const Attempt& attempt);

Bytes encode_attempt(const Attempt& attempt);
/// Form, limits and validate(). Members that are not known are passed over.
Result<Attempt> decode_attempt(BytesView bytes);

}  // namespace entente::statement
