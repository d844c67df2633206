// SPDX-License-Identifier: Apache-2.0
// A protection as the members of a canonical object. Only the codecs of this room use it;
// statement/body.h is the door for others.
#pragma once

#include "statement/canon.h"
#include "statement/protection.h"

namespace entente::statement {

canon::Object protection_object(const Protection& protection);
Result<Protection> read_protection(const canon::Object& object);

}  // namespace entente::statement
