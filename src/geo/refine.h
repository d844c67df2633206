// SPDX-License-Identifier: Apache-2.0
// Distance between two spans of true edges, refined until it is decided. For this room only.
//
// A pair of spans is bounded from both sides: the segments' distance give or take both deviations,
// turned from chord to geodesic by ecef.h. Undecided pairs are halved: each halving leaves a
// quarter of the deviation. When that is small and the pair is still undecided (beyond some 260 km,
// where chord bounds are wider than the padding), GeographicLib measures the pair's nearest points,
// and the difference of geodesic and chord is taken to vary little along the pair: see drift().
#pragma once

#include "geo/skeleton.h"

namespace entente::geo {

/// Nearest points of two segments: parameters in [-1, 1] and squared distance.
struct Meeting3 {
    double t_a;
    double t_b;
    double distance2;
};
Meeting3 nearest_points(const Piece& a, const Piece& b);

/// A distance limit as chords.
struct Limit {
    double s;          // the limit, in metres of geodesic
    double chord_in;   // at most this: within, padding included
    double chord_out;  // more than this: surely not within

    explicit Limit(double metres);
};

/// What computing a segment distance may be off by beside the deviations: rounding of a nearly
/// parallel pair, 1e-8 of its length at worst, and a millimetre.
double segment_slack(const Piece& a, const Piece& b);

/// By how much geodesic minus arc-of-chord can change when one end moves by one metre, for points s
/// apart. On a sphere it is 0; here both directions differ by the curvature's spread (0.0067 of
/// itself) times (s/R)^2 / 8 and some. 0.01 (s/R)^2 is over four times what tests find to 5,000 km.
double drift(double s);

/// Whether true points of the two spans are within the limit: true for some at most limit.s apart,
/// false for none within limit.s + touch_padding.
bool spans_within(const Span& a, const Span& b, const Limit& limit);

}  // namespace entente::geo
