// SPDX-License-Identifier: Apache-2.0
// An objection as a member of a canonical object. Only the codecs of this room use it.
#pragma once

#include "statement/fields.h"
#include "statement/protection.h"

namespace entente::statement {

/// Sets `objection`, where there is one.
void put_objection(const Protection& protection, canon::Object& out);
/// Reads it, where there is one.
Result<void> read_objection(const Fields& fields, Protection& protection);
/// What holds of every objection, said or read, and of what it stands beside.
Result<void> check_objection(const Protection& protection);

}  // namespace entente::statement
