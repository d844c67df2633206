// SPDX-License-Identifier: Apache-2.0
// A flat packed tree of balls in WGS84 Cartesian space with height and time spans: 16 entries a
// leaf, 16 children a node, no pointers (the children of node n are 16 n .. 16 n + 15 of the level
// below). It knows entries (a ball, a span, a number), not shapes; how it is searched is in
// lanes.h.
//
// A leaf holds its centres as 16-bit offsets from the centre of the leaf's own ball, which stands
// in the node above it (as a leaf's steps of length do: radius / 32767), and radii as 16-bit steps
// of the whole tree. After Hilbert ordering a leaf of a town spans a kilometre or two, and an
// offset is good to a decimetre. Both roundings are known, and the search allows for them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "geo/ecef.h"
#include "index/codes.h"
#include "index/flat.h"

namespace entente::index {

constexpr std::size_t fan = 16;

/// Where entries lie, how far around they reach (metres of chord), when and how high.
struct Entry {
    geo::Vec3 center;
    double reach = 0;
    Span span;
    std::uint32_t number = 0;  // whatever the owner wants back
};

struct alignas(64) Leaf {
    std::int16_t height_lower[fan], time_lower[fan];  // one cache line, compared in one go
    std::int16_t height_upper[fan], time_upper[fan];
    std::uint32_t number[fan];
    // Not read where the whole leaf is known to be near enough.
    std::int16_t x[fan], y[fan], z[fan];
    std::uint16_t reach[fan];
};
static_assert(sizeof(Leaf) == 320);

struct alignas(64) Node {
    float x[fan], y[fan], z[fan];
    float radius[fan];  // around the children's entries with their reach; NaN: no child
    std::int16_t height_lower[fan], time_lower[fan];
    std::int16_t height_upper[fan], time_upper[fan];
};
static_assert(sizeof(Node) == 384);

/// The nearest float. By way of memory, because g++ 12.2 at -O2, where it makes one vector of two
/// such roundings and of their way back to double, leaves both out. -fno-tree-slp-vectorize gives
/// the right numbers too, but a flag is lost more easily than a line that says why.
inline float to_float(double v) {
    volatile float f = static_cast<float>(v);
    return f;
}

/// Length of a leaf's step of offset, as stored; both sides compute it in this way.
inline float leaf_step(float radius) { return radius * (1.0f / 32767.0f); }

/// How reaches are coded: steps of `metres`, rounded to the nearest.
struct ReachStep {
    float metres = 0.1f;
    /// The longest reach that the steps can say.
    double longest() const { return 65535.0 * static_cast<double>(metres); }
};

struct Tree {
    ReachStep step;
    double reach_max = 0;            // of any entry, rounded up as stored
    std::size_t size = 0;            // entries
    Flat<Leaf> leaves;               // entry i is in place i % 16 of leaf i / 16
    std::vector<Flat<Node>> levels;  // [0] is above the leaves, the last has one node

    std::size_t bytes() const;
};

/// Keeps the order of the entries: sort them first (order.h). No reach may be over step.longest().
Tree build_tree(std::span<const Entry> entries, ReachStep step);

/// One leaf of at most 16 entries and its place in the node above, for trees that change (delta.h).
void build_leaf(std::span<const Entry> entries, ReachStep step, Leaf& leaf, Node& above,
                std::size_t place);
/// A child's ball and span around the entries, for the levels over that.
void build_child(std::span<const Entry> entries, Node& node, std::size_t place);
/// A node without children.
Node empty_node();

}  // namespace entente::index
