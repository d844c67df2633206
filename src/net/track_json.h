// SPDX-License-Identifier: Apache-2.0
// Live tracks as JSON: a position a line in, an alert out (openapi.json: TrackPosition,
// TrackAlert).
#pragma once

#include <string>

#include "base/bytes.h"
#include "formats/json_out.h"
#include "watch/live.h"

namespace entente::net {

constexpr std::size_t track_line_bytes_max = 1024;

/// Strict: a member that means nothing is refused, because a misspelt height would be none. A
/// height says from what it is measured; without one every height counts.
Result<watch::Position> read_position(BytesView line);

/// The members that say what an alert says (openapi.json: TrackSaid), into an object.
void said_of_track(formats::JsonOut& out, const watch::Alert& alert);
/// The same in words. `protects`: how what protects is called, where it is of that.
std::string words_of_track(const watch::Alert& alert, const std::string& protects);
/// An object with its number among the alerts of this node since it was started.
std::string alert_json(std::uint64_t number, const watch::Alert& alert);

}  // namespace entente::net
