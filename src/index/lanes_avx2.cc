// SPDX-License-Identifier: Apache-2.0
// Two times eight at a time with AVX2 and FMA. Only the functions marked WIDE use them, so that
// nothing else in the program needs such a processor.
#include "index/lanes.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <array>

#define WIDE __attribute__((target("avx2,fma,popcnt")))
#define WIDE_INLINE __attribute__((always_inline)) WIDE inline

namespace entente::index {
namespace {

/// For each of 256 masks, the places of its bits, one a byte: AVX2 has no compress instruction.
constexpr std::array<std::uint64_t, 256> make_places() {
    std::array<std::uint64_t, 256> places{};
    for (unsigned m = 0; m < 256; ++m) {
        int n = 0;
        for (unsigned bit = 0; bit < 8; ++bit) {
            if (m >> bit & 1) places[m] |= std::uint64_t{bit} << (8 * n++);
        }
    }
    return places;
}
constexpr std::array<std::uint64_t, 256> places_of = make_places();

struct Passing {
    __m256i lower_height, lower_time, upper_height, upper_time;
};
WIDE_INLINE Passing passing(const Span& s) {
    return {_mm256_set1_epi16(s.lower.height), _mm256_set1_epi16(s.lower.time),
            _mm256_set1_epi16(s.upper.height), _mm256_set1_epi16(s.upper.time)};
}
WIDE_INLINE __m256i loaded(const void* p) {
    return _mm256_load_si256(static_cast<const __m256i*>(p));
}
/// Heights and hours of 16 children (lower ends at p, upper ends at q) against a question's.
WIDE_INLINE unsigned passes(const Passing& s, const std::int16_t* p, const std::int16_t* q) {
    const __m256i lower = _mm256_or_si256(_mm256_cmpgt_epi16(loaded(p), s.lower_height),
                                          _mm256_cmpgt_epi16(loaded(p + fan), s.lower_time));
    const __m256i upper = _mm256_or_si256(_mm256_cmpgt_epi16(s.upper_height, loaded(q)),
                                          _mm256_cmpgt_epi16(s.upper_time, loaded(q + fan)));
    const __m256i bad = _mm256_or_si256(lower, upper);
    const __m128i bytes =
        _mm_packs_epi16(_mm256_castsi256_si128(bad), _mm256_extracti128_si256(bad, 1));
    return ~static_cast<unsigned>(_mm_movemask_epi8(bytes)) & 0xFFFFu;
}

WIDE_INLINE __m256 squared(__m256 x, __m256 y, __m256 z) {
    return _mm256_fmadd_ps(x, x, _mm256_fmadd_ps(y, y, _mm256_mul_ps(z, z)));
}
WIDE_INLINE __m256 widened(const std::int16_t* v) {
    return _mm256_cvtepi32_ps(
        _mm256_cvtepi16_epi32(_mm_load_si128(reinterpret_cast<const __m128i*>(v))));
}
WIDE_INLINE __m256 widened(const std::uint16_t* v) {
    return _mm256_cvtepi32_ps(
        _mm256_cvtepu16_epi32(_mm_load_si128(reinterpret_cast<const __m128i*>(v))));
}
WIDE_INLINE unsigned bits(__m256 m) { return static_cast<unsigned>(_mm256_movemask_ps(m)); }
WIDE_INLINE __m256i order_of(unsigned mask) {
    return _mm256_cvtepu8_epi32(_mm_cvtsi64_si128(static_cast<long long>(places_of[mask])));
}
/// Writes eight, of which the first popcount(mask) are those of the mask.
WIDE_INLINE void put(std::uint32_t* to, __m256i v, __m256i order) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm256_permutevar8x32_epi32(v, order));
}
WIDE_INLINE void put(float* to, __m256 v, __m256i order) {
    _mm256_storeu_ps(to, _mm256_permutevar8x32_ps(v, order));
}
WIDE_INLINE __m256i numbers_from(std::size_t first) {
    return _mm256_add_epi32(_mm256_set1_epi32(static_cast<int>(first)),
                            _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
WIDE_INLINE std::size_t count_of(unsigned mask) {
    return static_cast<std::size_t>(__builtin_popcount(mask));
}

/// Eight children that are left, into the frontier at n.
WIDE_INLINE std::size_t keep(const Frontier& out, std::size_t n, unsigned mask, std::size_t first,
                             __m256 x, __m256 y, __m256 z, __m256 radius, const Below& below) {
    const __m256i order = order_of(mask);
    put(out.index + n, numbers_from(first), order);
    put(out.x + n, x, order);
    put(out.y + n, y, order);
    put(out.z + n, z, order);
    put(out.radius + n, radius, order);
    const std::size_t end = n + count_of(mask);
    for (; n < end; ++n) fetch_ahead(below, out.index[n]);
    return n;
}

WIDE std::size_t nodes(const Node* level, const std::uint32_t* in, std::size_t count,
                       const Target& t, Below below, const Frontier& out) {
    const __m256 qx = _mm256_set1_ps(t.x), qy = _mm256_set1_ps(t.y), qz = _mm256_set1_ps(t.z);
    const __m256 rx = _mm256_set1_ps(t.rest_x), ry = _mm256_set1_ps(t.rest_y);
    const __m256 rz = _mm256_set1_ps(t.rest_z), reach = _mm256_set1_ps(t.node_reach);
    const __m256 all_in = _mm256_set1_ps(t.node_in);
    const Passing span = passing(t.span.out);
    std::size_t n = 0;
    for (std::size_t k = 0; k < count; ++k) {
        const Node& node = level[in[k]];
        const unsigned passed = passes(span, node.height_lower, node.height_upper);
        for (std::size_t half = 0; half < fan; half += 8) {
            const __m256 x = _mm256_sub_ps(_mm256_sub_ps(_mm256_load_ps(node.x + half), qx), rx);
            const __m256 y = _mm256_sub_ps(_mm256_sub_ps(_mm256_load_ps(node.y + half), qy), ry);
            const __m256 z = _mm256_sub_ps(_mm256_sub_ps(_mm256_load_ps(node.z + half), qz), rz);
            const __m256 radius = _mm256_load_ps(node.radius + half);
            const __m256 far = _mm256_add_ps(radius, reach);
            const __m256 d2 = squared(x, y, z);
            const unsigned mask =
                passed >> half & bits(_mm256_cmp_ps(d2, _mm256_mul_ps(far, far), _CMP_LE_OQ));
            if (mask == 0) continue;
            const __m256 near = _mm256_max_ps(_mm256_sub_ps(all_in, radius), _mm256_setzero_ps());
            const __m256 inside = _mm256_cmp_ps(d2, _mm256_mul_ps(near, near), _CMP_LT_OQ);
            const __m256 marked =
                _mm256_xor_ps(radius, _mm256_and_ps(inside, _mm256_set1_ps(-0.0f)));
            n = keep(out, n, mask, in[k] * fan + half, x, y, z, marked, below);
        }
    }
    return n;
}

/// Of those left in one half of a leaf, the numbers of those that are surely in and the places of
/// the others.
WIDE_INLINE void keep(const Leaf& leaf, std::size_t index, std::size_t half, unsigned left,
                      unsigned sure, std::uint32_t*& numbers, std::uint32_t*& places) {
    put(numbers, loaded(leaf.number + half), order_of(sure));
    numbers += count_of(sure);
    if (left == sure) return;
    const unsigned open = left & ~sure;
    put(places, numbers_from(index * fan + half), order_of(open));
    places += count_of(open);
}

WIDE void leaves(const Leaf* all, const Frontier& in, std::size_t count, const Target& t,
                 Found& found) {
    const Passing out_span = passing(t.span.out), sure_span = passing(t.span.sure);
    const __m256 out_step = _mm256_set1_ps(t.out_step), in_step = _mm256_set1_ps(t.in_step);
    std::uint32_t* numbers = found.numbers + found.numbers_count;
    std::uint32_t* places = found.places + found.places_count;
    for (std::size_t k = 0; k < count; ++k) {
        const Leaf& leaf = all[in.index[k]];
        const unsigned passed = passes(out_span, leaf.height_lower, leaf.height_upper);
        if (passed == 0) continue;
        const unsigned surely = passes(sure_span, leaf.height_lower, leaf.height_upper);
        if (in.radius[k] < 0) {
            for (std::size_t half = 0; half < fan; half += 8) {
                const unsigned left = passed >> half & 0xFFu;
                keep(leaf, in.index[k], half, left, left & surely >> half, numbers, places);
            }
            continue;
        }
        const float step = leaf_step(in.radius[k]);
        const __m256 unit = _mm256_set1_ps(step);
        const __m256 cx = _mm256_set1_ps(in.x[k]), cy = _mm256_set1_ps(in.y[k]);
        const __m256 cz = _mm256_set1_ps(in.z[k]);
        const __m256 out0 = _mm256_set1_ps(t.out + step), in0 = _mm256_set1_ps(t.in - step);
        for (std::size_t half = 0; half < fan; half += 8) {
            const __m256 x = _mm256_fmadd_ps(widened(leaf.x + half), unit, cx);
            const __m256 y = _mm256_fmadd_ps(widened(leaf.y + half), unit, cy);
            const __m256 z = _mm256_fmadd_ps(widened(leaf.z + half), unit, cz);
            const __m256 d2 = squared(x, y, z);
            const __m256 reach = widened(leaf.reach + half);
            const __m256 far = _mm256_fmadd_ps(reach, out_step, out0);
            const __m256 near =
                _mm256_max_ps(_mm256_fmadd_ps(reach, in_step, in0), _mm256_setzero_ps());
            const unsigned left =
                passed >> half & bits(_mm256_cmp_ps(d2, _mm256_mul_ps(far, far), _CMP_LE_OQ));
            const unsigned sure = left & surely >> half &
                                  bits(_mm256_cmp_ps(d2, _mm256_mul_ps(near, near), _CMP_LT_OQ));
            keep(leaf, in.index[k], half, left, sure, numbers, places);
        }
    }
    found.numbers_count = static_cast<std::size_t>(numbers - found.numbers);
    found.places_count = static_cast<std::size_t>(places - found.places);
}

WIDE_INLINE __m256 minus(__m256 p, float a, float b) {
    return _mm256_sub_ps(_mm256_sub_ps(p, _mm256_set1_ps(a)), _mm256_set1_ps(b));
}
/// Which of the balls, of those in `ask`, reach any capsule.
WIDE_INLINE unsigned reaches(const Targets& t, __m256 px, __m256 py, __m256 pz, __m256 reach,
                             unsigned ask) {
    unsigned found = 0;
    for (std::size_t c = 0; c < t.count && found != ask; ++c) {
        const Capsule& s = t.capsules[c];
        __m256 x = minus(px, s.x, s.rest_x);
        __m256 y = minus(py, s.y, s.rest_y);
        __m256 z = minus(pz, s.z, s.rest_z);
        const __m256 ax = _mm256_set1_ps(s.along_x), ay = _mm256_set1_ps(s.along_y);
        const __m256 az = _mm256_set1_ps(s.along_z);
        const __m256 part = _mm256_fmadd_ps(x, ax, _mm256_fmadd_ps(y, ay, _mm256_mul_ps(z, az)));
        const __m256 along = _mm256_min_ps(
            _mm256_max_ps(_mm256_mul_ps(part, _mm256_set1_ps(s.per_length2)), _mm256_setzero_ps()),
            _mm256_set1_ps(1.0f));
        x = _mm256_fnmadd_ps(along, ax, x);
        y = _mm256_fnmadd_ps(along, ay, y);
        z = _mm256_fnmadd_ps(along, az, z);
        const __m256 far = _mm256_add_ps(reach, _mm256_set1_ps(s.radius));
        found |= ask & bits(_mm256_cmp_ps(squared(x, y, z), _mm256_mul_ps(far, far), _CMP_LE_OQ));
    }
    return found;
}

WIDE std::size_t nodes_many(const Node* level, const std::uint32_t* in, std::size_t count,
                            const Targets& t, Below below, const Frontier& out) {
    const Passing span = passing(t.span.out);
    std::size_t n = 0;
    for (std::size_t k = 0; k < count; ++k) {
        const Node& node = level[in[k]];
        const unsigned passed = passes(span, node.height_lower, node.height_upper);
        for (std::size_t half = 0; half < fan; half += 8) {
            const __m256 x = _mm256_load_ps(node.x + half), y = _mm256_load_ps(node.y + half);
            const __m256 z = _mm256_load_ps(node.z + half);
            const __m256 radius = _mm256_load_ps(node.radius + half);
            const unsigned mask = reaches(t, x, y, z, radius, passed >> half & 0xFFu);
            if (mask != 0) n = keep(out, n, mask, in[k] * fan + half, x, y, z, radius, below);
        }
    }
    return n;
}

WIDE void leaves_many(const Leaf* all, const Frontier& in, std::size_t count, const Targets& t,
                      Found& found) {
    const Passing span = passing(t.span.out);
    std::uint32_t* places = found.places + found.places_count;
    for (std::size_t k = 0; k < count; ++k) {
        const Leaf& leaf = all[in.index[k]];
        const unsigned passed = passes(span, leaf.height_lower, leaf.height_upper);
        const float step = leaf_step(in.radius[k]);
        const __m256 unit = _mm256_set1_ps(step);
        for (std::size_t half = 0; half < fan; half += 8) {
            const unsigned ask = passed >> half & 0xFFu;
            if (ask == 0) continue;
            const __m256 x = _mm256_fmadd_ps(widened(leaf.x + half), unit, _mm256_set1_ps(in.x[k]));
            const __m256 y = _mm256_fmadd_ps(widened(leaf.y + half), unit, _mm256_set1_ps(in.y[k]));
            const __m256 z = _mm256_fmadd_ps(widened(leaf.z + half), unit, _mm256_set1_ps(in.z[k]));
            const __m256 reach =
                _mm256_fmadd_ps(widened(leaf.reach + half), _mm256_set1_ps(t.out_step),
                                _mm256_set1_ps(t.out + step));
            const unsigned mask = reaches(t, x, y, z, reach, ask);
            put(places, numbers_from(in.index[k] * fan + half), order_of(mask));
            places += count_of(mask);
        }
    }
    found.places_count = static_cast<std::size_t>(places - found.places);
}

}  // namespace

const Lanes lanes_avx2{nodes, leaves, nodes_many, leaves_many};

}  // namespace entente::index

#else
namespace entente::index {
const Lanes lanes_avx2 = lanes_plain;
}
#endif
