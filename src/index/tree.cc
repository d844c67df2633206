// SPDX-License-Identifier: Apache-2.0
#include "index/tree.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/assert.h"

namespace entente::index {
namespace {

struct FloatBall {
    float x, y, z, radius;
};

/// A ball around the entries' balls, with its centre exactly as a float, so that nothing is lost by
/// storing it. The middle of the box around them is within a few per cent of the best centre.
FloatBall ball_around(std::span<const Entry> entries) {
    constexpr double inf = std::numeric_limits<double>::infinity();
    geo::Vec3 low{inf, inf, inf};
    geo::Vec3 high{-inf, -inf, -inf};
    for (const Entry& e : entries) {
        low = {std::min(low.x, e.center.x - e.reach), std::min(low.y, e.center.y - e.reach),
               std::min(low.z, e.center.z - e.reach)};
        high = {std::max(high.x, e.center.x + e.reach), std::max(high.y, e.center.y + e.reach),
                std::max(high.z, e.center.z + e.reach)};
    }
    const geo::Vec3 middle = (low + high) * 0.5;
    FloatBall b{to_float(middle.x), to_float(middle.y), to_float(middle.z), 0};
    const geo::Vec3 center{b.x, b.y, b.z};
    double radius = 0;
    for (const Entry& e : entries) {
        radius = std::max(radius, geo::length(e.center - center) + e.reach);
    }
    // Rounded up, and never 0: offsets are in steps of it.
    b.radius = static_cast<float>(radius * (1 + 1e-6) + 0.01);
    return b;
}

void put_span(Node& node, std::size_t place, std::span<const Entry> entries) {
    Span s = entries[0].span;
    for (const Entry& e : entries) {
        s.lower.height = std::min(s.lower.height, e.span.lower.height);
        s.lower.time = std::min(s.lower.time, e.span.lower.time);
        s.upper.height = std::max(s.upper.height, e.span.upper.height);
        s.upper.time = std::max(s.upper.time, e.span.upper.time);
    }
    node.height_lower[place] = s.lower.height;
    node.time_lower[place] = s.lower.time;
    node.height_upper[place] = s.upper.height;
    node.time_upper[place] = s.upper.time;
}

std::int16_t offset(double value, float center, float step) {
    const double steps = (value - static_cast<double>(center)) / static_cast<double>(step);
    const double rounded = std::nearbyint(steps);
    ASSERT(std::abs(rounded) <= 32767);
    return static_cast<std::int16_t>(rounded);
}

}  // namespace

Node empty_node() {
    Node node{};
    std::fill(std::begin(node.radius), std::end(node.radius),
              std::numeric_limits<float>::quiet_NaN());
    std::fill(std::begin(node.height_lower), std::end(node.height_lower), nowhere.lower.height);
    std::fill(std::begin(node.time_lower), std::end(node.time_lower), nowhere.lower.time);
    std::fill(std::begin(node.height_upper), std::end(node.height_upper), nowhere.upper.height);
    std::fill(std::begin(node.time_upper), std::end(node.time_upper), nowhere.upper.time);
    return node;
}

void build_child(std::span<const Entry> entries, Node& node, std::size_t place) {
    const FloatBall ball = ball_around(entries);
    node.x[place] = ball.x;
    node.y[place] = ball.y;
    node.z[place] = ball.z;
    node.radius[place] = ball.radius;
    put_span(node, place, entries);
}

void build_leaf(std::span<const Entry> entries, ReachStep step, Leaf& leaf, Node& above,
                std::size_t place) {
    ASSERT(!entries.empty() && entries.size() <= fan);
    build_child(entries, above, place);
    const float unit = leaf_step(above.radius[place]);
    for (std::size_t i = 0; i < fan; ++i) {
        const bool used = i < entries.size();
        const Entry& e = entries[used ? i : 0];
        const Span& s = used ? e.span : nowhere;
        leaf.x[i] = offset(e.center.x, above.x[place], unit);
        leaf.y[i] = offset(e.center.y, above.y[place], unit);
        leaf.z[i] = offset(e.center.z, above.z[place], unit);
        const double steps = std::nearbyint(e.reach / static_cast<double>(step.metres));
        ASSERT(steps >= 0 && steps <= 65535);
        leaf.reach[i] = static_cast<std::uint16_t>(steps);
        leaf.height_lower[i] = s.lower.height;
        leaf.time_lower[i] = s.lower.time;
        leaf.height_upper[i] = s.upper.height;
        leaf.time_upper[i] = s.upper.time;
        leaf.number[i] = e.number;
    }
}

Tree build_tree(std::span<const Entry> entries, ReachStep step) {
    Tree tree;
    tree.step = step;
    tree.size = entries.size();
    for (const Entry& e : entries) {
        tree.reach_max = std::max(tree.reach_max, e.reach + static_cast<double>(step.metres));
    }
    if (entries.empty()) return tree;
    const std::size_t leaves = (entries.size() + fan - 1) / fan;
    tree.leaves = Flat<Leaf>(leaves);
    std::size_t children = leaves;
    std::size_t child_size = fan;  // entries under one child
    do {
        const std::size_t nodes = (children + fan - 1) / fan;
        Flat<Node> level(nodes);
        for (std::size_t n = 0; n < nodes; ++n) {
            level[n] = empty_node();
            for (std::size_t i = 0; i < fan && n * fan + i < children; ++i) {
                const std::size_t child = n * fan + i;
                const std::size_t first = child * child_size;
                const auto below =
                    entries.subspan(first, std::min(child_size, entries.size() - first));
                if (tree.levels.empty()) {
                    build_leaf(below, step, tree.leaves[child], level[n], i);
                } else {
                    build_child(below, level[n], i);
                }
            }
        }
        tree.levels.push_back(std::move(level));
        children = nodes;
        child_size *= fan;
    } while (children > 1);
    return tree;
}

std::size_t Tree::bytes() const {
    std::size_t sum = leaves.bytes();
    for (const auto& level : levels) sum += level.bytes();
    return sum;
}

}  // namespace entente::index
