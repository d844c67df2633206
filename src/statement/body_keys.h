// SPDX-License-Identifier: Apache-2.0
// What every body of every kind begins with: the keys that tie it to its entry (PROTOCOL 2), and
// the slot it is for. Only the codecs of this room use it.
#pragma once

#include "statement/body.h"
#include "statement/fields.h"

namespace entente::statement {

void put_keys(const BodyKeys& keys, Slot slot, canon::Object& out);
Result<BodyKeys> read_keys(const Fields& fields);
/// Canonical bytes of a body's size that carry `slot`; the value is an object.
Result<canon::Value> decode_body(BytesView bytes, Slot slot);
/// Errc::too_large for more than a body may have.
Result<void> check_body_bytes(std::size_t bytes);

}  // namespace entente::statement
