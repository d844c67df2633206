// SPDX-License-Identifier: Apache-2.0
// A STOP as a member of a canonical object. Only the codecs of this room use it.
#pragma once

#include "statement/fields.h"
#include "statement/protection.h"

namespace entente::statement {

/// Sets `stop`, where there is one.
void put_stop(const Protection& protection, canon::Object& out);
/// Reads it, where there is one.
Result<void> read_stop(const Fields& fields, Protection& protection);
/// What holds of every STOP, said or read, and of what it stands beside.
Result<void> check_stop(const Protection& protection);

}  // namespace entente::statement
