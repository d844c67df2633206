// SPDX-License-Identifier: Apache-2.0
// A question on its way through the trees: its ball or capsules as the lanes want them, and the
// buffers of one thread. Not the exact test (record.h) and not the merging of parts (index.cc).
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "index/lanes.h"
#include "index/plane.h"
#include "index/record.h"

namespace entente::index {

/// Raw memory that grows and is never cleared.
template <class T>
class Room {
  public:
    T* data() { return data_.get(); }
    /// Makes room for `count`, keeping the first `kept`.
    void ensure(std::size_t count, std::size_t kept = 0) {
        if (count <= capacity_) return;
        const std::size_t capacity = count + count / 2 + 64;
        std::unique_ptr<T[]> larger(new T[capacity]);
        for (std::size_t i = 0; i < kept; ++i) larger[i] = data_[i];
        data_ = std::move(larger);
        capacity_ = capacity;
    }

  private:
    std::unique_ptr<T[]> data_;
    std::size_t capacity_ = 0;
};

/// What one tree leaves of a question: see Frontier.
struct FrontierRoom {
    Room<std::uint32_t> index;
    Room<float> x, y, z, radius;
    Frontier with_room(std::size_t count) {
        index.ensure(count);
        x.ensure(count);
        y.ensure(count);
        z.ensure(count);
        radius.ensure(count);
        return {index.data(), x.data(), y.data(), z.data(), radius.data()};
    }
};

struct Scratch::State {
    explicit State(Simd s) : simd(s), lane(&lanes(s)) {}
    Simd simd;
    const Lanes* lane;
    std::array<FrontierRoom, 2> frontiers;
    Room<std::uint32_t> places;  // of the tree being searched
    std::size_t places_count = 0;
    Room<Slot> slots;  // found so far
    std::size_t slots_count = 0;
    std::vector<const Whole*> wholes;      // to be tested exactly, each once
    Room<std::uint32_t> numbers;           // the same in the base
    std::vector<std::uint32_t> all_nodes;  // 0, 1, 2, ...
    Room<std::uint32_t> sorting;
    std::vector<Capsule> capsules;

    void add(Slot slot) {
        slots.ensure(slots_count + 1, slots_count);
        slots.data()[slots_count++] = slot;
    }
};

/// What the lanes are given for one tree: a ball, or else capsules.
struct Aim {
    bool ball = true;
    Target target;
    Targets targets;
};

/// A question made ready once, for every tree of an index.
class Plan {
  public:
    Plan(const Question& question, std::int64_t time_base, Scratch::State& state);
    const Asked& asked() const { return asked_; }
    bool is_circle() const { return circle_ != nullptr; }
    /// Its radius or half-width, and the margin.
    double reach() const { return reach_; }
    const Plane& plane() const;
    const BandLimits& limits(geo::AltitudeReference reference) const;
    const QuestionSpan& span(geo::AltitudeReference reference) const;
    /// `points`: the entries are points with all of their reach, none over reach_max, so that some
    /// are surely in.
    Aim aim(ReachStep step, double reach_max, geo::AltitudeReference reference, bool points) const;

  private:
    struct Seen {
        BandLimits limits;
        QuestionSpan span;
    };
    const Seen& seen(geo::AltitudeReference reference) const;
    Target target(ReachStep step, double reach_max, bool points) const;
    void add_capsules(Scratch::State& state) const;

    Asked asked_;
    std::int64_t time_base_;
    Simd simd_;
    const geo::Circle* circle_;
    geo::Vec3 center_;  // of a circle
    double reach_ = 0;
    const std::vector<Capsule>& capsules_;
    mutable std::optional<Plane> plane_;
    mutable std::array<std::optional<Seen>, 4> seen_;
};

/// The children that the aim reaches, of the nodes in[0..count) of a level, into one of the two
/// frontiers.
Frontier reached(const Node* level, const std::uint32_t* in, std::size_t& count, const Aim& aim,
                 Below below, Scratch::State& state, std::size_t side);
/// The leaves of a tree that the aim reaches, and how many. `all`: all of them will be searched,
/// and are read ahead.
Frontier reached_leaves(const Tree& tree, const Aim& aim, bool all, Scratch::State& state,
                        std::size_t& count);
/// Sorts the entries of leaves [first, first + count) of the frontier: those surely in are added to
/// state.slots, the places of those left open replace state.places.
void search_leaves(const Leaf* leaves, const Aim& aim, const Frontier& frontier, std::size_t first,
                   std::size_t count, Scratch::State& state);

}  // namespace entente::index
