// SPDX-License-Identifier: Apache-2.0
// Where a group is (DESIGN 3): an area, said as a protection is, that is this group's for some
// days. Never who is in it: its one name is the area's. Whether the group is protected is what the
// parties' positions say (position.h); whoever does not know the kind, or cannot read them, keeps
// away from the area.
//
//     Protection said;                                  // class group_area
//     said.where = {area with a window that ends, at most presence_span_max after it starts};
//     said.presence = Presence{group, PartyId{"ru"}, Grade{'B', '2'}};
//     TRYV(validate(said));                             // statement/body.h
#pragma once

#include <optional>

#include "base/ids.h"
#include "base/time.h"
#include "statement/grade.h"

namespace entente::statement {

constexpr const char* presence_kind = "presence";

/// No place of a presence is said for longer. Groups move within days; two weeks are what a staff
/// that meets every week can renew in time when one meeting falls out.
constexpr Duration presence_span_max = std::chrono::hours(14 * 24);

struct Presence {
    RecordId group;                  // of whichever party
    std::optional<PartyId> sponsor;  // who vouches for it; absent: who says it
    Grade grade;
    bool operator==(const Presence&) const = default;
};

}  // namespace entente::statement
