// SPDX-License-Identifier: Apache-2.0
// What a presence says beside its area, and what the parties say of its group, as JSON and for a
// terminal (check/presence.h).
#pragma once

#include "check/presence.h"
#include "formats/json_out.h"

namespace entente::formats {

/// `kind`, and of one that is open `presence`: group, names, grade, sponsor, `restrains`,
/// `because`, `contested`, and `positions`, who says what. Nothing for what is none.
void presence_members(JsonOut& out, const view::Seen& seen, const check::PresenceFound* found);
/// Of one whose exact body is open, as it is at `now`.
std::optional<check::PresenceFound> presence_at(const view::View& view, const view::Seen& seen,
                                                Instant now);

}  // namespace entente::formats
