// SPDX-License-Identifier: Apache-2.0
#include "geo/refine.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "geo/distance.h"
#include "geo/measure.h"

namespace entente::geo {

namespace {

// Below this sum of deviations, metres, halving gains nothing that the padding does not give.
constexpr double fine_deviation = 0.05;

}  // namespace

// Ericson, Real-Time Collision Detection, 5.1.9, with segments as middle and half.
Meeting3 nearest_points(const Piece& a, const Piece& b) {
    const Vec3 r = a.mid - b.mid;
    const double aa = dot(a.half, a.half);
    const double bb = dot(b.half, b.half);
    const double ab = dot(a.half, b.half);
    const double ar = dot(a.half, r);
    const double br = dot(b.half, r);
    const auto unit = [](double t) { return std::clamp(t, -1.0, 1.0); };
    double t_a = 0, t_b = 0;
    if (aa > 0 && bb > 0) {
        const double det = aa * bb - ab * ab;
        // Nearly parallel: any point of `a` will do as a start, and its middle is as good.
        if (det > 1e-12 * aa * bb) t_a = unit((ab * br - ar * bb) / det);
        t_b = (ab * t_a + br) / bb;
        if (t_b < -1 || t_b > 1) {
            t_b = unit(t_b);
            t_a = unit((ab * t_b - ar) / aa);
        }
    } else if (aa > 0) {
        t_a = unit(-ar / aa);
    } else if (bb > 0) {
        t_b = unit(br / bb);
    }
    const Vec3 d = r + a.half * t_a - b.half * t_b;
    return {t_a, t_b, dot(d, d)};
}

Limit::Limit(double metres)
    : s(metres), chord_in(chord_surely_within(metres + touch_padding)),
      chord_out(chord_surely_beyond(metres + rounding_slack)) {}

double segment_slack(const Piece& a, const Piece& b) { return 1e-3 + 1e-8 * (a.radius + b.radius); }

double drift(double s) {
    const double share = s / curvature_radius_min;
    return 0.01 * share * share;
}

bool spans_within(const Span& a, const Span& b, const Limit& limit) {
    std::vector<std::pair<Span, Span>> open{{a, b}};
    const auto split_a = [&open](const Span& x, const Span& y) {
        const Halves h = halves(x);
        open.emplace_back(h.first, y);
        open.emplace_back(h.second, y);
    };
    const auto split_b = [&open](const Span& x, const Span& y) {
        const Halves h = halves(y);
        open.emplace_back(x, h.first);
        open.emplace_back(x, h.second);
    };
    while (!open.empty()) {
        const auto [x, y] = open.back();
        open.pop_back();
        const Meeting3 m = nearest_points(x.piece, y.piece);
        const double d = std::sqrt(m.distance2);
        const double off = x.piece.deviation + y.piece.deviation;
        const double slack = segment_slack(x.piece, y.piece);
        if (d - off - slack > limit.chord_out) continue;
        if (d + off <= limit.chord_in) return true;
        if (off > fine_deviation) {
            x.piece.deviation >= y.piece.deviation ? split_a(x, y) : split_b(x, y);
            continue;
        }
        const double s = measure(position(x.course, m.t_a), position(y.course, m.t_b)).distance;
        if (s <= limit.s + touch_padding) return true;
        const double extent = 2 * (x.piece.radius + y.piece.radius);
        if (s - 4 * off - slack - drift(s) * extent > limit.s) continue;
        x.piece.radius >= y.piece.radius ? split_a(x, y) : split_b(x, y);
    }
    return false;
}

}  // namespace entente::geo
