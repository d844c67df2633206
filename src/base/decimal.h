// SPDX-License-Identifier: Apache-2.0
// Decimal text to scaled integers without a float between: "33.5123" at scale 7 is 335123000.
// Only ASCII digits, one '.', one sign; white space and group marks are the caller's affair.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace entente {

enum class Rounding : std::uint8_t {
    nearest,  // half away from zero
    floor,    // toward minus infinity
    ceiling,  // toward plus infinity
};

enum class Exponent : bool { refused, allowed };

/// value * 10^scale, rounded once from all digits given. Errc::malformed says what is wrong with
/// the text; Errc::too_large if the result is beyond ±10^18. Precondition: scale <= 12.
Result<std::int64_t> parse_decimal(std::string_view text, unsigned scale,
                                   Rounding rounding = Rounding::nearest,
                                   Exponent exponent = Exponent::refused);

/// The shortest decimal text of v / 10^scale: 335123000 at scale 7 is "33.5123".
std::string format_decimal(std::int64_t v, unsigned scale);

}  // namespace entente
