// SPDX-License-Identifier: Apache-2.0
// Boundaries and zones for programs: what somebody asserts, in; what a reader sees of one and how
// parties' versions differ, out. Which of them is right is never said.
#pragma once

#include "formats/json.h"
#include "formats/json_out.h"
#include "view/airspace.h"

namespace entente::formats {

struct ReadAirspace {
    statement::Airspace airspace;
    std::vector<std::string> ignored;
};

/// The members `plan` (as for a check), `name`, `contact`, `frequency`, `language`, `text` and
/// `accuracy_m`: how well the outline is known. What is left out is as in `before`, if there is
/// one. Other members are the caller's to judge.
Result<ReadAirspace> read_airspace(const Json& json, const statement::Airspace* before);

/// id, party, own, state, version, leaf, name, contact and how it is called; with `whole` every
/// version with its volumes.
void airspace_members(JsonOut& out, const view::SeenAirspace& seen, bool whole);

/// All of them in groups by name, each with what is in force and how these versions differ. At most
/// airspace_pairs_max pairs are compared; how many more there are is counted, and how many versions
/// of a party's there are in force beyond the first `watched_max`, which live tracks look at.
void airspace_groups(JsonOut& out, const std::vector<view::SeenAirspace>& all, bool withdrawn,
                     std::size_t watched_max);
constexpr std::size_t airspace_pairs_max = 100;

}  // namespace entente::formats
