// SPDX-License-Identifier: Apache-2.0
// Written once with the compiler's vectors of N floats, and compiled for each level with N as wide
// as its registers (g++ 12 takes comparisons of wider ones apart).
#include "index/plane_lanes.h"

#include <algorithm>

// All is inlined: how such vectors would be passed does not matter.
#pragma GCC diagnostic ignored "-Wpsabi"
#define ALWAYS __attribute__((always_inline)) inline

namespace entente::index {
namespace {

// g++ 12 does not take a width that depends on a template's argument.
template <std::size_t N>
struct Vectors;
template <>
struct Vectors<4> {
    using Float = float __attribute__((vector_size(16)));
    using Int = std::int32_t __attribute__((vector_size(16)));
};
template <>
struct Vectors<8> {
    using Float = float __attribute__((vector_size(32)));
    using Int = std::int32_t __attribute__((vector_size(32)));
};
template <>
struct Vectors<16> {
    using Float = float __attribute__((vector_size(64)));
    using Int = std::int32_t __attribute__((vector_size(64)));
};

template <std::size_t N>
struct Work {
    using Wide = typename Vectors<N>::Float;
    using WideInt = typename Vectors<N>::Int;

    static ALWAYS Wide all(float v) { return Wide{} + v; }
    static ALWAYS Wide lesser(const Wide& a, const Wide& b) { return a < b ? a : b; }
    static ALWAYS Wide greater(const Wide& a, const Wide& b) { return a > b ? a : b; }
    static ALWAYS Wide loaded(const float* from) {
        Wide v;
        __builtin_memcpy(&v, from, sizeof v);
        return v;
    }
    static ALWAYS Wide loaded(const std::int32_t* from) {
        WideInt v;
        __builtin_memcpy(&v, from, sizeof v);
        return __builtin_convertvector(v, Wide);
    }
    static ALWAYS void store(float* to, const Wide& v) { __builtin_memcpy(to, &v, sizeof v); }
    static ALWAYS float least(const Wide& v) {
        float m = v[0];
        for (std::size_t i = 1; i < N; ++i) m = std::min(m, v[i]);
        return m;
    }

    /// Lines from (ax, ay) on by (dx, dy).
    struct Lines {
        Wide ax, ay, dx, dy, per_length2;
    };
    static ALWAYS Lines lines(const Wide& ax, const Wide& ay, const Wide& bx, const Wide& by) {
        const Wide dx = bx - ax, dy = by - ay;
        const Wide length2 = dx * dx + dy * dy;
        return {ax, ay, dx, dy, length2 > all(0) ? all(1) / length2 : all(0)};
    }
    /// Squared distances of the points from the lines.
    static ALWAYS Wide distance2(const Wide& px, const Wide& py, const Lines& l) {
        const Wide x = px - l.ax, y = py - l.ay;
        const Wide t = lesser(greater((x * l.dx + y * l.dy) * l.per_length2, all(0)), all(1));
        const Wide rx = x - t * l.dx, ry = y - t * l.dy;
        return rx * rx + ry * ry;
    }
    /// Which side of the lines the points are on.
    static ALWAYS Wide side(const Wide& px, const Wide& py, const Lines& l) {
        return l.dx * (py - l.ay) - l.dy * (px - l.ax);
    }

    struct Near {
        float distance2;
        bool inside;
    };
    /// A point against an outline; whether it is inside is by crossings of the half-line to its
    /// right, and copies of the last point make edges that cross nothing.
    static ALWAYS Near near(float px, float py, const float* x, const float* y, std::size_t count) {
        Wide best = all(3e38f);
        WideInt crossings{};
        for (std::size_t i = 0; i == 0 || i + 1 < count; i += N) {
            const Wide by = loaded(y + i + 1);
            const Lines l = lines(loaded(x + i), loaded(y + i), loaded(x + i + 1), by);
            best = lesser(best, distance2(all(px), all(py), l));
            const WideInt spans = (l.ay > all(py)) ^ (by > all(py));
            const WideInt right = (side(all(px), all(py), l) > all(0)) ^ (by < l.ay);
            crossings ^= spans & right;
        }
        std::int32_t odd = 0;
        for (std::size_t i = 0; i < N; ++i) odd ^= crossings[i];
        return {least(best), odd != 0};
    }

