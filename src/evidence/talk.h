// SPDX-License-Identifier: Apache-2.0
// Calls of a STOP, and answers to a record, in words for people.
#pragma once

#include "evidence/verify.h"

namespace entente::evidence {

/// Whether what the file is about is a STOP.
bool is_stop(const Report& report);
/// `"duty", "floor"`.
std::string desks_text(const statement::Attempt& attempt);
/// `direct by ru: no_answer (nobody holds duty); relay by un: handed`.
std::string tried_text(const statement::Attempt& attempt);
/// Appends what they prove, what is only claimed and what is not in the file.
void talk_lines(const Report& report, std::vector<Line>& out);

}  // namespace entente::evidence
