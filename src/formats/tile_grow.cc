// SPDX-License-Identifier: Apache-2.0
#include "formats/tile_grow.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numbers>

#include "formats/mvt.h"

namespace entente::formats {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double pixel = mvt_extent / 512.0;

/// One side of the frame: what has a sign * coordinate of at most `limit` stays.
struct Edge {
    double PlanePoint::*axis;
    double sign;
    double limit;
    double beyond(PlanePoint p) const { return sign * (p.*axis) - limit; }
    PlanePoint cross(PlanePoint a, PlanePoint b) const {
        const double share = beyond(a) / (beyond(a) - beyond(b));
        PlanePoint out{a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)};
        out.*axis = sign * limit;
        return out;
    }
};

std::array<Edge, 4> edges(Frame frame) {
    return {Edge{&PlanePoint::x, -1, -frame.low}, Edge{&PlanePoint::x, 1, frame.high},
            Edge{&PlanePoint::y, -1, -frame.low}, Edge{&PlanePoint::y, 1, frame.high}};
}

bool inside(const Path& path, Frame frame) {
    return std::all_of(path.begin(), path.end(), [frame](PlanePoint p) {
        return p.x >= frame.low && p.x <= frame.high && p.y >= frame.low && p.y <= frame.high;
    });
}

double cross(PlanePoint o, PlanePoint a, PlanePoint b) {
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

double squared_to_segment(PlanePoint p, PlanePoint a, PlanePoint b) {
    const double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
    double share = 0;
    if (length > 0) share = ((p.x - a.x) * dx + (p.y - a.y) * dy) / length;
    share = std::clamp(share, 0.0, 1.0);
    const double ex = a.x + share * dx - p.x, ey = a.y + share * dy - p.y;
    return ex * ex + ey * ey;
}

double doubled_area(const Path& ring) {
    double sum = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const PlanePoint a = ring[i], b = ring[i + 1 == ring.size() ? 0 : i + 1];
        sum += a.x * b.y - b.x * a.y;
    }
    return std::abs(sum);
}

/// Andrew's monotone chain (1979): from the westernmost point, in one direction.
Path hull(Path points) {
    std::sort(points.begin(), points.end(),
              [](PlanePoint a, PlanePoint b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
    if (points.size() < 3) return points;
    Path out;
    const auto half = [&out](auto begin, auto end) {
        const std::size_t floor = out.size();
        for (auto p = begin; p != end; ++p) {
            while (out.size() >= floor + 2 && cross(out[out.size() - 2], out.back(), *p) <= 0) {
                out.pop_back();
            }
            out.push_back(*p);
        }
        out.pop_back();
    };
    half(points.begin(), points.end());
    half(points.rbegin(), points.rend());
    return out;
}

}  // namespace

Path clip_ring(const Path& ring, Frame frame) {
    if (inside(ring, frame)) return ring;
    Path now = ring, next;
    for (const Edge& edge : edges(frame)) {
        next.clear();
        for (std::size_t i = 0; i < now.size(); ++i) {
            const PlanePoint a = now[i], b = now[i + 1 == now.size() ? 0 : i + 1];
            const bool in_a = edge.beyond(a) <= 0, in_b = edge.beyond(b) <= 0;
            if (in_a) next.push_back(a);
            if (in_a != in_b) next.push_back(edge.cross(a, b));
        }
        now.swap(next);
    }
    return now;
}

std::vector<Path> clip_line(const Path& line, Frame frame) {
    if (inside(line, frame)) return {line};
    std::vector<Path> out;
    bool joined = false;  // whether the last part ends where the next edge begins
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        PlanePoint a = line[i], b = line[i + 1];
        bool seen = true, cut = false;
        for (const Edge& edge : edges(frame)) {
            const double over_a = edge.beyond(a), over_b = edge.beyond(b);
            if (over_a > 0 && over_b > 0) seen = false;
            if (!seen) break;
            if (over_a > 0) {
                a = edge.cross(a, b);
                joined = false;
            }
            if (over_b > 0) {
                b = edge.cross(a, b);
                cut = true;
            }
        }
        if (!seen) {
            joined = false;
            continue;
        }
        if (!joined) out.push_back({a});
        out.back().push_back(b);
        joined = !cut;
    }
    return out;
}

