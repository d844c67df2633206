// SPDX-License-Identifier: Apache-2.0
// The inside of geo/prepared.h, for this room only: straight pieces of edges, how to cut them
// finer, and exact rings. Lengths in metres, positions on the ellipsoid at height 0.
#pragma once

#include <vector>

#include "geo/ball.h"
#include "geo/ring.h"

namespace entente::geo {

/// A straight piece from mid - half to mid + half; the true edge runs within `deviation` of it,
/// parameter by parameter, and all of it within `radius` of mid. A point has half = 0.
struct Piece {
    Vec3 mid;
    double radius = 0;
    Vec3 half;
    double deviation = 0;
};

/// The same piece in longitude and latitude, 1e-7 degrees, where the true edge is straight.
struct Course {
    double lat_a = 0, lng_a = 0, lat_b = 0, lng_b = 0;
};

struct Span {
    Piece piece;
    Course course;
};

/// The true position at parameter t of [-1, 1].
struct Position {
    double lat_e7;
    double lng_e7;
};
Position position(const Course& course, double t);

/// `a` and `b` are the course's ends in space.
Piece make_piece(Vec3 a, Vec3 b, double deviation);
Span point_span(LatLng p);

/// How far at most an edge runs beside its chord. The chord, taken as a function of the parameter,
/// is the linear interpolation of the position X(lat, lng), and that is off by at most 1/8 of the
/// largest second derivative:
///     |X_pp| <= 1.0001 M, |X_pl| = M |sin lat|, |X_ll| = N cos lat,
/// with M and N at most curvature_radius_max.
/// A half of a piece has at most a quarter of its deviation.
double deviation_bound(const Course& course);
/// An upper bound of the edge's length.
double length_bound(const Course& course);

/// Both halves of a span.
struct Halves {
    Span first;
    Span second;
};
Halves halves(const Span& span);

/// Edges are cut beforehand until they deviate by at most this, but into no more than
/// pieces_max in all; distance.h cuts further where it matters. 1 m is 7 km of edge.
constexpr double prepared_deviation_max = 1.0;
constexpr std::size_t pieces_max = 8192;
constexpr std::size_t group_size = 16;

struct Skeleton {
    std::vector<Piece> pieces;
    std::vector<Course> courses;  // of the pieces, in the same order
    std::vector<Ball> groups;     // around each group_size consecutive pieces
    std::vector<ExactPolygon> polygons;
    std::vector<LatLng> starts;  // a point of each connected part: of the line, of each outer ring

    bool contains(LatLng p) const;
    Span span(std::size_t i) const { return {pieces[i], courses[i]}; }
};

/// Precondition: the shape is valid and not a circle.
Skeleton make_skeleton(const Shape& shape);

/// The line, or all rings with their closing points.
std::vector<std::vector<LatLng>> chains(const Shape& shape);

Course course(LatLng a, LatLng b);

}  // namespace entente::geo
