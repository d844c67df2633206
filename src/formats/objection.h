// SPDX-License-Identifier: Apache-2.0
// What an objection or a STOP says, as JSON and for a terminal: beside its place, state and party,
// which stand where a record or finding is written.
#pragma once

#include "formats/json_out.h"
#include "view/view.h"

namespace entente::formats {

/// `kind`, contact, and, where its exact body is open, `objection`: activity, entry, grounds, found
/// and automatic; of a STOP `stop`: to, desks, text, activity and entry. Nothing for what is
/// neither.
void objection_members(JsonOut& out, const view::Seen& seen);
/// `answers`: what was replied to it, each as reply_object() has it.
void answers_member(JsonOut& out, const view::View& view, const view::Seen& seen);
/// The same in lines.
std::string answers_text(const view::View& view, const view::Seen& seen);
/// `on these grounds: ...; to activity ID`, or `STOP, to PARTY (DESKS): ...`, for a terminal; empty
/// for what is neither.
std::string objection_text(const view::Seen& seen);

}  // namespace entente::formats