Path simplified_line(const Path& line, double tolerance) {
    if (line.size() < 3) return line;
    std::vector<bool> keep(line.size());
    keep.front() = keep.back() = true;
    std::vector<std::pair<std::size_t, std::size_t>> open = {{0, line.size() - 1}};
    while (!open.empty()) {
        const auto [from, to] = open.back();
        open.pop_back();
        double most = tolerance * tolerance;
        std::size_t at = 0;
        for (std::size_t i = from + 1; i < to; ++i) {
            const double off = squared_to_segment(line[i], line[from], line[to]);
            if (off > most) {
                most = off;
                at = i;
            }
        }
        if (at == 0) continue;
        keep[at] = true;
        open.emplace_back(from, at);
        open.emplace_back(at, to);
    }
    Path out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (keep[i]) out.push_back(line[i]);
    }
    return out;
}

Path simplified_ring(const Path& ring, double tolerance) {
    if (ring.size() < 5) return ring;
    Path closed = ring;
    closed.push_back(ring.front());
    Path out = simplified_line(closed, tolerance);
    out.pop_back();
    return out.size() < 3 ? grown_hull(ring, 0) : out;
}

Path disc(PlanePoint center, double radius) {
    // A polygon of n sides around a circle is at most radius * (pi / n)^2 / 2 larger.
    const double sides = std::clamp(std::ceil(2.3 * std::sqrt(radius / pixel)), 8.0, 128.0);
    const double out = radius / std::cos(pi / sides);
    Path ring;
    for (double i = 0; i < sides; ++i) {
        const double angle = 2 * pi * i / sides;
        ring.push_back({center.x + out * std::cos(angle), center.y + out * std::sin(angle)});
    }
    return ring;
}

/// The Minkowski sum of a hull and a disc: the edges of both in the order of their direction.
Path grown_hull(const Path& points, double by) {
    const Path around = hull(points);
    if (by <= 0 || around.empty()) return around;
    if (around.size() == 1) return disc(around[0], by);
    const Path circle = hull(disc({0, 0}, by));  // begins as `around` does, in the west
    PlanePoint at{around[0].x + circle[0].x, around[0].y + circle[0].y};
    Path out;
    std::size_t i = 0, k = 0;
    while (i < around.size() || k < circle.size()) {
        out.push_back(at);
        const auto edge = [](const Path& ring, std::size_t n) {
            const PlanePoint a = ring[n], b = ring[n + 1 == ring.size() ? 0 : n + 1];
            return PlanePoint{b.x - a.x, b.y - a.y};
        };
        const bool first =
            k == circle.size() ||
            (i < around.size() && cross({0, 0}, edge(around, i), edge(circle, k)) >= 0);
        const PlanePoint step = first ? edge(around, i++) : edge(circle, k++);
        at = {at.x + step.x, at.y + step.y};
    }
    return out;
}

bool line_fills(const Path& line, double by, Frame frame) {
    if (by < (frame.high - frame.low) / 2) return false;
    const double low = frame.low, high = frame.high;
    const PlanePoint corners[] = {{low, low}, {high, low}, {high, high}, {low, high}};
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        // What lies within a distance of a straight edge is convex: its corners decide.
        if (std::all_of(std::begin(corners), std::end(corners), [&](PlanePoint p) {
                return squared_to_segment(p, line[i], line[i + 1]) <= by * by;
            })) {
            return true;
        }
    }
    return false;
}

bool ring_fills(const Path& ring, Frame frame) {
    const double side = frame.high - frame.low;
    return doubled_area(clip_ring(ring, frame)) >= 2 * side * side * (1 - 1e-9);
}

bool nearly_convex(const Path& ring) {
    const Path around = hull(ring);
    const auto [west, east] = std::minmax_element(
        around.begin(), around.end(), [](PlanePoint a, PlanePoint b) { return a.x < b.x; });
    const auto [north, south] = std::minmax_element(
        around.begin(), around.end(), [](PlanePoint a, PlanePoint b) { return a.y < b.y; });
    if (around.size() < 3) return true;
    if (std::max(east->x - west->x, south->y - north->y) < 24 * pixel) return true;
    return doubled_area(around) <= 1.05 * doubled_area(ring);
}

}  // namespace entente::formats