    /// The shape's points in the plane.
    struct Local {
        alignas(64) float x[outline_points_max + outline_spare];
        alignas(64) float y[outline_points_max + outline_spare];
    };
    static ALWAYS void to_plane(const OutlinePair& p, Local& local) {
        const Outline& s = *p.shape;
        for (std::size_t i = 0; i < s.count; i += N) {
            store(local.x + i, loaded(s.lng + i) * all(p.x_scale) + all(p.x));
            store(local.y + i, loaded(s.lat + i) * all(p.y_scale) + all(p.y));
        }
        const float last_x = local.x[s.count - 1], last_y = local.y[s.count - 1];
        for (std::size_t i = 0; i < outline_spare; i += N) {
            store(local.x + s.count + i, all(last_x));
            store(local.y + s.count + i, all(last_y));
        }
    }

    /// Least squared distance of the plan's edge i from the shape's, into `best`.
    static ALWAYS void edge_near(const OutlinePair& p, std::size_t i, const Local& s, Wide& best) {
        const Wide ax = all(p.plan.x[i]), ay = all(p.plan.y[i]);
        const Wide bx = all(p.plan.x[i + 1]), by = all(p.plan.y[i + 1]);
        const Lines u = lines(ax, ay, bx, by);
        for (std::size_t k = 0; k == 0 || k + 1 < p.shape->count; k += N) {
            const Wide cx = loaded(s.x + k), cy = loaded(s.y + k);
            const Wide dx = loaded(s.x + k + 1), dy = loaded(s.y + k + 1);
            const Lines v = lines(cx, cy, dx, dy);
            Wide d = lesser(distance2(ax, ay, v), distance2(bx, by, v));
            d = lesser(d, lesser(distance2(cx, cy, u), distance2(dx, dy, u)));
            const WideInt crossing = ((side(cx, cy, u) > all(0)) ^ (side(dx, dy, u) > all(0))) &
                                     ((side(ax, ay, v) > all(0)) ^ (side(bx, by, v) > all(0)));
            best = lesser(best, crossing ? all(0) : d);
        }
    }

    static ALWAYS Verdict judge(const OutlinePair& p) {
        // The anchor alone decides most.
        const Near anchor = near(p.x, p.y, p.plan.x, p.plan.y, p.plan.count);
        if (anchor.distance2 <= p.in2) return Verdict::in;
        const bool clear = anchor.distance2 > p.unclear2;
        if (p.plan.ring && anchor.inside && clear) return Verdict::in;
        if (anchor.distance2 > p.all_out2) return Verdict::out;
        if (p.shape->count == 1) {
            return anchor.distance2 > p.out2 && clear ? Verdict::out : Verdict::open;
        }
        Local s;
        to_plane(p, s);
        Wide best = all(3e38f);
        const std::size_t edges = std::max<std::size_t>(p.plan.count, 2) - 1;
        for (std::size_t i = 0; i < edges; ++i) {
            edge_near(p, i, s, best);
            if (i % 4 == 3 && least(best) <= p.in2) break;
        }
        const float nearest2 = least(best);
        if (nearest2 <= p.in2) return Verdict::in;
        if (nearest2 <= p.unclear2) return Verdict::open;
        // The outlines do not meet: if a point of one is inside the other, all of it is.
        if (p.plan.ring && near(s.x[0], s.y[0], p.plan.x, p.plan.y, p.plan.count).inside) {
            return Verdict::in;
        }
        if (p.shape->ring && near(p.plan.x[0], p.plan.y[0], s.x, s.y, p.shape->count).inside) {
            return Verdict::in;
        }
        return nearest2 > p.out2 ? Verdict::out : Verdict::open;
    }
};

Verdict plain(const OutlinePair& p) { return Work<4>::judge(p); }
#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) Verdict avx2(const OutlinePair& p) { return Work<8>::judge(p); }
__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma"))) Verdict avx512(
    const OutlinePair& p) {
    return Work<16>::judge(p);
}
#endif

}  // namespace

Verdict judge_pair(const OutlinePair& pair, Simd simd) {
#if defined(__x86_64__)
    if (simd == Simd::avx512) return avx512(pair);
    if (simd == Simd::avx2) return avx2(pair);
#endif
    (void)simd;
    return plain(pair);
}

}  // namespace entente::index
