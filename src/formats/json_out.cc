// SPDX-License-Identifier: Apache-2.0
#include "formats/json_out.h"

#include <cmath>

namespace entente::formats {
namespace {

constexpr unsigned decimals = 7;  // of degrees; heights and distances have one
constexpr std::int64_t scale = 10'000'000;
constexpr double fifteen_digits = 1e15;

}  // namespace

/// A double has at most one decimal of 15 digits or fewer (IEEE 754: 53 bits hold 15.95 digits), so
/// one that gives it back is the shortest there is.
char* write_json(char* at, double v) {
    const double scaled = std::round(v * scale);
    if (!(std::abs(scaled) < fifteen_digits) || scaled / scale != v ||
        (v == 0 && std::signbit(v))) {
        // The standard library finds the shortest of any, and takes five times as long.
        return std::to_chars(at, at + number_bytes_max, v, std::chars_format::fixed).ptr;
    }
    const auto whole = static_cast<std::int64_t>(std::abs(scaled));
    if (v < 0) *at++ = '-';
    at = std::to_chars(at, at + number_bytes_max - 1, whole / scale).ptr;
    std::int64_t fraction = whole % scale;
    if (fraction == 0) return at;
    *at++ = '.';
    for (unsigned i = decimals; i-- > 0; fraction /= 10) {
        at[i] = static_cast<char>('0' + fraction % 10);
    }
    at += decimals;
    while (at[-1] == '0') --at;
    return at;
}

}  // namespace entente::formats
