// SPDX-License-Identifier: Apache-2.0
// How this party sees a group, or a point of the charter, since when and why. Each party's position
// stands beside the others'; none overwrites another. One that protects acts at once; one that
// protects no more acts as slowly as any relaxation (PROTOCOL 15; view/positions.h).
#pragma once

#include "statement/body.h"
#include "statement/members.h"

namespace entente::statement {

constexpr const char* position_kind = "position";

enum class Stand : std::uint8_t {
    no_position,
    is_protected,   // of a group: must not be struck
    not_protected,  // of a group: this party does not protect it. It says nothing about striking it
    agrees,         // with a point of the charter
    differs,
};
constexpr std::size_t stand_count = 5;
const char* name(Stand stand);

struct Position {
    BodyKeys keys;
    std::optional<RecordId> group;  // a group, or
    std::string point;              // a point as the charter has it, byte by byte
    Stand stand = Stand::no_position;
    std::string text;  // why
    std::optional<Instant> from,
        until;  // since when it has been held; until when, if that is known
    std::string contact;
    bool operator==(const Position&) const = default;
};

void members(Members& m, Position& position);
Result<void> validate(const Position& position);

}  // namespace entente::statement
