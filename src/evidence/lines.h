// SPDX-License-Identifier: Apache-2.0
// A verified report in sentences.
#pragma once

#include "evidence/verify.h"

namespace entente::evidence {

/// What a version says: class, names, places; of what is shown of it. Empty where nothing is.
std::string content_text(const ProvenEntry& entry);

/// Of a report whose facts, said, told and words are there.
std::vector<Line> lines_of(const Report& report);

}  // namespace entente::evidence
