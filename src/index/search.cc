// SPDX-License-Identifier: Apache-2.0
#include "index/search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "geo/ball.h"
#include "geo/distance.h"

namespace entente::index {
namespace {

// What float arithmetic may lose of a length, and the floor of what it may lose at all: see
// lanes.h.
constexpr double float_share = 4e-6;
constexpr double node_floor = 1.0;
constexpr double leaf_floor = 0.02;

struct Split {
    float whole, rest;
};
Split split(double v) {
    const float whole = to_float(v);
    return {whole, static_cast<float>(v - static_cast<double>(whole))};
}
/// To the nearest float and a step further up (down), so that rounding never narrows.
float above(double v) {
    return std::nextafter(static_cast<float>(v), std::numeric_limits<float>::infinity());
}
float below(double v) {
    return std::nextafter(static_cast<float>(v), -std::numeric_limits<float>::infinity());
}

/// What is within `radius` of the straight line from a to b.
Capsule capsule(geo::Vec3 a, geo::Vec3 b, double radius) {
    Capsule c;
    const Split x = split(a.x), y = split(a.y), z = split(a.z);
    c.x = x.whole;
    c.y = y.whole;
    c.z = z.whole;
    c.rest_x = x.rest;
    c.rest_y = y.rest;
    c.rest_z = z.rest;
    const geo::Vec3 along = b - a;
    const double length2 = geo::dot(along, along);
    if (length2 > 0) {
        c.along_x = static_cast<float>(along.x);
        c.along_y = static_cast<float>(along.y);
        c.along_z = static_cast<float>(along.z);
        c.per_length2 = static_cast<float>(1 / length2);
    }
    c.radius = above((radius + std::sqrt(length2) * float_share) * (1 + float_share) + node_floor);
    return c;
}

// A capsule holds its stretch of a line if it is wider by curvature * length^2 / 8.
constexpr double stretch_length_max = 30'000;

/// Points at most this far apart by chord are at most s apart by geodesic. geo/ecef.h proves it of
/// 2 r sin(s / 2r) with r = curvature_radius_min; sin x >= x - x^3 / 6 spares the sine.
double chord_within(double s) {
    constexpr double r = geo::curvature_radius_min;
    return s - s * s * s / (24 * r * r);
}

double own_radius(const geo::Shape& shape) {
    if (const auto* circle = std::get_if<geo::Circle>(&shape)) return metres(circle->radius).v;
    const auto* corridor = std::get_if<geo::Corridor>(&shape);
    return corridor ? metres(corridor->half_width).v : 0;
}

}  // namespace

Plan::Plan(const Question& question, std::int64_t time_base, Scratch::State& state)
    : asked_(question), time_base_(time_base), simd_(state.simd),
      circle_(std::get_if<geo::Circle>(&question.volume.shape)),
      reach_(own_radius(question.volume.shape) + question.margin.v), capsules_(state.capsules) {
    if (circle_) {
        center_ = geo::to_ecef(circle_->center);
    } else {
        add_capsules(state);
    }
}

void Plan::add_capsules(Scratch::State& state) const {
    state.capsules.clear();
    const double pad = geo::touch_padding;
    const geo::Shape& shape = asked_.question().volume.shape;
    const auto* corridor = std::get_if<geo::Corridor>(&shape);
    if (corridor && plane().usable()) {
        for (std::size_t i = 0; i + 1 < corridor->line.size(); ++i) {
            const geo::LatLng a = corridor->line[i], b = corridor->line[i + 1];
            const double length = plane().length_max(a, b);
            const double parts = std::max(1.0, std::ceil(length / stretch_length_max));
            const double part = length / parts;
            const double bulge = plane().curvature_max() * part * part / 8;
            const double lat = static_cast<double>(b.lat_e7 - a.lat_e7) / parts;
            const double lng = static_cast<double>(b.lng_e7 - a.lng_e7) / parts;
            const auto at = [&](double k) {
                return geo::to_ecef(a.lat_e7 + lat * k, static_cast<double>(a.lng_e7) + lng * k);
            };
            for (double k = 0; k < parts; ++k) {
                state.capsules.push_back(capsule(at(k), at(k + 1), reach_ + bulge + pad));
            }
        }
        return;
    }
    constexpr double one_ball_radius = 10'000;
    if (!corridor && plane().usable()) {
        const geo::Ball ball = plane().ball();
        if (ball.radius_m <= one_ball_radius) {
            state.capsules.push_back(
                capsule(ball.center, ball.center, ball.radius_m + reach_ + pad));
            return;
        }
    }
    // Balls of the shape with its own radius; parts about as long as it is wide, but not many.
    const double length = 2 * asked_.shape().skeleton_ball().radius_m;
    const Metres piece{std::max({length / (corridor ? 24 : 6), 2 * reach_, 200.0})};
    for (const geo::Ball& ball : geo::cover(shape, piece)) {
        state.capsules.push_back(
            capsule(ball.center, ball.center, ball.radius_m + asked_.question().margin.v + pad));
    }
}

const Plane& Plan::plane() const {
    if (!plane_) plane_.emplace(asked_.question().volume.shape, reach_, simd_);
    return *plane_;
}

const Plan::Seen& Plan::seen(geo::AltitudeReference reference) const {
    auto& s = seen_[static_cast<std::size_t>(reference)];
    if (!s) {
        const geo::Volume4D& v = asked_.question().volume;
        s.emplace();
        s->limits = band_limits(v.band, reference);
        s->span = question_span(s->limits, reference, v.window, time_base_);
    }
    return *s;
}
const QuestionSpan& Plan::span(geo::AltitudeReference reference) const {
    return seen(reference).span;
}
const BandLimits& Plan::limits(geo::AltitudeReference reference) const {
    return seen(reference).limits;
}

Target Plan::target(ReachStep step, double reach_max, bool points) const {
    Target t;
    const Split x = split(center_.x), y = split(center_.y), z = split(center_.z);
    t.x = x.whole;
    t.y = y.whole;
    t.z = z.whole;
    t.rest_x = x.rest;
    t.rest_y = y.rest;
    t.rest_z = z.rest;
    const double half = 0.5 * static_cast<double>(step.metres);
    // A chord is never longer than its geodesic. Where edges take part, geo leans a little further.
    const double far = points ? reach_ : reach_ + geo::touch_padding;
    t.node_reach = above(far * (1 + float_share) + node_floor);
    t.out = above(far * (1 + float_share) + half + leaf_floor);
    t.out_step = step.metres;
    t.in = t.node_in = -std::numeric_limits<float>::max();
    if (points) {
        // A concave function is above the line between two of its values.
        const double near = chord_within(reach_);
        const double slope = (chord_within(reach_ + reach_max) - near) / reach_max;
        if (slope > 0.5) {
            t.in = below(near * (1 - float_share) - half - leaf_floor);
            t.node_in = below(near * (1 - float_share) - node_floor);
            t.in_step = below(static_cast<double>(step.metres) * slope * (1 - float_share));
        }
    }
    return t;
}

Aim Plan::aim(ReachStep step, double reach_max, geo::AltitudeReference reference,
              bool points) const {
    Aim a;
    a.ball = is_circle();
    if (a.ball) {
        a.target = target(step, reach_max, points);
        a.target.span = span(reference);
    } else {
        a.targets = {capsules_.data(), capsules_.size(), 0.51f * step.metres, step.metres,
                     span(reference)};
    }
    return a;
}

Frontier reached(const Node* level, const std::uint32_t* in, std::size_t& count, const Aim& aim,
                 Below below, Scratch::State& state, std::size_t side) {
    const Frontier out = state.frontiers[side].with_room(fan * (count + 1));
    count = aim.ball ? state.lane->nodes(level, in, count, aim.target, below, out)
                     : state.lane->nodes_many(level, in, count, aim.targets, below, out);
    return out;
}

Frontier reached_leaves(const Tree& tree, const Aim& aim, bool all, Scratch::State& state,
                        std::size_t& count) {
    constexpr std::uint32_t root = 0;
    Frontier frontier;
    count = tree.levels.empty() ? 0 : 1;
    const std::uint32_t* in = &root;
    std::size_t side = 0;
    for (std::size_t level = tree.levels.size(); level-- > 0 && count > 0;) {
        const Below below = level == 0 ? Below{tree.leaves.data(), all ? sizeof(Leaf) : 0}
                                       : Below{tree.levels[level - 1].data(), sizeof(Node)};
        frontier = reached(tree.levels[level].data(), in, count, aim, below, state, side);
        in = frontier.index;
        side ^= 1;
    }
    return frontier;
}

void search_leaves(const Leaf* leaves, const Aim& aim, const Frontier& frontier, std::size_t first,
                   std::size_t count, Scratch::State& state) {
    state.slots.ensure(state.slots_count + fan * (count + 1), state.slots_count);
    state.places.ensure(fan * (count + 1));
    Found found{state.slots.data(), state.slots_count, state.places.data(), 0};
    const Frontier part{frontier.index + first, frontier.x + first, frontier.y + first,
                        frontier.z + first, frontier.radius + first};
    if (aim.ball) {
        state.lane->leaves(leaves, part, count, aim.target, found);
    } else {
        state.lane->leaves_many(leaves, part, count, aim.targets, found);
    }
    state.slots_count = found.numbers_count;
    state.places_count = found.places_count;
}

}  // namespace entente::index
