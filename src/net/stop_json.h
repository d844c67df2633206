// SPDX-License-Identifier: Apache-2.0
// STOPs as members of an answer: of /v1/stops, and of one. Their words are for everybody who may
// look: they are there to be read at once.
#pragma once

#include "formats/json_out.h"
#include "node/urgent.h"

namespace entente::net {

/// id, party, to, own, open, lifting, state, said, text, contact, desks, activity, entry, answered,
/// answered_at, attempts and replies (how many), next: desks and due, or null. Precondition: the
/// record is a STOP.
void stop_members(formats::JsonOut& out, const view::View& view, view::Slot slot, Instant now);
/// Of one that came urgently and is in no log yet: id, party, to, text, contact, desks, sent, came,
/// called, answered (by persons here), and with `whole` plan: where.
void heard_members(formats::JsonOut& out, const view::View& view, const node::HeardStop& stop,
                   bool whole);
/// `calls` and `answers`, whole.
void calling_members(formats::JsonOut& out, const view::View& view, view::Slot slot, Instant now);

}  // namespace entente::net
