// SPDX-License-Identifier: Apache-2.0
// Alerts of live tracks in words, and feeding a track to a node as if it came live.
#pragma once

#include <string>

#include "cli/ask.h"
#include "watch/track.h"

namespace entente::cli {

/// Each alert of a page (openapi.json: AlertPage) on a line; whose track is empty: all.
void print_alerts(const formats::Json& page, const std::string& track);

/// How a file's track is given to the node.
struct Feeding {
    std::string by;
    std::string track;
    std::string kind;
    bool with_heights = false;  // they are from the track's reference
    bool as_if_now = false;     // its times are moved so that the last is now
};
struct Fed {
    std::uint64_t accepted = 0;
    std::uint64_t repeated = 0;
    std::uint64_t refused = 0;
    std::string reason;            // of the first that was refused
    bool notices_waiting = false;  // some could not be written yet
    Answered alerts;               // the page of what it gave rise to, and of what came meanwhile
};
/// In requests of 1,000 positions, in order.
Result<Fed> feed(Service& service, const watch::Track& track, const Feeding& how);

}  // namespace entente::cli
