// SPDX-License-Identifier: Apache-2.0
// Words of a fixed list, as the members of dealings have them. Only the codecs of this room use it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace entente::statement {

/// The value whose word it is; an unknown one is an error that lists the known ones.
template <class T, std::size_t Size>
Result<T> parse_word(std::string_view text, const char* const (&words)[Size], const char* what) {
    std::string known;
    for (std::size_t i = 0; i < Size; ++i) {
        if (text == words[i]) return static_cast<T>(i);
        known += std::string(i == 0 ? "" : ", ") + words[i];
    }
    return fail(Errc::malformed,
                "'" + std::string(text.substr(0, 40)) + "' is not " + what + "; they are " + known);
}

}  // namespace entente::statement
