// SPDX-License-Identifier: Apache-2.0
// What names its members (statement/members.h) as JSON of people: times as RFC 3339, volumes as
// GeoJSON as for a check, with `accuracy_m` beside them, hashes in base64. The same walk as that of
// the signed bytes, so no member can be forgotten in one of them.
#pragma once

#include <set>

#include "formats/json.h"
#include "formats/json_out.h"
#include "statement/said_codec.h"

namespace entente::formats {

struct ReadSaid {
    std::vector<std::string> ignored;  // of GeoJSON: members that mean nothing here, by path
};

/// Into what may hold something already: a member that is left out stays, one that is null goes.
/// Members that neither the walk nor `others` names are refused: a misspelt one would be lost.
Result<ReadSaid> read_walk(const Json& json, const statement::Walk& walk,
                           const std::set<std::string>& others);

/// All members that say something, but those of these names.
void walk_members(JsonOut& out, const statement::Walk& walk,
                  const std::set<std::string>& without = {});

}  // namespace entente::formats
