// SPDX-License-Identifier: Apache-2.0
// cover(): a line by stretches, an area by cells of longitude and latitude that are halved, largest
// first, and dropped where they miss the area.
#include <algorithm>
#include <cmath>
#include <queue>

#include "geo/ball.h"
#include "geo/skeleton.h"

namespace entente::geo {

namespace {

// Rounding of coordinates and of the sums here, in metres.
constexpr double ball_slack = 1e-3;

// A stretch of a line that one ball will hold.
struct Stretch {
    std::vector<Vec3> nodes;
    double deviation = 0;
    double length = 0;
};

// A point of a straight piece is no further from the centre than the further of its ends.
Ball ball_around(const Stretch& stretch, double half_width) {
    Vec3 low = stretch.nodes.front(), high = low;
    for (const Vec3 n : stretch.nodes) {
        low = {std::min(low.x, n.x), std::min(low.y, n.y), std::min(low.z, n.z)};
        high = {std::max(high.x, n.x), std::max(high.y, n.y), std::max(high.z, n.z)};
    }
    Ball ball{(low + high) * 0.5, 0};
    for (const Vec3 n : stretch.nodes)
        ball.radius_m = std::max(ball.radius_m, length(n - ball.center));
    ball.radius_m += stretch.deviation + half_width + ball_slack;
    return ball;
}

std::vector<Ball> cover_line(const Corridor& corridor, double piece_max) {
    const auto& line = corridor.line;
    double total = 0;
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        total += length_bound(course(line[i], line[i + 1]));
    }
    // Each ball but the last holds a stretch of more than half of this.
    const double most = std::max(piece_max, 2 * total / (cover_balls_max - 1));
    const double half_width = metres(corridor.half_width).v;
    std::vector<Ball> out;
    Stretch stretch;
    stretch.nodes.push_back(to_ecef(line.front()));
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        const Course whole = course(line[i], line[i + 1]);
        const double whole_length = length_bound(whole);
        const double n = std::max(1.0, std::ceil(whole_length / most));
        const double deviation = deviation_bound(whole) / (n * n);
        for (double k = 1; k <= n; ++k) {
            const Position p = position(whole, 2 * k / n - 1);
            if (stretch.nodes.size() > 1 && stretch.length + whole_length / n > most) {
                out.push_back(ball_around(stretch, half_width));
                stretch = {{stretch.nodes.back()}, 0, 0};
            }
            stretch.nodes.push_back(to_ecef(p.lat_e7, p.lng_e7));
            stretch.deviation = std::max(stretch.deviation, deviation);
            stretch.length += whole_length / n;
        }
    }
    out.push_back(ball_around(stretch, half_width));
    return out;
}

// A rectangle of longitude and latitude with the edges of its polygon that may reach into it.
struct Cell {
    std::int64_t west, south, east, north;
    std::size_t polygon;
    std::vector<std::uint32_t> edges;
    Ball ball;
};
struct Smaller {
    bool operator()(const Cell& x, const Cell& y) const {
        return x.ball.radius_m < y.ball.radius_m;
    }
};
struct Edge {
    LatLng a;
    LatLng b;
};

// The way from the middle to any point of the cell, straight in longitude and latitude, is at most
// half the bound of its diagonal, which counts the widest of its parallels.
Ball ball_around(const Cell& c) {
    const Course diagonal{static_cast<double>(c.south), static_cast<double>(c.west),
                          static_cast<double>(c.north), static_cast<double>(c.east)};
    const Position m = position(diagonal, 0);
    return {to_ecef(m.lat_e7, m.lng_e7), length_bound(diagonal) / 2 + ball_slack};
}

bool reaches(const Edge& e, const Cell& c) {
    __extension__ using Wide = __int128;
    const auto [a, b] = e;
    if (std::max(a.lng_e7, b.lng_e7) < c.west || std::min(a.lng_e7, b.lng_e7) > c.east)
        return false;
    if (std::max(a.lat_e7, b.lat_e7) < c.south || std::min(a.lat_e7, b.lat_e7) > c.north)
        return false;
    int left = 0, right = 0;
    for (const std::int64_t x : {c.west, c.east}) {
        for (const std::int64_t y : {c.south, c.north}) {
            const Wide t = Wide(b.lng_e7 - a.lng_e7) * (y - a.lat_e7) -
                           Wide(b.lat_e7 - std::int64_t{a.lat_e7}) * (x - a.lng_e7);
            left += t > 0;
            right += t < 0;
        }
    }
    return left < 4 && right < 4;
}

