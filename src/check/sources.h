// SPDX-License-Identifier: Apache-2.0
// How far each other party's word can be relied on at the moment asked (PROTOCOL 10, 23): too old,
// missing, forked, absent, or ahead of the clock. Reasons for an answer; of
// places nothing but those of STOPs that no log shows yet.
#pragma once

#include "check/answer.h"

namespace entente::check {

std::vector<Reason> source_reasons(const view::View& view, const AsOf& as_of, Instant now);
/// STOPs that came urgently: a conflict where the plan touches one, elsewhere a caution, and of one
/// whose place cannot be read here the answer is incomplete. Precondition: volumes are valid.
std::vector<Reason> unlogged_reasons(const statement::CharterTerms& terms, const AsOf& as_of,
                                     const Question& question);

}  // namespace entente::check
