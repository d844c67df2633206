// SPDX-License-Identifier: Apache-2.0
#include "formats/json_out.h"

#include <cmath>

namespace entente::formats {
namespace {

constexpr unsigned decimals = 7;  // of degrees; heights and distances have one
constexpr std::int64_t scale = 10'000'000;
constexpr double fifteen_digits = 1e15;

/// The shortest digits by the standard library, which takes five times as long.
void append_shortest(std::string& out, double v) {
    char digits[400];
    out.append(digits,
               std::to_chars(digits, digits + sizeof digits, v, std::chars_format::fixed).ptr);
}

}  // namespace

/// A double has at most one decimal of 15 digits or fewer (IEEE 754: 53 bits hold 15.95 digits), so
/// one that gives it back is the shortest there is.
void append_json(std::string& out, double v) {
    const double scaled = std::round(v * scale);
    if (!(std::abs(scaled) < fifteen_digits) || scaled / scale != v ||
        (v == 0 && std::signbit(v))) {
        append_shortest(out, v);
        return;
    }
    const auto whole = static_cast<std::int64_t>(std::abs(scaled));
    char digits[24];
    char* end = digits;
    if (v < 0) *end++ = '-';
    end = std::to_chars(end, digits + sizeof digits, whole / scale).ptr;
    if (std::int64_t fraction = whole % scale; fraction != 0) {
        *end++ = '.';
        for (unsigned i = decimals; i-- > 0; fraction /= 10) {
            end[i] = static_cast<char>('0' + fraction % 10);
        }
        end += decimals;
        while (end[-1] == '0') --end;
    }
    out.append(digits, end);
}

}  // namespace entente::formats
