// SPDX-License-Identifier: Apache-2.0
// Numbers as lists have them, read strictly: decimal degrees and metres, ASCII, with a point.
// Everything else is refused with a word on what it looks like, because a coordinate that is read
// in the wrong form lies kilometres away (domain.md F11).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/decimal.h"
#include "base/units.h"

namespace entente::intake {

enum class Axis : bool { latitude, longitude };

/// Decimal degrees in 1e-7 degrees, rounded once from all digits, half away from zero.
Result<std::int64_t> parse_degrees(std::string_view text, Axis axis);

/// Metres, 0 or more, in decimetres. Rounding::ceiling for what must not become smaller.
Result<Decimetres> parse_metres(std::string_view text, Rounding rounding);

/// The text without blanks at its ends: ASCII white space and U+00A0.
std::string_view trimmed(std::string_view text);

}  // namespace entente::intake
