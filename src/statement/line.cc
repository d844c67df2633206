// SPDX-License-Identifier: Apache-2.0
#include "statement/line.h"

#include "base/encode.h"
#include "base/limits.h"

namespace entente::statement {
namespace {

Result<void> check(const std::string& text, const char* what, bool line_ends) {
    if (text.size() > limits::text_bytes_max) {
        return fail(
            Errc::too_large,
            std::string("'") + what + "' has " + std::to_string(text.size()) +
                " bytes, more than text_bytes_max = " + std::to_string(limits::text_bytes_max));
    }
    if (!is_utf8(text)) return fail(Errc::malformed, std::string("'") + what + "' is not UTF-8");
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && !(line_ends && c == '\n')) || byte == 0x7f) {
            return fail(Errc::malformed,
                        std::string("'") + what + "' has a control character in it");
        }
    }
    return {};
}

}  // namespace

Result<void> check_line(const std::string& text, const char* what) {
    return check(text, what, false);
}

Result<void> check_lines(const std::string& text, const char* what) {
    return check(text, what, true);
}

}  // namespace entente::statement
