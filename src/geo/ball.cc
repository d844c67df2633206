// SPDX-License-Identifier: Apache-2.0
#include "geo/ball.h"

#include <algorithm>
#include <cmath>

#include "geo/prepared.h"
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
    for (const Vec3 n : stretch.nodes) ball.radius_m = std::max(ball.radius_m, length(n - ball.center));
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

}  // namespace

Ball earth_ball() { return {{0, 0, 0}, equator_radius + 1}; }

Ball bounding_ball(const Shape& shape) {
    Ball ball = Prepared(shape).ball();
    ball.radius_m += ball_slack;
    return ball;
}

std::vector<Ball> cover(const Shape& shape, Metres piece_length_max) {
    const double piece_max = std::max(piece_length_max.v, 1.0);
    if (const auto* corridor = std::get_if<Corridor>(&shape)) {
        return cover_line(*corridor, piece_max);
    }
    const Ball whole = bounding_ball(shape);
    return {whole};
}

}  // namespace entente::geo
