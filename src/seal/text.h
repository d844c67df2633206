// SPDX-License-Identifier: Apache-2.0
// Lines and numbers of the room's text forms. Strictness is the caller's: parse, format again,
// compare.
#pragma once

#include <charconv>
#include <string_view>

#include "base/result.h"

namespace entente::seal {

/// Takes the text up to the next `end` and the `end` itself; without one, nothing.
inline std::string_view take(std::string_view& text, char end) {
    const std::size_t at = text.find(end);
    if (at == std::string_view::npos) return {};
    const std::string_view out = text.substr(0, at);
    text.remove_prefix(at + 1);
    return out;
}

/// A decimal number below 2^63.
inline Result<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t v = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, v);
    if (error != std::errc() || stop != end || v >= std::uint64_t{1} << 63) {
        return fail(Errc::malformed,
                    "'" + std::string(text.substr(0, 40)) + "' is not a number below 2^63");
    }
    return v;
}

}  // namespace entente::seal
