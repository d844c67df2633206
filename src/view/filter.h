// SPDX-License-Identifier: Apache-2.0
// Which records a person asks to see: by place, class, state and words. A list for reading; no
// check ever goes through it.
#pragma once

#include <optional>
#include <string>

#include "geo/box.h"
#include "view/view.h"

namespace entente::view {

struct Filter {
    std::optional<geo::Box> box;   // some place that protects now meets it
    std::string protection_class;  // empty: any
    std::optional<State> state;    // absent: all but withdrawn
    std::string text;              // in a name, ref or source; ASCII letters of either case alike
};

/// West, south, east, north in decimal degrees; west greater than east runs over the antimeridian.
Result<geo::Box> parse_bbox(std::string_view text);
/// Errc::malformed naming the states there are.
Result<State> parse_state(std::string_view text);
/// Errc::malformed if the class is none.
Result<void> validate(const Filter& filter);

bool passes(const Filter& filter, const Seen& seen, Instant now);

}  // namespace entente::view
