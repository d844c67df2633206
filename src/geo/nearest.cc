// SPDX-License-Identifier: Apache-2.0
// nearest(): branch and bound over pairs of spans, the most promising first, with the same bounds
// as refine.h. Ends when nothing left can be nearer by more than `settled`.
#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

#include "geo/distance.h"
#include "geo/measure.h"
#include "geo/refine.h"

namespace entente::geo {

namespace {

constexpr double settled = 0.1;          // metres
constexpr double touching = 0.05;        // metres: edges that cross are never found at exactly 0
constexpr double fine_deviation = 0.02;  // metres
constexpr double meant_for_max = 1e7;    // metres: beyond, the first good measure will do
// Far more than any pair of valid shapes was seen to need (tests: 4,000); a bound all the same.
constexpr std::size_t steps_max = 200'000;

struct Pair {
    Span a;
    Span b;
    double low;  // no points of these two are nearer than this, metres of geodesic
};
struct Farther {
    bool operator()(const Pair& x, const Pair& y) const { return x.low > y.low; }
};

// The search for the least geodesic distance between two skeletons.
class Search {
  public:
    void offer(const Span& a, const Span& b, double bound) {
        const Meeting3 m = nearest_points(a.piece, b.piece);
        const double d = std::sqrt(m.distance2);
        const double off = a.piece.deviation + b.piece.deviation;
        const double slack = segment_slack(a.piece, b.piece);
        const double low = std::max(bound, s_low(std::max(0.0, d - off - slack)));
        if (low >= best_ - settled) return;
        const double high = s_high(d + off + slack);
        if (high < best_) found(high, position(a.course, m.t_a), position(b.course, m.t_b));
        if (low < best_ - settled) open_.push({a, b, low});
    }

    void run() {
        for (std::size_t step = 0; step < steps_max && !open_.empty(); ++step) {
            const Pair pair = open_.top();
            open_.pop();
            if (pair.low >= best_ - settled) return;
            refine(pair);
        }
    }

    double best() const { return best_; }
    Position from() const { return from_; }
    Position to() const { return to_; }

  private:
    void found(double distance, Position from, Position to) {
        best_ = distance;
        from_ = from;
        to_ = to;
    }

    void refine(const Pair& pair) {
        const Piece& a = pair.a.piece;
        const Piece& b = pair.b.piece;
        const bool coarse = a.deviation + b.deviation > fine_deviation;
        const bool far = pair.low > meant_for_max;
        double low = pair.low;
        if (!coarse || far) {
            const Meeting3 m = nearest_points(a, b);
            const Position from = position(pair.a.course, m.t_a);
            const Position to = position(pair.b.course, m.t_b);
            const double s = measure(from, to).distance;
            if (s < best_) found(s, from, to);
            if (far) return;
            const double off = 4 * (a.deviation + b.deviation) + segment_slack(a, b);
            low = std::max(low, s - off - drift(s) * 2 * (a.radius + b.radius));
            if (low >= best_ - settled) return;
        }
        const bool cut_a = coarse ? a.deviation >= b.deviation : a.radius >= b.radius;
        const Halves h = halves(cut_a ? pair.a : pair.b);
        if (cut_a) {
            offer(h.first, pair.b, low);
            offer(h.second, pair.b, low);
        } else {
            offer(pair.a, h.first, low);
            offer(pair.a, h.second, low);
        }
    }

    std::priority_queue<Pair, std::vector<Pair>, Farther> open_;
    double best_ = std::numeric_limits<double>::infinity();
    Position from_{0, 0};
    Position to_{0, 0};
};

std::vector<Span> spans(const Prepared& p) {
    if (p.is_circle()) return {point_span(p.center())};
    std::vector<Span> out;
    for (std::size_t i = 0; i < p.skeleton().pieces.size(); ++i)
        out.push_back(p.skeleton().span(i));
    return out;
}

const Span& nearest_to(Vec3 point, const std::vector<Span>& spans) {
    return *std::min_element(spans.begin(), spans.end(), [point](const Span& x, const Span& y) {
        return length(x.piece.mid - point) < length(y.piece.mid - point);
    });
}

bool holds_part(const Prepared& outer, const Prepared& inner) {
    if (outer.is_circle()) return false;
    if (inner.is_circle()) return outer.skeleton().contains(inner.center());
    const auto& starts = inner.skeleton().starts;
    return std::any_of(starts.begin(), starts.end(),
                       [&outer](LatLng p) { return outer.skeleton().contains(p); });
}

// The skeletons' least distance and where; 0 between the centres if one holds a part of the other.
// Between circles the distance is left to whoever measures the way: infinite here.
struct Between {
    double distance;
    Position from;
    Position to;
};
Between between(const Prepared& from, const Prepared& to) {
    const Position a = position(from.center()), b = position(to.center());
    if (from.is_circle() && to.is_circle()) {
        return {std::numeric_limits<double>::infinity(), a, b};
    }
    if (holds_part(from, to) || holds_part(to, from)) return {0, a, b};
    const std::vector<Span> xs = spans(from), ys = spans(to);
    Search search;
    // A good first guess lets most pairs be dropped by their balls alone.
    const Span& y = nearest_to(to_ecef(from.center()), ys);
    search.offer(nearest_to(y.piece.mid, xs), y, 0);
    for (const Span& p : xs) {
        for (const Span& q : ys) {
            const double gap = length(p.piece.mid - q.piece.mid) - p.piece.radius - q.piece.radius;
            if (gap < search.best()) search.offer(p, q, 0);
        }
    }
    search.run();
    return {search.best(), search.from(), search.to()};
}

LatLng moved(Position from, double azimuth, double distance) {
    const LatLng p = to_lat_lng(from);
    return distance > 0 ? direct(p, {azimuth}, {distance}) : p;
}

// One geodesic between circles; with edges a second one, because the search is content with less.
Approach approach(const Prepared& from, const Prepared& to, const Between& gap) {
    const double radii = from.radius().v + to.radius().v;
    const Measure way = measure(gap.from, gap.to);
    const double distance = std::min(gap.distance, way.distance) - radii;
    const bool exact = from.is_circle() && to.is_circle();
    if (distance > (exact ? rounding_slack : touching)) return {{distance}, {way.azimuth}};
    return {{0}, exact ? Degrees{way.azimuth} : inverse(from.center(), to.center()).azimuth};
}

}  // namespace

Approach approach(const Prepared& from, const Prepared& to) {
    return approach(from, to, between(from, to));
}

Nearest nearest(const Prepared& from, const Prepared& to) {
    const Between gap = between(from, to);
    const Approach way = approach(from, to, gap);
    if (way.distance.v == 0) {
        return {way.distance, way.bearing, to_lat_lng(gap.from), to_lat_lng(gap.to)};
    }
    const Measure back = measure(gap.to, gap.from);
    return {way.distance, way.bearing, moved(gap.from, way.bearing.v, from.radius().v),
            moved(gap.to, back.azimuth, to.radius().v)};
}

}  // namespace entente::geo
