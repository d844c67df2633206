// SPDX-License-Identifier: Apache-2.0
// What parties know (doc/protocol/sharing.md) for programs: one statement as its reader may see it,
// how many independent lines speak of a thing, and where the parties stand.
#pragma once

#include "formats/json_out.h"
#include "view/corroboration.h"
#include "view/positions.h"
#include "view/statement.h"

namespace entente::formats {

/// id, kind, party, own, version, leaf, state, tier, label and `said` (of a tear line `tear`); with
/// `whole` also its history and the replies to it.
void statement_members(JsonOut& out, const view::SeenStatement& seen, bool whole);

/// `name` and `groups` (its records) or of a point, who stands where, who is silent, and whether
/// they agree.
void standing_members(JsonOut& out, const view::Standing& standing);

/// `lines`, each with its reports and why they are one, and the counts.
void corroboration_members(JsonOut& out, const view::Corroboration& all);

}  // namespace entente::formats
