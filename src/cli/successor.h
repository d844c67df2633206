// SPDX-License-Identifier: Apache-2.0
// `entente key rotate log` (PROTOCOL 7, 25, 26): a party goes on in a successor log, under a new
// key and a name with a number.
#pragma once

#include "cli/verbs.h"

namespace entente::cli {

/// What to tell whoever asked for it.
Result<std::string> rotate_log(const KeyArgs& args);

}  // namespace entente::cli
