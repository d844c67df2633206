// SPDX-License-Identifier: Apache-2.0
// Hot-line messages for programs, with who has acknowledged them and who has not.
#pragma once

#include <set>

#include "formats/json_out.h"
#include "statement/message.h"
#include "view/message.h"

namespace entente::formats {

/// The members `from`, `desks` and `text`, and where they stand `language`, `answers` and `about`.
/// Others are the caller's to judge.
Result<statement::Message> read_message(const Json& json);

/// Of `to`, the parties that it is known here to be for, those that have not acknowledged it.
std::vector<PartyId> unacknowledged(const view::SeenMessage& seen, const std::set<PartyId>& to);

/// All of it. `to` is who it was given to where it is one's own, otherwise this party alone: what
/// others have said is told to who sent it.
void message_members(JsonOut& out, const view::SeenMessage& seen, const std::set<PartyId>& to,
                     Instant now);

}  // namespace entente::formats
