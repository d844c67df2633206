// SPDX-License-Identifier: Apache-2.0
// How two incidents belong together, as a party proposes it. Nothing is merged by it: others accept
// or refuse by a reply (statement/reply.h), and both records stay as they are.
#pragma once

#include "statement/body.h"
#include "statement/members.h"

namespace entente::statement {

constexpr const char* link_kind = "link";

enum class Relation : std::uint8_t { duplicate_of, part_of, follows };
constexpr std::size_t relation_count = 3;
const char* name(Relation relation);

struct Link {
    BodyKeys keys;
    std::optional<RecordId> incident, other;  // two of them; never absent
    Relation relation = Relation::duplicate_of;
    std::string text;  // why
    std::string contact;
    bool operator==(const Link&) const = default;
};

void members(Members& m, Link& link);
Result<void> validate(const Link& link);

}  // namespace entente::statement
