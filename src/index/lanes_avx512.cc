// SPDX-License-Identifier: Apache-2.0
// Sixteen at a time with AVX-512 (F, BW, VL, DQ). Only the functions marked WIDE use it, so that
// nothing else in the program needs such a processor.
#include "index/lanes.h"

#if defined(__x86_64__)
#include <immintrin.h>

// The compiler's own headers set a vector to itself to mean "undefined", and it then warns.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"

#define WIDE __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma,bmi,bmi2,popcnt")))
#define WIDE_INLINE __attribute__((always_inline)) WIDE inline

namespace entente::index {
namespace {

/// Lines of 16 heights and 16 hours against a question's ends.
struct Passing {
    __m512i lower, upper;
};
WIDE_INLINE __m512i line(Ends e) {
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_set1_epi16(e.height)),
                              _mm256_set1_epi16(e.time), 1);
}
WIDE_INLINE Passing passing(const Span& s) { return {line(s.lower), line(s.upper)}; }
WIDE_INLINE __mmask16 passes(const Passing& p, __m512i lower, __m512i upper) {
    const __mmask32 low = _mm512_cmple_epi16_mask(lower, p.lower);
    const __mmask32 both = _mm512_mask_cmpge_epi16_mask(low, upper, p.upper);
    return static_cast<__mmask16>(both & (both >> 16));
}

WIDE_INLINE __m512 widened(const std::int16_t* v) {
    const __m256i narrow = _mm256_load_si256(reinterpret_cast<const __m256i*>(v));
    return _mm512_cvtepi32_ps(_mm512_cvtepi16_epi32(narrow));
}
WIDE_INLINE __m512 widened(const std::uint16_t* v) {
    const __m256i narrow = _mm256_load_si256(reinterpret_cast<const __m256i*>(v));
    return _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(narrow));
}
WIDE_INLINE __m512 squared(__m512 x, __m512 y, __m512 z) {
    return _mm512_fmadd_ps(x, x, _mm512_fmadd_ps(y, y, _mm512_mul_ps(z, z)));
}
WIDE_INLINE __m512i first16() {
    return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
WIDE_INLINE std::size_t count_of(__mmask16 m) {
    return static_cast<std::size_t>(_mm_popcnt_u32(m));
}

WIDE std::size_t nodes(const Node* level, const std::uint32_t* in, std::size_t count,
                       const Target& t, Below below, const Frontier& out) {
    const __m512 qx = _mm512_set1_ps(t.x), qy = _mm512_set1_ps(t.y), qz = _mm512_set1_ps(t.z);
    const __m512 rx = _mm512_set1_ps(t.rest_x), ry = _mm512_set1_ps(t.rest_y);
    const __m512 rz = _mm512_set1_ps(t.rest_z);
    const __m512 reach = _mm512_set1_ps(t.node_reach), all_in = _mm512_set1_ps(t.node_in);
    const Passing span = passing(t.span.out);
    std::size_t n = 0;
    for (std::size_t k = 0; k < count; ++k) {
        const Node& node = level[in[k]];
        const __m512 x = _mm512_sub_ps(_mm512_sub_ps(_mm512_load_ps(node.x), qx), rx);
        const __m512 y = _mm512_sub_ps(_mm512_sub_ps(_mm512_load_ps(node.y), qy), ry);
        const __m512 z = _mm512_sub_ps(_mm512_sub_ps(_mm512_load_ps(node.z), qz), rz);
        const __m512 radius = _mm512_load_ps(node.radius);
        const __m512 far = _mm512_add_ps(radius, reach);
        const __m512 near = _mm512_max_ps(_mm512_sub_ps(all_in, radius), _mm512_setzero_ps());
        const __m512 d2 = squared(x, y, z);
        const __mmask16 m =
            _mm512_mask_cmp_ps_mask(passes(span, _mm512_load_si512(node.height_lower),
                                           _mm512_load_si512(node.height_upper)),
                                    d2, _mm512_mul_ps(far, far), _CMP_LE_OQ);
        const __mmask16 inside = _mm512_cmp_ps_mask(d2, _mm512_mul_ps(near, near), _CMP_LT_OQ);
        const __m512 marked = _mm512_mask_sub_ps(radius, inside, _mm512_setzero_ps(), radius);
        const __m512i number =
            _mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(in[k] * fan)), first16());
        _mm512_storeu_si512(out.index + n, _mm512_maskz_compress_epi32(m, number));
        _mm512_storeu_ps(out.x + n, _mm512_maskz_compress_ps(m, x));
        _mm512_storeu_ps(out.y + n, _mm512_maskz_compress_ps(m, y));
        _mm512_storeu_ps(out.z + n, _mm512_maskz_compress_ps(m, z));
        _mm512_storeu_ps(out.radius + n, _mm512_maskz_compress_ps(m, marked));
        const std::size_t end = n + count_of(m);
        for (; n < end; ++n) fetch_ahead(below, out.index[n]);
    }
    return n;
}

