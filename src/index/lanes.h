// SPDX-License-Identifier: Apache-2.0
// The inner loops of a search, 16 children or entries at a time, in plain C++, AVX2 and AVX-512
// (lanes_*.cc). Each puts an entry on one of three sides: surely out, surely in, or left to the
// exact test. The three forms may differ in which entries they leave; never in what comes of them.
//
// What is allowed for, in metres. A centre's float, and a question's, are off by at most half a
// float step at 6,400 km (0.25 m an axis) in a node; in a leaf an offset is off by half a leaf_step
// an axis (under one step as a length), a reach by half a step; float arithmetic loses less than
// 1e-6 of the lengths it is given. question.cc adds these up.
#pragma once

#include <cstddef>
#include <cstdint>

#include "index/index.h"
#include "index/tree.h"

namespace entente::index {

/// A question as one tree sees it: a ball, how far beyond an entry's own reach counts, and a span.
struct Target {
    float x = 0, y = 0, z = 0;                 // centre, to the nearest float,
    float rest_x = 0, rest_y = 0, rest_z = 0;  // and what that left
    float node_reach = 0;                      // a child is out if further than this + its radius,
    float node_in = 0;  // and all of it is near enough if not further than this - its radius
    float out = 0;      // an entry is out if further than this + its step + reach * out_step,
    float out_step = 0;
    float in = 0;  // and in if not further than this - its step + reach * in_step
    float in_step = 0;
    QuestionSpan span;
};

/// All within `radius` of a straight line from a to a + along (which may be null: a ball).
struct Capsule {
    float x = 0, y = 0, z = 0;
    float rest_x = 0, rest_y = 0, rest_z = 0;
    float along_x = 0, along_y = 0, along_z = 0;
    float per_length2 = 0;  // 1 / |along|^2, or 0
    float radius = 0;       // allowances included
};

/// A question of several capsules: entries are out or not, never surely in.
struct Targets {
    const Capsule* capsules = nullptr;
    std::size_t count = 0;
    float out = 0;  // of an entry's reach: this + its step + reach * out_step
    float out_step = 0;
    QuestionSpan span;
};

/// The children that a level leaves: number, vector from the question's centre, radius, which is
/// negative where all of the child's points are surely near enough. Arrays of one capacity.
struct Frontier {
    std::uint32_t* index = nullptr;
    float* x = nullptr;
    float* y = nullptr;
    float* z = nullptr;
    float* radius = nullptr;
};

struct Found {
    std::uint32_t* numbers = nullptr;  // of entries surely in
    std::size_t numbers_count = 0;
    std::uint32_t* places = nullptr;  // leaf * 16 + place of entries left to the exact test
    std::size_t places_count = 0;
};

/// What is fetched ahead for each child that is left.
struct Below {
    const void* data = nullptr;
    std::size_t stride = 0;
};

struct Lanes {
    /// Appends to `out` the children of the nodes in[0..count) that are not out; returns how many.
    /// `out` has room for 16 * (count + 1).
    std::size_t (*nodes)(const Node* level, const std::uint32_t* in, std::size_t count,
                         const Target& target, Below below, const Frontier& out);
    /// Sorts the entries of the leaves in[0..count); `found` has room for 16 * (count + 1) more.
    void (*leaves)(const Leaf* leaves, const Frontier& in, std::size_t count, const Target& target,
                   Found& found);
    /// The same for several capsules. Here a frontier's vectors are the children's centres.
    std::size_t (*nodes_many)(const Node* level, const std::uint32_t* in, std::size_t count,
                              const Targets& targets, Below below, const Frontier& out);
    void (*leaves_many)(const Leaf* leaves, const Frontier& in, std::size_t count,
                        const Targets& targets, Found& found);
};

extern const Lanes lanes_plain;
extern const Lanes lanes_avx2;  // lanes_plain where the compiler's target is not x86-64
extern const Lanes lanes_avx512;
const Lanes& lanes(Simd simd);

/// All of it, even where less will be read: a loop of one length costs less than it saves.
inline void fetch_ahead(const Below& below, std::uint32_t child) {
    const char* p = static_cast<const char*>(below.data) + child * below.stride;
    for (std::size_t line = 0; line < below.stride; line += 64) __builtin_prefetch(p + line);
}

}  // namespace entente::index
