// SPDX-License-Identifier: Apache-2.0
#include "base/decimal.h"

#include <algorithm>

#include "base/assert.h"

namespace entente {
namespace {

constexpr std::int64_t value_max = 1'000'000'000'000'000'000;  // 10^18
constexpr std::size_t text_bytes_max = 400;                    // more is no number anybody wrote
constexpr std::int64_t exponent_max = 400;                     // beyond a double's range

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A number taken apart: digits d1 d2 ... dn meaning 0.d1d2...dn * 10^point.
struct Parts {
    bool negative = false;
    std::string digits;
    std::int64_t point = 0;
};

tl::unexpected<Error> not_a_number(std::string_view text) {
    return fail(Errc::malformed,
                "\"" + std::string(text.substr(0, 40)) + "\" is not a decimal number");
}

Result<std::int64_t> take_exponent(std::string_view text, std::string_view rest) {
    bool negative = false;
    if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) {
        negative = rest[0] == '-';
        rest.remove_prefix(1);
    }
    if (rest.empty() || !std::all_of(rest.begin(), rest.end(), is_digit)) return not_a_number(text);
    std::int64_t value = 0;
    for (char c : rest) value = std::min(exponent_max, value * 10 + (c - '0'));
    return negative ? -value : value;
}

Result<Parts> take_apart(std::string_view text, Exponent exponent) {
    if (text.size() > text_bytes_max) return not_a_number(text);
    Parts parts;
    std::string_view rest = text;
    if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) {
        parts.negative = rest[0] == '-';
        rest.remove_prefix(1);
    }
    bool seen_point = false;
    while (!rest.empty() && (is_digit(rest[0]) || (rest[0] == '.' && !seen_point))) {
        if (rest[0] == '.') {
            seen_point = true;
        } else {
            parts.digits += rest[0];
            if (!seen_point) ++parts.point;
        }
        rest.remove_prefix(1);
    }
    if (parts.digits.empty()) return not_a_number(text);
    if (rest.empty()) return parts;
    if (exponent == Exponent::refused || (rest[0] != 'e' && rest[0] != 'E')) {
        return not_a_number(text);
    }
    TRY(shift, take_exponent(text, rest.substr(1)));
    parts.point += shift;
    return parts;
}

/// Whether the digits that were cut off make the magnitude one larger.
bool rounds_up(const Parts& parts, std::int64_t kept, Rounding rounding) {
    std::size_t first = kept < 0 ? 0 : static_cast<std::size_t>(kept);
    if (first >= parts.digits.size()) return false;
    std::string_view cut = std::string_view(parts.digits).substr(first);
    bool any = cut.find_first_not_of('0') != std::string_view::npos;
    switch (rounding) {
        case Rounding::nearest: return kept >= 0 && cut[0] >= '5';
        case Rounding::floor: return any && parts.negative;
        case Rounding::ceiling: return any && !parts.negative;
    }
    return false;
}

}  // namespace

Result<std::int64_t> parse_decimal(std::string_view text, unsigned scale, Rounding rounding,
                                   Exponent exponent) {
    ASSERT(scale <= 12);
    TRY(parts, take_apart(text, exponent));
    std::int64_t kept = parts.point + static_cast<std::int64_t>(scale);
    std::int64_t value = 0;
    for (std::int64_t i = 0; i < kept; ++i) {
        auto at = static_cast<std::size_t>(i);
        if (at >= parts.digits.size() && value == 0) break;
        if (value >= value_max / 10) {
            return fail(Errc::too_large,
                        "\"" + std::string(text.substr(0, 40)) + "\" is too large a number");
        }
        value = value * 10 + (at < parts.digits.size() ? parts.digits[at] - '0' : 0);
    }
    if (rounds_up(parts, kept, rounding)) ++value;
    return parts.negative ? -value : value;
}

std::string format_decimal(std::int64_t v, unsigned scale) {
    ASSERT(scale <= 12);
    bool negative = v < 0;
    // Through unsigned, so that the smallest integer has a magnitude too.
    std::uint64_t magnitude =
        negative ? 0 - static_cast<std::uint64_t>(v) : static_cast<std::uint64_t>(v);
    std::string digits = std::to_string(magnitude);
    if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
    std::string whole = digits.substr(0, digits.size() - scale);
    std::string fraction = digits.substr(digits.size() - scale);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    return (negative ? "-" : "") + whole + (fraction.empty() ? "" : "." + fraction);
}

}  // namespace entente
