// SPDX-License-Identifier: Apache-2.0
#include "index/sort.h"

#include <algorithm>

namespace entente::index {

Slot* sort_slots(Room<Slot>& slots, std::size_t count, Room<Slot>&, Simd) {
    std::sort(slots.data(), slots.data() + count);
    return slots.data();
}

}  // namespace entente::index
