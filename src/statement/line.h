// SPDX-License-Identifier: Apache-2.0
// Texts of dealings: what people say in one line, or in several.
#pragma once

#include <string>

#include "base/result.h"

namespace entente::statement {

/// At most text_bytes_max of UTF-8 without control characters; may be empty.
Result<void> check_line(const std::string& text, const char* what);
/// The same with line ends.
Result<void> check_lines(const std::string& text, const char* what);

}  // namespace entente::statement
