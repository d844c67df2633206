// SPDX-License-Identifier: Apache-2.0
#include "index/search.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "geo/ball.h"
#include "geo/distance.h"

namespace entente::index {
namespace {

// What float arithmetic may lose of a length, and the floor of what it may lose at all: see lanes.h.
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

Capsule capsule(const geo::Ball& ball, double margin) {
    Capsule c;
    const Split x = split(ball.center.x), y = split(ball.center.y), z = split(ball.center.z);
    c.x = x.whole;
    c.y = y.whole;
    c.z = z.whole;
    c.rest_x = x.rest;
    c.rest_y = y.rest;
    c.rest_z = z.rest;
    c.radius = above((ball.radius_m + margin + geo::touch_padding) * (1 + float_share) + node_floor);
    return c;
}

/// Parts of a plan about as long as it is wide, but not many: each costs at every node.
double piece_length(const geo::Prepared& shape, double margin) {
    const double length = 2 * shape.skeleton_ball().radius_m;
    const double width = 2 * (shape.radius().v + margin);
    return std::max({length / 24, width, 200.0});
}

}  // namespace

Plan::Plan(const Question& question, std::int64_t time_base, Scratch::State& state)
    : asked_{question, geo::Prepared(question.volume.shape)},
      time_base_(time_base),
      reach_(asked_.shape.radius().v + question.margin.v),
      capsules_(state.capsules) {
    if (is_circle()) return;
    state.capsules.clear();
    const double margin = question.margin.v;
    const auto balls =
        geo::cover(question.volume.shape, Metres{piece_length(asked_.shape, margin)});
    for (const geo::Ball& ball : balls) state.capsules.push_back(capsule(ball, margin));
}

const QuestionSpan& Plan::span(geo::AltitudeReference reference) const {
    auto& s = spans_[static_cast<std::size_t>(reference)];
    if (!s) {
        const geo::Volume4D& v = asked_.question.volume;
        s = question_span(band_limits(v.band, reference), reference, v.window, time_base_);
    }
    return *s;
}

Target Plan::target(ReachStep step, double reach_max, bool points) const {
    Target t;
    const geo::Vec3 center = asked_.shape.ball().center;
    const Split x = split(center.x), y = split(center.y), z = split(center.z);
    t.x = x.whole;
    t.y = y.whole;
    t.z = z.whole;
    t.rest_x = x.rest;
    t.rest_y = y.rest;
    t.rest_z = z.rest;
    const double half = 0.5 * static_cast<double>(step.metres);
    // A chord is never longer than its geodesic. Where edges take part, geo leans a little further.
    const double far = points ? geo::chord_surely_beyond(reach_) : reach_ + geo::touch_padding;
    t.node_reach = above(far * (1 + float_share) + node_floor);
    t.out = above(far * (1 + float_share) + half + leaf_floor);
    t.out_step = step.metres;
    t.in = -std::numeric_limits<float>::max();
    if (points) {
        // chord_surely_within is concave, so between two of its values it is above their line.
        const double near = geo::chord_surely_within(reach_);
        const double slope = (geo::chord_surely_within(reach_ + reach_max) - near) / reach_max;
        if (slope > 0.5) {
            t.in = below(near * (1 - float_share) - half - leaf_floor);
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

Frontier reached_leaves(const Tree& tree, const Aim& aim, Scratch::State& state,
                        std::size_t& count) {
    constexpr std::uint32_t root = 0;
    Frontier frontier;
    count = tree.levels.empty() ? 0 : 1;
    const std::uint32_t* in = &root;
    std::size_t side = 0;
    for (std::size_t level = tree.levels.size(); level-- > 0 && count > 0;) {
        const Below below = level == 0 ? Below{tree.leaves.data(), sizeof(Leaf)}
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
