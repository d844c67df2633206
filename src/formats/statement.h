// SPDX-License-Identifier: Apache-2.0
// What parties know (doc/protocol/sharing.md) for programs: one statement as its reader may see it,
// how many independent lines speak of a thing, and where the parties stand.
#pragma once

#include "formats/json_out.h"
#include "view/corroboration.h"
#include "view/positions.h"
#include "view/statement.h"

namespace entente::formats {

/// How much of a statement is shown.
enum class Shown : std::uint8_t {
    listed,  // among others: no places, no long texts, no sources
    said,    // among others, of one's own: all that it says
    whole,   // by itself: also its history and the replies to it
};

/// stated, withdrawn or not_understood.
const char* statement_state(const view::SeenStatement& seen);

/// id, kind, party, own, whether it goes on here, version, leaf, state, tier, label and `said` (of
/// a tear line `tear`).
void statement_members(JsonOut& out, const view::SeenStatement& seen, Shown shown);

/// `name` and `groups` (its records) or of a point, who stands where, who is silent, and whether
/// they agree. `texts`: with what each says of it in its own words, for who may open records.
void standing_members(JsonOut& out, const view::Standing& standing, bool texts);

/// `lines`, each with its reports and why they are one, and the counts.
void corroboration_members(JsonOut& out, const view::Corroboration& all);

}  // namespace entente::formats
