// SPDX-License-Identifier: Apache-2.0
// Hidden::filter, sixteen slots at a time.
#include <algorithm>

#include "index/hidden.h"
#include "index/tree.h"

#if defined(__x86_64__)
#include <immintrin.h>

// The compiler's own headers set a vector to itself to mean "undefined", and it then warns.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"

namespace entente::index {

__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,bmi2,popcnt"))) std::size_t
Hidden::filter_avx512(Slot* slots, std::size_t from, std::size_t count) const {
    const __m512i factor = _mm512_set1_epi32(static_cast<int>(multiplier));
    std::size_t kept = from;
    for (std::size_t i = from; i < count; i += fan) {
        const auto used = static_cast<__mmask16>(
            _bzhi_u32(0xFFFF, static_cast<unsigned>(std::min(count - i, fan))));
        const __m512i slot = _mm512_maskz_loadu_epi32(used, slots + i);
        const __m512i bit = _mm512_srli_epi32(_mm512_mullo_epi32(slot, factor), 32 - filter_bits);
        const __m512i words = _mm512_i32gather_epi32(_mm512_srli_epi32(bit, 5), bits_.data(), 4);
        const __m512i mine =
            _mm512_sllv_epi32(_mm512_set1_epi32(1), _mm512_and_si512(bit, _mm512_set1_epi32(31)));
        unsigned may = _mm512_mask_test_epi32_mask(used, words, mine);
        unsigned keep = used & ~may;
        for (; may != 0; may &= may - 1) {
            const unsigned lane = static_cast<unsigned>(__builtin_ctz(may));
            if (!holds(slots[i + lane])) keep |= 1u << lane;
        }
        // At or before what was just read.
        const auto n = static_cast<std::size_t>(__builtin_popcount(keep));
        _mm512_mask_storeu_epi32(
            slots + kept, static_cast<__mmask16>(_bzhi_u32(0xFFFF, static_cast<unsigned>(n))),
            _mm512_maskz_compress_epi32(static_cast<__mmask16>(keep), slot));
        kept += n;
    }
    return kept;
}

}  // namespace entente::index

#else
namespace entente::index {
std::size_t Hidden::filter_avx512(Slot* slots, std::size_t from, std::size_t count) const {
    return filter(slots, from, count, Simd::plain);
}
}  // namespace entente::index
#endif