/// Of those left, the numbers of those that are surely in and the places of the others.
WIDE_INLINE void keep(const Leaf& leaf, std::size_t index, __mmask16 left, __mmask16 sure,
                      std::uint32_t*& numbers, std::uint32_t*& places) {
    _mm512_storeu_si512(numbers, _mm512_maskz_compress_epi32(sure, _mm512_load_si512(leaf.number)));
    numbers += count_of(sure);
    const __mmask16 open = static_cast<__mmask16>(left & ~sure);
    if (open == 0) return;
    const __m512i place =
        _mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(index * fan)), first16());
    _mm512_storeu_si512(places, _mm512_maskz_compress_epi32(open, place));
    places += count_of(open);
}

WIDE void leaves(const Leaf* all, const Frontier& in, std::size_t count, const Target& t,
                 Found& found) {
    const Passing out_span = passing(t.span.out);
    const Passing sure_span = passing(t.span.sure);
    const __m512 out_step = _mm512_set1_ps(t.out_step);
    const __m512 in_step = _mm512_set1_ps(t.in_step);
    std::uint32_t* numbers = found.numbers + found.numbers_count;
    std::uint32_t* places = found.places + found.places_count;
    for (std::size_t k = 0; k < count; ++k) {
        const Leaf& leaf = all[in.index[k]];
        const __m512i lower = _mm512_load_si512(leaf.height_lower);
        const __m512i upper = _mm512_load_si512(leaf.height_upper);
        const __mmask16 passed = passes(out_span, lower, upper);
        const __mmask16 surely = passes(sure_span, lower, upper);
        if (in.radius[k] < 0) {
            keep(leaf, in.index[k], passed, static_cast<__mmask16>(passed & surely), numbers,
                 places);
            continue;
        }
        const float step = leaf_step(in.radius[k]);
        const __m512 unit = _mm512_set1_ps(step);
        const __m512 x = _mm512_fmadd_ps(widened(leaf.x), unit, _mm512_set1_ps(in.x[k]));
        const __m512 y = _mm512_fmadd_ps(widened(leaf.y), unit, _mm512_set1_ps(in.y[k]));
        const __m512 z = _mm512_fmadd_ps(widened(leaf.z), unit, _mm512_set1_ps(in.z[k]));
        const __m512 d2 = squared(x, y, z);
        const __m512 reach = widened(leaf.reach);
        const __m512 far = _mm512_fmadd_ps(reach, out_step, _mm512_set1_ps(t.out + step));
        const __m512 near = _mm512_max_ps(
            _mm512_fmadd_ps(reach, in_step, _mm512_set1_ps(t.in - step)), _mm512_setzero_ps());
        const __mmask16 left =
            _mm512_mask_cmp_ps_mask(passed, d2, _mm512_mul_ps(far, far), _CMP_LE_OQ);
        const __mmask16 sure = _mm512_mask_cmp_ps_mask(static_cast<__mmask16>(left & surely), d2,
                                                       _mm512_mul_ps(near, near), _CMP_LT_OQ);
        keep(leaf, in.index[k], left, sure, numbers, places);
    }
    found.numbers_count = static_cast<std::size_t>(numbers - found.numbers);
    found.places_count = static_cast<std::size_t>(places - found.places);
}

