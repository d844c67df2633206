// SPDX-License-Identifier: Apache-2.0
// Sorting of found slots. A plan over a town finds thousands, and std::sort would then take several
// times as long as the search itself.
#pragma once

#include "index/search.h"

namespace entente::index {

/// Sorts the first `count`, ascending. `spare` is working memory.
void sort_slots(Room<Slot>& slots, std::size_t count, Room<Slot>& spare, Simd simd);

/// The same with AVX-512, which the processor must have; `spare` has room for count + 16.
void sort_avx512(Slot* slots, std::size_t count, Slot* spare);

/// By digits of 11 bits from the lowest, as many as occur; `spare` has room for count. The sorted
/// ones are back in `slots`.
void sort_digits(Slot* slots, std::size_t count, Slot* spare);

}  // namespace entente::index
