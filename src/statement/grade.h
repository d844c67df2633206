// SPDX-License-Identifier: Apache-2.0
// An Admiralty grade (AJP-2.1, formerly STANAG 2511) as a pair: reliability of the source and
// credibility of the information, which are independent of each other and never averaged.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace entente::statement {

/// A to F, where F cannot be judged, and 1 to 6, where 6 cannot be judged: neither is the middle.
struct Grade {
    char source = 'F';
    char information = '6';
    bool operator==(const Grade&) const = default;
};
/// `B2`. Errc::malformed for anything else.
Result<Grade> parse_grade(std::string_view text);
std::string grade_text(const Grade& grade);

}  // namespace entente::statement
