// SPDX-License-Identifier: Apache-2.0
// How far each other party's word can be relied on at the moment asked (PROTOCOL 10, 23): too old,
// missing, forked, absent, or ahead of the clock. Reasons for an answer, nothing of places.
#pragma once

#include "check/answer.h"

namespace entente::check {

std::vector<Reason> source_reasons(const view::View& view, const AsOf& as_of, Instant now);

}  // namespace entente::check
