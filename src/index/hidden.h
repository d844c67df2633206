// SPDX-License-Identifier: Apache-2.0
// A set of slots: those whose items in the base no longer count, because the delta replaced them.
// Open addressing, at most half full, and small enough to be copied with every change.
#pragma once

#include <cstddef>
#include <vector>

#include "index/index.h"

namespace entente::index {

class Hidden {
  public:
    std::size_t size() const { return size_; }
    bool has(Slot slot) const {
        if (slot == empty) return has_empty_;
        if (table_.empty()) return false;
        for (std::size_t i = home(slot);; i = (i + 1) & (table_.size() - 1)) {
            if (table_.data()[i] == slot) return true;
            if (table_.data()[i] == empty) return false;
        }
    }
    /// Whether it was new.
    bool add(Slot slot);
    /// Takes the members out of slots[from..count), keeping the order; the new count.
    std::size_t filter(Slot* slots, std::size_t from, std::size_t count) const;
    std::size_t bytes() const { return table_.size() * sizeof(Slot); }

  private:
    static constexpr Slot empty = 0xFFFFFFFF;  // the one slot that is kept in has_empty_ instead
    std::size_t home(Slot slot) const {
        return (slot * std::size_t{0x9E3779B97F4A7C15}) >> shift_;
    }
    void put(Slot slot);

    std::vector<Slot> table_;
    int shift_ = 64;
    std::size_t size_ = 0;
    bool has_empty_ = false;
};

}  // namespace entente::index
