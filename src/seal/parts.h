// SPDX-License-Identifier: Apache-2.0
// Parts of bytes with their length before them (u32 big-endian), as parcels and packs are made of.
// Internal to seal.
#pragma once

#include "base/result.h"

namespace entente::seal {

inline void put_part(Bytes& out, BytesView part) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        out += static_cast<char>(part.size() >> shift & 255);
    }
    out += part;
}

/// Takes one part off the front of `rest`. Errors begin with `of`, the name of the whole.
inline Result<BytesView> take_part(BytesView& rest, const char* of, const char* what,
                                   std::size_t most) {
    const auto bad = [of](const std::string& text) {
        return fail(Errc::malformed, std::string(of) + ": " + text);
    };
    if (rest.size() < 4) return bad(std::string("cut short before the ") + what);
    std::size_t length = 0;
    for (std::size_t k = 0; k < 4; ++k) {
        length = length << 8 | static_cast<unsigned char>(rest[k]);
    }
    rest.remove_prefix(4);
    if (length > most || length > rest.size()) {
        return bad(std::string("a ") + what + " of " + std::to_string(length) + " bytes; at most " +
                   std::to_string(most) + " may stand here, " + std::to_string(rest.size()) +
                   " are left");
    }
    const BytesView part = rest.substr(0, length);
    rest.remove_prefix(length);
    return part;
}

}  // namespace entente::seal
