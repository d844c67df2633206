// SPDX-License-Identifier: Apache-2.0
// What activities, challenges and messages have in common for programs: their versions, and what
// was replied to them.
#pragma once

#include <span>

#include "formats/json_out.h"
#include "view/replies.h"

namespace entente::formats {

/// A stranger's moment may be in any year; what is shown has four figures.
Instant in_four_figures(Instant t);

void reply_object(JsonOut& out, const view::SeenReply& one);
/// `replies`: all of them, in order.
void replies_member(JsonOut& out, const std::vector<view::SeenReply>& replies);
/// `history`: what was said, by whom and in which entry.
void versions_member(JsonOut& out, const registry::Dealing& dealing);

}  // namespace entente::formats