WIDE_INLINE __m512 minus(__m512 p, float a, float b) {
    return _mm512_sub_ps(_mm512_sub_ps(p, _mm512_set1_ps(a)), _mm512_set1_ps(b));
}
/// Which of the balls, of those in `ask`, reach any capsule.
WIDE_INLINE __mmask16 reaches(const Targets& t, __m512 px, __m512 py, __m512 pz, __m512 reach,
                              __mmask16 ask) {
    __mmask16 found = 0;
    for (std::size_t c = 0; c < t.count && found != ask; ++c) {
        const Capsule& s = t.capsules[c];
        __m512 x = minus(px, s.x, s.rest_x);
        __m512 y = minus(py, s.y, s.rest_y);
        __m512 z = minus(pz, s.z, s.rest_z);
        const __m512 ax = _mm512_set1_ps(s.along_x), ay = _mm512_set1_ps(s.along_y);
        const __m512 az = _mm512_set1_ps(s.along_z);
        const __m512 part = _mm512_fmadd_ps(x, ax, _mm512_fmadd_ps(y, ay, _mm512_mul_ps(z, az)));
        const __m512 along = _mm512_min_ps(
            _mm512_max_ps(_mm512_mul_ps(part, _mm512_set1_ps(s.per_length2)), _mm512_setzero_ps()),
            _mm512_set1_ps(1.0f));
        x = _mm512_fnmadd_ps(along, ax, x);
        y = _mm512_fnmadd_ps(along, ay, y);
        z = _mm512_fnmadd_ps(along, az, z);
        const __m512 far = _mm512_add_ps(reach, _mm512_set1_ps(s.radius));
        found = static_cast<__mmask16>(
            found |
            _mm512_mask_cmp_ps_mask(ask, squared(x, y, z), _mm512_mul_ps(far, far), _CMP_LE_OQ));
    }
    return found;
}

WIDE std::size_t nodes_many(const Node* level, const std::uint32_t* in, std::size_t count,
                            const Targets& t, Below below, const Frontier& out) {
    const Passing span = passing(t.span.out);
    std::size_t n = 0;
    for (std::size_t k = 0; k < count; ++k) {
        const Node& node = level[in[k]];
        const __mmask16 passed = passes(span, _mm512_load_si512(node.height_lower),
                                        _mm512_load_si512(node.height_upper));
        const __m512 x = _mm512_load_ps(node.x), y = _mm512_load_ps(node.y);
        const __m512 z = _mm512_load_ps(node.z), radius = _mm512_load_ps(node.radius);
        const __mmask16 m = reaches(t, x, y, z, radius, passed);
        const __m512i number =
            _mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(in[k] * fan)), first16());
        _mm512_storeu_si512(out.index + n, _mm512_maskz_compress_epi32(m, number));
        _mm512_storeu_ps(out.x + n, _mm512_maskz_compress_ps(m, x));
        _mm512_storeu_ps(out.y + n, _mm512_maskz_compress_ps(m, y));
        _mm512_storeu_ps(out.z + n, _mm512_maskz_compress_ps(m, z));
        _mm512_storeu_ps(out.radius + n, _mm512_maskz_compress_ps(m, radius));
        const std::size_t end = n + count_of(m);
        for (; n < end; ++n) fetch_ahead(below, out.index[n]);
    }
    return n;
}

WIDE void leaves_many(const Leaf* all, const Frontier& in, std::size_t count, const Targets& t,
                      Found& found) {
    const Passing span = passing(t.span.out);
    std::uint32_t* places = found.places + found.places_count;
    for (std::size_t k = 0; k < count; ++k) {
        const Leaf& leaf = all[in.index[k]];
        const __mmask16 passed = passes(span, _mm512_load_si512(leaf.height_lower),
                                        _mm512_load_si512(leaf.height_upper));
        if (passed == 0) continue;
        const float step = leaf_step(in.radius[k]);
        const __m512 unit = _mm512_set1_ps(step);
        const __m512 x = _mm512_fmadd_ps(widened(leaf.x), unit, _mm512_set1_ps(in.x[k]));
        const __m512 y = _mm512_fmadd_ps(widened(leaf.y), unit, _mm512_set1_ps(in.y[k]));
        const __m512 z = _mm512_fmadd_ps(widened(leaf.z), unit, _mm512_set1_ps(in.z[k]));
        const __m512 reach = _mm512_fmadd_ps(widened(leaf.reach), _mm512_set1_ps(t.out_step),
                                             _mm512_set1_ps(t.out + step));
        const __mmask16 m = reaches(t, x, y, z, reach, passed);
        const __m512i place =
            _mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(in.index[k] * fan)), first16());
        _mm512_storeu_si512(places, _mm512_maskz_compress_epi32(m, place));
        places += count_of(m);
    }
    found.places_count = static_cast<std::size_t>(places - found.places);
}

}  // namespace

const Lanes lanes_avx512{nodes, leaves, nodes_many, leaves_many};

}  // namespace entente::index

#else
namespace entente::index {
const Lanes lanes_avx512 = lanes_plain;
}
#endif
