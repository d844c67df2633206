// SPDX-License-Identifier: Apache-2.0
// Whether two time windows overlap: [start, end), so windows that only meet do not. An absent end
// is for ever. No clock here.
#pragma once

#include "geo/shape.h"

namespace entente::geo {

bool overlap(const Window& a, const Window& b);

/// Whether every instant of `inner` is in `outer`.
bool covers(const Window& outer, const Window& inner);

}  // namespace entente::geo
