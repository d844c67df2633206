// SPDX-License-Identifier: Apache-2.0
// Sorting of found slots: at a thousand of them a general sort would cost more than the search.
#pragma once

#include "index/search.h"

namespace entente::index {

/// Sorts the first `count` in place, ascending; the start of them. `spare` is working memory.
Slot* sort_slots(Room<Slot>& slots, std::size_t count, Room<Slot>& spare, Simd simd);

}  // namespace entente::index
