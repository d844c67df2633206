// SPDX-License-Identifier: Apache-2.0
// What the next version of a STOP states. Pure.
#pragma once

#include "node/compose.h"

namespace entente::node {

/// Nothing where it is lifted. An amendment states words and desks anew, to the same party, in the
/// same volumes or in more of them. Precondition: the record is a STOP.
Result<std::optional<statement::Protection>> next_of_stop(const Author& author, const Draft& draft,
                                                          const registry::Record& record);

}  // namespace entente::node
