// SPDX-License-Identifier: Apache-2.0
#include "index/sort.h"

#include <algorithm>
#include <array>
#include <utility>

namespace entente::index {

void sort_digits(Slot* slots, std::size_t count, Slot* spare) {
    constexpr int bits = 11;
    constexpr std::size_t values = std::size_t{1} << bits;
    Slot all = 0;
    for (std::size_t i = 0; i < count; ++i) all |= slots[i];
    Slot* from = slots;
    Slot* to = spare;
    for (int shift = 0; shift < 32 && all >> shift != 0; shift += bits) {
        std::array<std::uint32_t, values> next{};
        for (std::size_t i = 0; i < count; ++i) ++next[from[i] >> shift & (values - 1)];
        std::uint32_t sum = 0;
        for (auto& n : next) sum += std::exchange(n, sum);
        for (std::size_t i = 0; i < count; ++i) {
            to[next[from[i] >> shift & (values - 1)]++] = from[i];
        }
        std::swap(from, to);
    }
    if (from != slots) std::copy(from, from + count, slots);
}

void sort_slots(Room<Slot>& slots, std::size_t count, Room<Slot>& spare, Simd simd) {
    // Below this, going through the counters of the digits costs more than comparing.
    constexpr std::size_t compare_max = 100;
    if (simd == Simd::avx512) {
        spare.ensure(count + fan);
        sort_avx512(slots.data(), count, spare.data());
    } else if (count > compare_max) {
        spare.ensure(count);
        sort_digits(slots.data(), count, spare.data());
    } else {
        std::sort(slots.data(), slots.data() + count);
    }
}

}  // namespace entente::index
