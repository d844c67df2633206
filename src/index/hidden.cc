// SPDX-License-Identifier: Apache-2.0
#include "index/hidden.h"

#include <utility>

namespace entente::index {

bool Hidden::add(Slot slot) {
    if (has(slot)) return false;
    ++size_;
    if (slot == empty) {
        has_empty_ = true;
        return true;
    }
    if (size_ * 2 > table_.size()) {
        std::vector<Slot> old(table_.empty() ? 64 : table_.size() * 2, empty);
        std::swap(old, table_);
        shift_ = 64 - __builtin_ctzll(table_.size());
        for (const Slot s : old) {
            if (s != empty) put(s);
        }
    }
    put(slot);
    return true;
}

void Hidden::put(Slot slot) {
    std::size_t i = home(slot);
    while (table_[i] != empty) i = (i + 1) & (table_.size() - 1);
    table_[i] = slot;
}

std::size_t Hidden::filter(Slot* slots, std::size_t from, std::size_t count) const {
    std::size_t kept = from;
    for (std::size_t i = from; i < count; ++i) {
        const Slot slot = slots[i];
        slots[kept] = slot;
        kept += has(slot) ? 0u : 1u;
    }
    return kept;
}

}  // namespace entente::index
