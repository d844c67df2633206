// SPDX-License-Identifier: Apache-2.0
// What the next version of a STOP states. Pure.
#pragma once

#include "node/compose.h"

namespace entente::node {

/// Nothing: a STOP is lifted, and what is to be said otherwise is said by a new one, with a clock
/// of its own. Precondition: the record is a STOP.
Result<std::optional<statement::Protection>> next_of_stop(const Draft& draft,
                                                          const registry::Record& record);

}  // namespace entente::node
