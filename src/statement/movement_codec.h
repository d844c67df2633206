// SPDX-License-Identifier: Apache-2.0
// Legs and vehicles as members of a canonical object. Only the codecs of this room use it.
#pragma once

#include "statement/fields.h"
#include "statement/protection.h"

namespace entente::statement {

/// Sets `legs` and `vehicles`, where there are any.
void put_legs(const Protection& movement, canon::Object& out);
/// Reads them, where there are any. Form, and that each leg has its place in `where`.
Result<void> read_legs(const Fields& fields, Protection& movement);
/// What holds of the legs of every movement, said or read: numbers, windows, lines, vehicles.
Result<void> check_legs(const Protection& movement);

}  // namespace entente::statement
