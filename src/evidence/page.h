// SPDX-License-Identifier: Apache-2.0
// A verified evidence file as one page for people: self-contained HTML that prints on A4, without
// script, picture or link. Every text that a party wrote is escaped.
#pragma once

#include "evidence/verify.h"

namespace entente::evidence {

std::string page(const Report& report);

}  // namespace entente::evidence
