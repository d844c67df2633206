// SPDX-License-Identifier: Apache-2.0
// Quicksort that moves 16 numbers at a time, down to 128 of them, which a bitonic network in eight
// registers finishes (K. E. Batcher, "Sorting networks and their applications", 1968).
#include <algorithm>

#include "index/sort.h"

#if defined(__x86_64__)
#include <immintrin.h>

// The compiler's own headers set a vector to itself to mean "undefined", and it then warns.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"

#define WIDE __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,bmi2,popcnt")))
#define WIDE_INLINE __attribute__((always_inline)) WIDE inline

namespace entente::index {
namespace {

constexpr std::size_t network_max = 128;

WIDE_INLINE __m512i first16() {
    return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
/// Each lane against lane ^ Flip: the larger stays in the lanes of `upper`.
template <int Flip>
WIDE_INLINE __m512i exchange(__m512i v, __mmask16 upper) {
    const __m512i other =
        _mm512_permutexvar_epi32(_mm512_xor_si512(first16(), _mm512_set1_epi32(Flip)), v);
    return _mm512_mask_max_epu32(_mm512_min_epu32(v, other), upper, v, other);
}
/// A bitonic register becomes sorted.
WIDE_INLINE __m512i merged(__m512i v) {
    v = exchange<8>(v, 0xFF00);
    v = exchange<4>(v, 0xF0F0);
    v = exchange<2>(v, 0xCCCC);
    return exchange<1>(v, 0xAAAA);
}
WIDE_INLINE __m512i sorted(__m512i v) {
    v = exchange<1>(v, 0xAAAA);
    v = exchange<3>(v, 0xCCCC);
    v = exchange<1>(v, 0xAAAA);
    v = exchange<7>(v, 0xF0F0);
    v = exchange<2>(v, 0xCCCC);
    v = exchange<1>(v, 0xAAAA);
    v = exchange<15>(v, 0xFF00);
    v = exchange<4>(v, 0xF0F0);
    v = exchange<2>(v, 0xCCCC);
    return exchange<1>(v, 0xAAAA);
}
WIDE_INLINE __m512i reversed(__m512i v) {
    return _mm512_permutexvar_epi32(_mm512_xor_si512(first16(), _mm512_set1_epi32(15)), v);
}
WIDE_INLINE void exchange(__m512i& a, __m512i& b) {
    const __m512i low = _mm512_min_epu32(a, b);
    b = _mm512_max_epu32(a, b);
    a = low;
}

/// `Count` registers that are bitonic together become sorted.
template <std::size_t Count>
WIDE_INLINE void merge_all(__m512i* v) {
    if constexpr (Count == 1) {
        v[0] = merged(v[0]);
    } else {
        for (std::size_t i = 0; i < Count / 2; ++i) exchange(v[i], v[i + Count / 2]);
        merge_all<Count / 2>(v);
        merge_all<Count / 2>(v + Count / 2);
    }
}
template <std::size_t Count>
WIDE_INLINE void sort_all(__m512i* v) {
    if constexpr (Count == 1) {
        v[0] = sorted(v[0]);
    } else {
        sort_all<Count / 2>(v);
        sort_all<Count / 2>(v + Count / 2);
        // The upper half the other way round makes the whole bitonic; its first step is done here.
        __m512i turned[Count / 2];
        for (std::size_t i = 0; i < Count / 2; ++i) turned[i] = reversed(v[Count - 1 - i]);
        for (std::size_t i = 0; i < Count / 2; ++i) exchange(v[i], turned[i]);
        for (std::size_t i = 0; i < Count / 2; ++i) v[i + Count / 2] = turned[i];
        merge_all<Count / 2>(v);
        merge_all<Count / 2>(v + Count / 2);
    }
}

WIDE_INLINE __mmask16 first_of(std::size_t count) {
    return static_cast<__mmask16>(_bzhi_u32(0xFFFF, static_cast<unsigned>(count)));
}
template <std::size_t Count>
WIDE void sort_network(Slot* slots, std::size_t count) {
    __m512i v[Count];
    __mmask16 used[Count];
    for (std::size_t i = 0; i < Count; ++i) {
        const std::size_t first = i * fan;
        used[i] = first_of(count > first ? std::min(count - first, fan) : 0);
        v[i] = _mm512_mask_loadu_epi32(_mm512_set1_epi32(-1), used[i], slots + first);
    }
    sort_all<Count>(v);
    for (std::size_t i = 0; i < Count; ++i) {
        _mm512_mask_storeu_epi32(slots + i * fan, used[i], v[i]);
    }
}

WIDE void sort_few(Slot* slots, std::size_t count) {
    if (count <= 16) return sort_network<1>(slots, count);
    if (count <= 32) return sort_network<2>(slots, count);
    if (count <= 64) return sort_network<4>(slots, count);
    sort_network<8>(slots, count);
}

/// Brings those below the pivot to the front; how many.
WIDE std::size_t part(Slot* slots, std::size_t count, Slot pivot, Slot* spare) {
    const __m512i limit = _mm512_set1_epi32(static_cast<int>(pivot));
    std::size_t low = 0, high = 0;
    for (std::size_t i = 0; i < count; i += fan) {
        const __mmask16 used = first_of(std::min(count - i, fan));
        const __m512i v = _mm512_maskz_loadu_epi32(used, slots + i);
        const __mmask16 below = _mm512_mask_cmplt_epu32_mask(used, v, limit);
        const __mmask16 above = static_cast<__mmask16>(used & ~below);
        const auto n = static_cast<std::size_t>(_mm_popcnt_u32(below));
        // At or before what was just read, and never past the end.
        _mm512_mask_storeu_epi32(slots + low, first_of(n), _mm512_maskz_compress_epi32(below, v));
        _mm512_storeu_si512(spare + high, _mm512_maskz_compress_epi32(above, v));
        low += n;
        high += static_cast<std::size_t>(_mm_popcnt_u32(above));
    }
    std::copy(spare, spare + high, slots + low);
    return low;
}

WIDE Slot middle_of(const Slot* slots, std::size_t count) {
    const __m512i places =
        _mm512_mullo_epi32(first16(), _mm512_set1_epi32(static_cast<int>(count / fan)));
    alignas(64) Slot samples[fan];
    _mm512_store_si512(samples, sorted(_mm512_i32gather_epi32(places, slots, 4)));
    return samples[fan / 2];
}

void sort_deep(Slot* slots, std::size_t count, Slot* spare, int depth) {
    while (count > network_max) {
        const std::size_t low = part(slots, count, middle_of(slots, count), spare);
        // Many of the same, or an unlucky order: rare, and not worth more code.
        if (low == 0 || depth == 0) {
            std::sort(slots, slots + count);
            return;
        }
        --depth;
        sort_deep(slots, low, spare, depth);
        slots += low;
        count -= low;
    }
    sort_few(slots, count);
}

}  // namespace

void sort_avx512(Slot* slots, std::size_t count, Slot* spare) {
    constexpr int depth_max = 64;
    sort_deep(slots, count, spare, depth_max);
}

}  // namespace entente::index

#else
namespace entente::index {
void sort_avx512(Slot* slots, std::size_t count, Slot* spare) { sort_digits(slots, count, spare); }
}  // namespace entente::index
#endif
