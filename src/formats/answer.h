// SPDX-License-Identifier: Apache-2.0
// An Answer for programs (JSON) and for people (text). Both always carry what the answer rests on
// and the standing notice.
#pragma once

#include <string>

#include "check/answer.h"

namespace entente::formats {

/// One JSON object on one line, without a line end. Members: verdict, reasons, as_of, findings,
/// findings_total, objections, objections_total, nearby, nearby_total, notice. Distances in metres,
/// bearings in degrees from north, times RFC 3339; an absent end of a window or band is null.
std::string answer_json(const view::View& view, const check::Answer& answer);
/// The same behind what `text` holds already.
void append_answer_json(std::string& text, const view::View& view, const check::Answer& answer);

/// For a terminal: verdict, reasons, the nearest findings, what it rests on, the notice.
std::string answer_text(const view::View& view, const check::Answer& answer);

/// One record with its history, for `show`.
std::string record_json(const view::View& view, view::Slot slot, Instant now);
std::string record_text(const view::View& view, view::Slot slot, Instant now);

/// One line with its end, for `list`: id, class, state, centre, name. Empty where no content is
/// open.
std::string list_line(const view::Seen& seen, Instant now);

}  // namespace entente::formats
