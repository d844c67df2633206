// SPDX-License-Identifier: Apache-2.0
#include "intake/degrees.h"

#include <algorithm>
#include <string>

namespace entente::intake {
namespace {

constexpr std::string_view no_break_space = "\xC2\xA0";
constexpr unsigned degree_scale = 7;

std::string quoted(std::string_view text) {
    // Cut at a character, not within one.
    std::size_t size = std::min<std::size_t>(text.size(), 40);
    while (size > 0 && size < text.size() && (text[size] & '\xC0') == '\x80') --size;
    return "\"" + std::string(text.substr(0, size)) + "\"";
}

bool only(std::string_view text, std::string_view allowed) {
    return text.find_first_not_of(allowed) == std::string_view::npos;
}

/// What the text looks like, for somebody who has to correct it.
std::string advice(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    if (lower == "nan" || lower == "inf" || lower == "-inf" || lower == "+inf" ||
        lower == "infinity" || lower == "null" || lower == "none") {
        return quoted(text) + " is not a position; leave it empty, or give decimal degrees";
    }
    if (only(text, "+-0123456789,")) {
        return quoted(text) + " has a comma; write it with a decimal point, as 33.5123";
    }
    if (only(lower, "+-.0123456789e")) {
        return quoted(text) + " is not in plain decimal degrees; write it as 33.5123";
    }
    return quoted(text) +
           " is not in decimal degrees; the coordinate reader for other forms has "
           "its own issue; give decimal degrees, as 33.5123";
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    auto blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    while (true) {
        if (!text.empty() && blank(text.front())) {
            text.remove_prefix(1);
        } else if (!text.empty() && blank(text.back())) {
            text.remove_suffix(1);
        } else if (text.substr(0, 2) == no_break_space) {
            text.remove_prefix(2);
        } else if (text.size() >= 2 && text.substr(text.size() - 2) == no_break_space) {
            text.remove_suffix(2);
        } else {
            return text;
        }
    }
}

Result<std::int64_t> parse_degrees(std::string_view text, Axis axis) {
    text = trimmed(text);
    const bool latitude = axis == Axis::latitude;
    const std::int64_t limit = latitude ? 900'000'000 : 1'800'000'000;
    const std::string beyond = std::string(latitude ? "latitude " : "longitude ") +
                               std::string(text.substr(0, 40)) + " is beyond " +
                               (latitude ? "±90" : "±180");
    auto value = parse_decimal(text, degree_scale);
    if (!value && value.error().code == Errc::too_large) return fail(Errc::refused, beyond);
    if (!value) return fail(Errc::malformed, advice(text));
    if (*value > limit || *value < -limit) return fail(Errc::refused, beyond);
    return *value;
}

Result<Decimetres> parse_metres(std::string_view text, Rounding rounding) {
    text = trimmed(text);
    auto value = parse_decimal(text, 1, rounding);
    if (!value) {
        if (text.find(',') != std::string_view::npos) {
            return fail(Errc::malformed,
                        quoted(text) + " has a comma; write metres with a decimal point, as 12.5");
        }
        return fail(Errc::malformed,
                    quoted(text) + " is not a length; write metres as a plain number, as 12.5");
    }
    if (text.substr(0, 1) == "-") {
        return fail(Errc::refused, quoted(text) + " is less than nothing");
    }
    return Decimetres{*value};
}

}  // namespace entente::intake
