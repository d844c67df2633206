// SPDX-License-Identifier: Apache-2.0
#include "geo/skeleton.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/assert.h"

namespace entente::geo {

namespace {

constexpr double radians_per_e7 = std::numbers::pi / 180 * 1e-7;

// The largest sine and cosine of latitude along a course.
struct Steepness {
    double sine;
    double cosine;
};
Steepness steepness(const Course& c) {
    const double high = std::max(std::abs(c.lat_a), std::abs(c.lat_b));
    const bool crosses = (c.lat_a < 0) != (c.lat_b < 0);
    const double low = crosses ? 0 : std::min(std::abs(c.lat_a), std::abs(c.lat_b));
    return {std::sin(high * radians_per_e7), std::max(0.0, std::cos(low * radians_per_e7))};
}

// How many equal parts an edge needs. Never more than pieces_max.
std::size_t parts(double deviation, double deviation_max) {
    const double n = std::ceil(std::sqrt(deviation / deviation_max));
    return static_cast<std::size_t>(std::clamp(n, 1.0, static_cast<double>(pieces_max)));
}

// The end of one part is the start of the next, so each is computed once.
void cut(const Course& whole, double deviation, std::size_t n, Skeleton& out) {
    const double share = 1.0 / static_cast<double>(n);
    Course part = whole;
    Vec3 a = to_ecef(whole.lat_a, whole.lng_a);
    for (std::size_t i = 1; i <= n; ++i) {
        const double t = static_cast<double>(i) * share;
        part.lat_b = i == n ? whole.lat_b : whole.lat_a + (whole.lat_b - whole.lat_a) * t;
        part.lng_b = i == n ? whole.lng_b : whole.lng_a + (whole.lng_b - whole.lng_a) * t;
        const Vec3 b = to_ecef(part.lat_b, part.lng_b);
        out.pieces.push_back(make_piece(a, b, deviation * share * share));
        out.courses.push_back(part);
        part.lat_a = part.lat_b;
        part.lng_a = part.lng_b;
        a = b;
    }
}

void add_groups(Skeleton& s) {
    for (std::size_t begin = 0; begin < s.pieces.size(); begin += group_size) {
        const std::size_t end = std::min(begin + group_size, s.pieces.size());
        Ball ball;
        for (std::size_t i = begin; i < end; ++i) ball.center = ball.center + s.pieces[i].mid;
        ball.center = ball.center * (1.0 / static_cast<double>(end - begin));
        for (std::size_t i = begin; i < end; ++i) {
            const Piece& p = s.pieces[i];
            ball.radius_m = std::max(ball.radius_m, length(p.mid - ball.center) + p.radius);
        }
        s.groups.push_back(ball);
    }
}

}  // namespace

Position position(const Course& c, double t) {
    const double u = (1 + t) / 2;
    return {c.lat_a + (c.lat_b - c.lat_a) * u, c.lng_a + (c.lng_b - c.lng_a) * u};
}

Course course(LatLng a, LatLng b) {
    return {static_cast<double>(a.lat_e7), static_cast<double>(a.lng_e7),
            static_cast<double>(b.lat_e7), static_cast<double>(b.lng_e7)};
}

double deviation_bound(const Course& c) {
    const Steepness most = steepness(c);
    const double lat = std::abs(c.lat_b - c.lat_a) * radians_per_e7;
    const double lng = std::abs(c.lng_b - c.lng_a) * radians_per_e7;
    return curvature_radius_max * 1.001 / 8 *
           (lat * lat + 2 * lat * lng * most.sine + lng * lng * most.cosine);
}

double length_bound(const Course& c) {
    const double lat = (c.lat_b - c.lat_a) * radians_per_e7;
    const double lng = (c.lng_b - c.lng_a) * radians_per_e7 * steepness(c).cosine;
    return curvature_radius_max * 1.001 * std::sqrt(lat * lat + lng * lng);
}

Piece make_piece(Vec3 a, Vec3 b, double deviation) {
    const Vec3 half = (b - a) * 0.5;
    return {(a + b) * 0.5, length(half) + deviation, half, deviation};
}

Span point_span(LatLng p) { return {{to_ecef(p), 0, {}, 0}, course(p, p)}; }

Halves halves(const Span& span) {
    const Position m = position(span.course, 0);
    Course first = span.course, second = span.course;
    first.lat_b = second.lat_a = m.lat_e7;
    first.lng_b = second.lng_a = m.lng_e7;
    const Piece& whole = span.piece;
    const Vec3 middle = to_ecef(m.lat_e7, m.lng_e7);
    const double deviation = whole.deviation / 4;
    return {{make_piece(whole.mid - whole.half, middle, deviation), first},
            {make_piece(middle, whole.mid + whole.half, deviation), second}};
}

bool Skeleton::contains(LatLng p) const {
    return std::any_of(polygons.begin(), polygons.end(),
                       [p](const ExactPolygon& polygon) { return polygon.contains(p); });
}

std::vector<std::vector<LatLng>> chains(const Shape& shape) {
    if (const auto* corridor = std::get_if<Corridor>(&shape)) return {corridor->line};
    std::vector<std::vector<LatLng>> out;
    const auto* area = std::get_if<Area>(&shape);
    if (area == nullptr) return out;
    const auto add = [&out](const Ring& ring) {
        out.push_back(ring.points);
        out.back().push_back(closing_point(ring));
    };
    for (const Polygon& polygon : area->polygons) {
        add(polygon.outer);
        for (const Ring& hole : polygon.holes) add(hole);
    }
    return out;
}

Skeleton make_skeleton(const Shape& shape) {
    ASSERT(!std::holds_alternative<Circle>(shape));
    Skeleton out;
    if (const auto* area = std::get_if<Area>(&shape)) {
        for (const Polygon& polygon : area->polygons) {
            out.polygons.emplace_back(polygon);
            out.starts.push_back(polygon.outer.points.front());
        }
    } else {
        out.starts.push_back(std::get<Corridor>(shape).line.front());
    }
    struct Edge {
        Course course;
        double deviation;
    };
    std::vector<Edge> edges;
    for (const auto& chain : chains(shape)) {
        for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
            const Course c = course(chain[i], chain[i + 1]);
            edges.push_back({c, deviation_bound(c)});
        }
    }
    double deviation_max = prepared_deviation_max;
    const auto total = [&] {
        std::size_t n = 0;
        for (const Edge& e : edges) n += parts(e.deviation, deviation_max);
        return n;
    };
    std::size_t count = total();
    while (count > std::max(pieces_max, edges.size())) {
        deviation_max *= 4;
        count = total();
    }
    out.pieces.reserve(count);
    out.courses.reserve(count);
    for (const Edge& e : edges) cut(e.course, e.deviation, parts(e.deviation, deviation_max), out);
    add_groups(out);
    return out;
}

}  // namespace entente::geo
