// SPDX-License-Identifier: Apache-2.0
// What the next version of a movement states. Pure.
#pragma once

#include "node/compose.h"

namespace entente::node {

/// Nothing where the movement is over: cancelled, or its last leg ended. Errors say what the
/// movement's legs allow. Precondition: the record is a movement.
Result<std::optional<statement::Protection>> next_of_movement(const Draft& draft,
                                                              const registry::Record& record,
                                                              Instant now);

}  // namespace entente::node
