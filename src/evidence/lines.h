// SPDX-License-Identifier: Apache-2.0
// A verified report in sentences.
#pragma once

#include "evidence/verify.h"

namespace entente::evidence {

/// What a stranger wrote, for a terminal or a page: control characters, and those that turn the
/// direction of what follows, are spaces.
std::string printable(std::string_view text);

/// Of a report whose facts, said, told and words are there.
std::vector<Line> lines_of(const Report& report);

}  // namespace entente::evidence
