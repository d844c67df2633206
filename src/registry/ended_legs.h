// SPDX-License-Identifier: Apache-2.0
// Which relaxations do not wait for the charter's delay: a leg that has ended (PROTOCOL 15), and
// nothing that was only taken out beside it.
#pragma once

#include "registry/record.h"

namespace entente::registry {

/// Whether from versions[k] to versions[i], k < i, nothing was said but that legs started, and one
/// by one that legs which had started ended: every version between is open here, each once and
/// before versions[i] in the log, and what is left is protected as it was. Of what is not open,
/// not approved or not valid: no.
bool only_legs_ended(const Record& record, std::size_t k, std::size_t i);

}  // namespace entente::registry
