// SPDX-License-Identifier: Apache-2.0
#include "index/hidden.h"

#include <utility>

namespace entente::index {

bool Hidden::holds(Slot slot) const {
    if (slot == empty) return has_empty_;
    if (table_.empty()) return false;
    for (std::size_t i = hash(slot) >> shift_;; i = (i + 1) & (table_.size() - 1)) {
        if (table_[i] == slot) return true;
        if (table_[i] == empty) return false;
    }
}

bool Hidden::add(Slot slot) {
    if (has(slot)) return false;
    ++size_;
    const std::uint32_t bit = hash(slot) >> (32 - filter_bits);
    bits_[bit / 32] |= 1u << (bit % 32);
    if (slot == empty) {
        has_empty_ = true;
        return true;
    }
    if (size_ * 2 > table_.size()) {
        std::vector<Slot> old(table_.empty() ? 64 : table_.size() * 2, empty);
        std::swap(old, table_);
        shift_ = 32 - __builtin_ctzll(table_.size());
        for (const Slot s : old) {
            if (s != empty) put(s);
        }
    }
    put(slot);
    return true;
}

void Hidden::put(Slot slot) {
    std::size_t i = hash(slot) >> shift_;
    while (table_[i] != empty) i = (i + 1) & (table_.size() - 1);
    table_[i] = slot;
}

std::size_t Hidden::filter(Slot* slots, std::size_t from, std::size_t count, Simd simd) const {
    if (simd == Simd::avx512) return filter_avx512(slots, from, count);
    std::size_t kept = from;
    for (std::size_t i = from; i < count; ++i) {
        const Slot slot = slots[i];
        if (may_have(slot) && holds(slot)) [[unlikely]]
            continue;
        slots[kept++] = slot;
    }
    return kept;
}

}  // namespace entente::index
