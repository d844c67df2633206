// SPDX-License-Identifier: Apache-2.0
// UTF-8 cut between characters.
#pragma once

#include <string>
#include <string_view>

namespace entente {

/// How many bytes of the text are whole characters, at most `most`. Precondition: well-formed
/// UTF-8.
inline std::size_t whole_characters(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text.size();
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
    return most;
}

/// The text if it fits, else as much of it as fits with `…` behind. Precondition: bytes >= 3.
inline std::string shortened(std::string text, std::size_t bytes) {
    constexpr std::string_view more = "…";
    if (text.size() <= bytes) return text;
    text.resize(whole_characters(text, bytes - more.size()));
    return text.append(more);
}

}  // namespace entente
