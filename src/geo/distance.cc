// SPDX-License-Identifier: Apache-2.0
// within(): balls first, then containment, then pieces against pieces (refine.h).
#include "geo/distance.h"

#include <algorithm>
#include <array>

#include "geo/measure.h"
#include "geo/refine.h"

namespace entente::geo {

namespace {

double distance2(Vec3 a, Vec3 b) {
    const Vec3 d = a - b;
    return dot(d, d);
}

bool balls_within(Vec3 a, double radius_a, Vec3 b, double radius_b, double chord) {
    const double most = radius_a + radius_b + chord;
    return distance2(a, b) <= most * most;
}

bool points_within(const Prepared& a, const Prepared& b, double limit) {
    const double d2 = distance2(a.skeleton_ball().center, b.skeleton_ball().center);
    const double in = chord_surely_within(limit);
    if (d2 <= in * in) return true;
    const double out = chord_surely_beyond(limit + rounding_slack);
    if (d2 > out * out) return false;
    return geodesic(a.center(), b.center()).v <= limit + rounding_slack;
}

// Numbers of pieces, the first few without the heap.
class PieceList {
  public:
    void push(std::size_t i) {
        if (size_ < few_.size()) {
            few_[size_] = static_cast<std::uint32_t>(i);
        } else {
            many_.push_back(static_cast<std::uint32_t>(i));
        }
        ++size_;
    }
    std::size_t size() const { return size_; }
    std::size_t operator[](std::size_t i) const {
        return i < few_.size() ? few_[i] : many_[i - few_.size()];
    }

  private:
    std::array<std::uint32_t, 64> few_;
    std::vector<std::uint32_t> many_;
    std::size_t size_ = 0;
};

// The pieces of `s` within `chord` of the ball.
PieceList pieces_near(const Skeleton& s, const Ball& ball, double chord) {
    PieceList out;
    for (std::size_t g = 0; g < s.groups.size(); ++g) {
        const Ball& group = s.groups[g];
        if (!balls_within(group.center, group.radius_m, ball.center, ball.radius_m, chord))
            continue;
        const std::size_t end = std::min((g + 1) * group_size, s.pieces.size());
        for (std::size_t i = g * group_size; i < end; ++i) {
            const Piece& p = s.pieces[i];
            if (balls_within(p.mid, p.radius, ball.center, ball.radius_m, chord)) out.push(i);
        }
    }
    return out;
}

// A span within the limit of any piece of `s`.
bool span_near(const Span& span, const Skeleton& s, const PieceList& pieces, const Limit& limit,
               double chord) {
    for (std::size_t k = 0; k < pieces.size(); ++k) {
        const Piece& p = s.pieces[pieces[k]];
        if (!balls_within(span.piece.mid, span.piece.radius, p.mid, p.radius, chord)) continue;
        const Meeting3 m = nearest_points(span.piece, p);
        const double off = span.piece.deviation + p.deviation;
        const double in = limit.chord_in - off;
        if (in > 0 && m.distance2 <= in * in) return true;
        const double out = limit.chord_out + off + segment_slack(span.piece, p);
        if (m.distance2 > out * out) continue;
        if (spans_within(span, s.span(pieces[k]), limit)) return true;
    }
    return false;
}

bool point_within(const Prepared& point, const Prepared& other, double metres) {
    const Skeleton& s = other.skeleton();
    if (s.contains(point.center())) return true;
    const Limit limit(metres);
    const double chord = limit.chord_out + 1e-3;
    const PieceList pieces = pieces_near(s, point.skeleton_ball(), chord);
    if (pieces.size() == 0) return false;
    return span_near(point_span(point.center()), s, pieces, limit, chord);
}

bool any_start_inside(const Skeleton& inner, const Skeleton& outer) {
    if (outer.polygons.empty()) return false;
    return std::any_of(inner.starts.begin(), inner.starts.end(),
                       [&outer](LatLng p) { return outer.contains(p); });
}

bool skeletons_within(const Prepared& a, const Prepared& b, double metres) {
    const Skeleton& sa = a.skeleton();
    const Skeleton& sb = b.skeleton();
    // If no edges come within the limit, each connected part lies wholly inside or outside.
    if (any_start_inside(sa, sb) || any_start_inside(sb, sa)) return true;
    const Limit limit(metres);
    const double chord = limit.chord_out + 1e-3;
    const PieceList from_a = pieces_near(sa, b.skeleton_ball(), chord);
    if (from_a.size() == 0) return false;
    const PieceList from_b = pieces_near(sb, a.skeleton_ball(), chord);
    if (from_b.size() == 0) return false;
    for (std::size_t k = 0; k < from_a.size(); ++k) {
        if (span_near(sa.span(from_a[k]), sb, from_b, limit, chord)) return true;
    }
    return false;
}

}  // namespace

bool within(const Prepared& a, const Prepared& b, Metres reach) {
    const double limit = a.radius().v + b.radius().v + reach.v;
    if (limit < 0) return false;
    if (a.is_circle() && b.is_circle()) return points_within(a, b, limit);
    const Ball ball_a = a.skeleton_ball();
    const Ball ball_b = b.skeleton_ball();
    // The chord never exceeds the geodesic, so the limit itself serves for a first refusal.
    if (!balls_within(ball_a.center, ball_a.radius_m, ball_b.center, ball_b.radius_m,
                      limit + 1e-3)) {
        return false;
    }
    if (a.is_circle()) return point_within(a, b, limit);
    if (b.is_circle()) return point_within(b, a, limit);
    return skeletons_within(a, b, limit);
}

}  // namespace entente::geo
