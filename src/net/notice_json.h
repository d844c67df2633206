// SPDX-License-Identifier: Apache-2.0
// A notice for who gets it: as JSON, and in plain words. What a record is called comes from the
// register at this moment, as deep as the view goes; no position is ever in it.
#pragma once

#include "formats/json_out.h"
#include "net/desk.h"
#include "node/noticing.h"
#include "view/view.h"

namespace entente::net {

/// What is left of it for who may open no record by itself: of a join, or an alert of a live track,
/// that there is one.
node::WaitingNotice told_to(bool reads_exactly, const node::WaitingNotice& waiting);
/// Records at which live tracks were: who reads that, and knows the way, knows where they are,
/// which is noted as of the alerts themselves.
std::vector<RecordId> of_tracks(const std::vector<node::WaitingNotice>& notices);
/// `moment` has what the view does not: STOPs that came urgently, and boundaries.
void notice_object(formats::JsonOut& out, const view::View& view, const Moment& moment,
                   const node::WaitingNotice& waiting, Instant now);
/// One line, without a line end; nothing in it that a terminal obeys.
std::string notice_text(const view::View& view, const Moment& moment, const node::Notice& notice,
                        Instant now);

}  // namespace entente::net
