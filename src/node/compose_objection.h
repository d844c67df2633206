// SPDX-License-Identifier: Apache-2.0
// What the next version of an objection states. Pure.
#pragma once

#include "node/compose.h"

namespace entente::node {

/// Nothing where it is lifted. An amendment states grounds and what they rest on anew, in the same
/// volumes or in more of them. Precondition: the record is an objection.
Result<std::optional<statement::Protection>> next_of_objection(const Author& author,
                                                               const Draft& draft,
                                                               const registry::Record& record);

}  // namespace entente::node
