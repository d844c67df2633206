// SPDX-License-Identifier: Apache-2.0
// A presence as a member of a canonical object. Only the codecs of this room use it.
#pragma once

#include "statement/fields.h"
#include "statement/protection.h"

namespace entente::statement {

/// Sets `presence`, where there is one.
void put_presence(const Protection& protection, canon::Object& out);
/// Reads it, where there is one.
Result<void> read_presence(const Fields& fields, Protection& protection);
/// What holds of every presence, said or read, and of what it stands beside.
Result<void> check_presence(const Protection& protection);

}  // namespace entente::statement
