// SPDX-License-Identifier: Apache-2.0
// Duty roles as a member `desks` of a canonical object. Only the codecs of this room use it.
#pragma once

#include "statement/fields.h"
#include "statement/stop.h"

namespace entente::statement {

canon::Array encode_desks(const std::vector<std::string>& desks);
/// Form and limit; whether they may be said is check_desks()' word.
Result<std::vector<std::string>> decode_desks(const Fields& fields);

}  // namespace entente::statement