// The cells of an area, largest first.
class Cells {
  public:
    explicit Cells(const Area& area) {
        for (const Polygon& p : area.polygons) polygons_.emplace_back(p);
        edges_.resize(polygons_.size());
        for (std::size_t i = 0; i < polygons_.size(); ++i) begin(i);
    }

    const Cell& largest() const { return open_.top(); }
    std::size_t size() const { return open_.size(); }
    void halve() {
        Cell first = open_.top();
        open_.pop();
        Cell second = first;
        const auto height = static_cast<double>(first.north - first.south);
        const auto width =
            static_cast<double>(first.east - first.west) *
            std::cos(static_cast<double>(first.north + first.south) / 2e7 * 0.0174532925);
        if (height > width) {
            first.north = second.south = first.south + (first.north - first.south) / 2;
        } else {
            first.east = second.west = first.west + (first.east - first.west) / 2;
        }
        offer(std::move(first));
        offer(std::move(second));
    }
    std::vector<Ball> balls() {
        std::vector<Ball> out;
        for (; !open_.empty(); open_.pop()) out.push_back(open_.top().ball);
        return out;
    }

  private:
    void begin(std::size_t i) {
        const ExactRing& outer = polygons_[i].rings.front();
        Cell cell{outer.west(), outer.south(), outer.east(), outer.north(), i, {}, {}};
        if (outer.pole() == Pole::north) cell.north = 900'000'000;
        if (outer.pole() == Pole::south) cell.south = -900'000'000;
        for (const ExactRing& ring : polygons_[i].rings) {
            const auto& p = ring.closed();
            // A ring may be written any number of turns from the outer one.
            for (std::int64_t by = -4 * turn_e7; by <= 4 * turn_e7; by += turn_e7) {
                if (ring.west() + by > cell.east || ring.east() + by < cell.west) continue;
                for (std::size_t k = 0; k + 1 < p.size(); ++k) {
                    edges_[i].push_back(
                        {{p[k].lat_e7, p[k].lng_e7 + by}, {p[k + 1].lat_e7, p[k + 1].lng_e7 + by}});
                    cell.edges.push_back(static_cast<std::uint32_t>(edges_[i].size() - 1));
                }
            }
        }
        offer(std::move(cell));
    }

    void offer(Cell cell) {
        const auto& edges = edges_[cell.polygon];
        std::erase_if(cell.edges, [&](std::uint32_t e) { return !reaches(edges[e], cell); });
        const HalfPoint middle{cell.south + cell.north, cell.west + cell.east};
        // No edge reaches into it: it is wholly inside or wholly outside.
        if (cell.edges.empty() && polygons_[cell.polygon].locate(middle) == Side::outside) return;
        cell.ball = ball_around(cell);
        open_.push(std::move(cell));
    }

    std::vector<ExactPolygon> polygons_;
    std::vector<std::vector<Edge>> edges_;  // by polygon
    std::priority_queue<Cell, std::vector<Cell>, Smaller> open_;
};

std::vector<Ball> cover_area(const Area& area, const Ball& whole, double piece_max) {
    if (whole.radius_m <= piece_max / 2 || area.polygons.size() >= cover_balls_max) return {whole};
    Cells cells(area);
    while (cells.size() < cover_balls_max && cells.largest().ball.radius_m > piece_max / 2) {
        cells.halve();
    }
    return cells.balls();
}

}  // namespace

std::vector<Ball> cover(const Shape& shape, Metres piece_length_max) {
    const double piece_max = std::max(piece_length_max.v, 1.0);
    if (const auto* corridor = std::get_if<Corridor>(&shape)) {
        return cover_line(*corridor, piece_max);
    }
    const Ball whole = bounding_ball(shape);
    if (const auto* area = std::get_if<Area>(&shape)) return cover_area(*area, whole, piece_max);
    return {whole};
}

}  // namespace entente::geo
