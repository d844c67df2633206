// SPDX-License-Identifier: Apache-2.0
// One entry at a time: for processors without AVX2, and the form that the others are read against.
#include <algorithm>

#include "index/lanes.h"

namespace entente::index {
namespace {

template <class Spans>
bool passes(const Spans& s, std::size_t i, const Span& limit) {
    return s.height_lower[i] <= limit.lower.height && s.time_lower[i] <= limit.lower.time &&
           s.height_upper[i] >= limit.upper.height && s.time_upper[i] >= limit.upper.time;
}

std::size_t nodes(const Node* level, const std::uint32_t* in, std::size_t count, const Target& t,
                  Below below, const Frontier& out) {
    std::size_t n = 0;
    for (std::size_t k = 0; k < count; ++k) {
        const Node& node = level[in[k]];
        for (std::size_t i = 0; i < fan; ++i) {
            const float x = node.x[i] - t.x - t.rest_x;
            const float y = node.y[i] - t.y - t.rest_y;
            const float z = node.z[i] - t.z - t.rest_z;
            const float d2 = x * x + y * y + z * z;
            const float far = node.radius[i] + t.node_reach;
            const float near = std::max(t.node_in - node.radius[i], 0.0f);
            // Not-a-number (no child) compares as false.
            if (!(d2 <= far * far) || !passes(node, i, t.span.out)) continue;
            out.index[n] = static_cast<std::uint32_t>(in[k] * fan + i);
            out.x[n] = x;
            out.y[n] = y;
            out.z[n] = z;
            out.radius[n] = d2 < near * near ? -node.radius[i] : node.radius[i];
            fetch_ahead(below, out.index[n]);
            ++n;
        }
    }
    return n;
}

void keep(const Leaf& leaf, std::size_t index, std::size_t i, bool sure, Found& found) {
    if (sure) {
        found.numbers[found.numbers_count++] = leaf.number[i];
    } else {
        found.places[found.places_count++] = static_cast<std::uint32_t>(index * fan + i);
    }
}

void leaves(const Leaf* all, const Frontier& in, std::size_t count, const Target& t, Found& found) {
    for (std::size_t k = 0; k < count; ++k) {
        const Leaf& leaf = all[in.index[k]];
        const bool inside = in.radius[k] < 0;
        const float step = leaf_step(in.radius[k]);
        for (std::size_t i = 0; i < fan; ++i) {
            if (!passes(leaf, i, t.span.out)) continue;
            if (inside) {
                keep(leaf, in.index[k], i, passes(leaf, i, t.span.sure), found);
                continue;
            }
            const float x = static_cast<float>(leaf.x[i]) * step + in.x[k];
            const float y = static_cast<float>(leaf.y[i]) * step + in.y[k];
            const float z = static_cast<float>(leaf.z[i]) * step + in.z[k];
            const float d2 = x * x + y * y + z * z;
            const float reach = static_cast<float>(leaf.reach[i]);
            const float far = reach * t.out_step + (t.out + step);
            if (!(d2 <= far * far)) continue;
            const float near = std::max(reach * t.in_step + (t.in - step), 0.0f);
            keep(leaf, in.index[k], i, d2 < near * near && passes(leaf, i, t.span.sure), found);
        }
    }
}

/// Whether the ball reaches any capsule.
bool reaches(const Targets& targets, float px, float py, float pz, float reach) {
    for (std::size_t c = 0; c < targets.count; ++c) {
        const Capsule& s = targets.capsules[c];
        float x = px - s.x - s.rest_x;
        float y = py - s.y - s.rest_y;
        float z = pz - s.z - s.rest_z;
        const float along =
            std::clamp((x * s.along_x + y * s.along_y + z * s.along_z) * s.per_length2, 0.0f, 1.0f);
        x -= along * s.along_x;
        y -= along * s.along_y;
        z -= along * s.along_z;
        const float far = reach + s.radius;
        if (x * x + y * y + z * z <= far * far) return true;
    }
    return false;
}

std::size_t nodes_many(const Node* level, const std::uint32_t* in, std::size_t count,
                       const Targets& t, Below below, const Frontier& out) {
    std::size_t n = 0;
    for (std::size_t k = 0; k < count; ++k) {
        const Node& node = level[in[k]];
        for (std::size_t i = 0; i < fan; ++i) {
            if (!passes(node, i, t.span.out) ||
                !reaches(t, node.x[i], node.y[i], node.z[i], node.radius[i])) {
                continue;
            }
            out.index[n] = static_cast<std::uint32_t>(in[k] * fan + i);
            out.x[n] = node.x[i];
            out.y[n] = node.y[i];
            out.z[n] = node.z[i];
            out.radius[n] = node.radius[i];
            fetch_ahead(below, out.index[n]);
            ++n;
        }
    }
    return n;
}

void leaves_many(const Leaf* all, const Frontier& in, std::size_t count, const Targets& t,
                 Found& found) {
    for (std::size_t k = 0; k < count; ++k) {
        const Leaf& leaf = all[in.index[k]];
        const float step = leaf_step(in.radius[k]);
        for (std::size_t i = 0; i < fan; ++i) {
            if (!passes(leaf, i, t.span.out)) continue;
            // A sum this large is rounded to half a metre, which the capsules allow for.
            const float x = static_cast<float>(leaf.x[i]) * step + in.x[k];
            const float y = static_cast<float>(leaf.y[i]) * step + in.y[k];
            const float z = static_cast<float>(leaf.z[i]) * step + in.z[k];
            const float reach = static_cast<float>(leaf.reach[i]) * t.out_step + (t.out + step);
            if (!reaches(t, x, y, z, reach)) continue;
            found.places[found.places_count++] = static_cast<std::uint32_t>(in.index[k] * fan + i);
        }
    }
}

}  // namespace

const Lanes lanes_plain{nodes, leaves, nodes_many, leaves_many};

const Lanes& lanes(Simd simd) {
    return simd == Simd::avx512 ? lanes_avx512 : simd == Simd::avx2 ? lanes_avx2 : lanes_plain;
}

}  // namespace entente::index
