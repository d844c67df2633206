// SPDX-License-Identifier: Apache-2.0
// The form of `where` (PROTOCOL 18), fixed for ever: even a kind or version that a reader does not
// understand still tells it what place must not be struck. doc/protocol/bodies.md has it in prose.
#pragma once

#include <vector>

#include "geo/shape.h"
#include "statement/canon.h"

namespace entente::statement {

/// A point: [longitude, latitude] in 1e-7 degrees.
canon::Value encode_point(const geo::LatLng& point);
Result<geo::LatLng> decode_point(const canon::Value& value);

canon::Value encode_where(const std::vector<geo::Place>& places);

/// Checks form and limits, not geometry: whether a shape is valid is geo::validate's word, and what
/// an invalid one protects is the registry's. Unknown members are passed over: nothing unknown can
/// make a place smaller.
Result<std::vector<geo::Place>> decode_where(const canon::Array& places);

}  // namespace entente::statement
