// SPDX-License-Identifier: Apache-2.0
// A set of slots: those whose items in the base no longer count, because the delta replaced them.
// Open addressing, at most half full, behind a filter of bits that answers nearly all questions
// (most slots are not in it); small enough to be copied with every change.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "index/index.h"

namespace entente::index {

class Hidden {
  public:
    std::size_t size() const { return size_; }
    bool has(Slot slot) const { return may_have(slot) && holds(slot); }
    /// Whether it was new.
    bool add(Slot slot);
    /// Takes the members out of slots[from..count), keeping the order; the new count.
    std::size_t filter(Slot* slots, std::size_t from, std::size_t count, Simd simd) const;
    std::size_t bytes() const { return sizeof bits_ + table_.size() * sizeof(Slot); }

  private:
    static constexpr Slot empty = 0xFFFFFFFF;  // the one slot that is kept in has_empty_ instead
    static constexpr int filter_bits = 17;     // 16 KiB: 4,096 members set one bit in 32

    static constexpr std::uint32_t multiplier = 0x9E3779B1;  // Knuth: 2^32 over the golden ratio
    static std::uint32_t hash(Slot slot) { return slot * multiplier; }
    bool may_have(Slot slot) const {
        const std::uint32_t bit = hash(slot) >> (32 - filter_bits);
        return bits_.data()[bit / 32] >> (bit % 32) & 1;
    }
    std::size_t filter_avx512(Slot* slots, std::size_t from, std::size_t count) const;
    bool holds(Slot slot) const;
    void put(Slot slot);

    std::array<std::uint32_t, (std::size_t{1} << filter_bits) / 32> bits_{};
    std::vector<Slot> table_;
    int shift_ = 32;
    std::size_t size_ = 0;
    bool has_empty_ = false;
};

}  // namespace entente::index
