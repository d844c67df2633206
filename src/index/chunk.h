// SPDX-License-Identifier: Apache-2.0
// A small tree that changes: chunks of up to 64 entries along the Hilbert curve, each a node with
// four leaves, and nodes over the chunks; in effect a B-tree of two levels. Copies share their
// chunks, which never change; adding or removing copies one chunk and the list of them.
#pragma once

#include <memory>
#include <vector>

#include "index/base.h"

namespace entente::index {

/// An entry of a whole item (a shape in several parts has several).
struct Member {
    std::uint64_t key = 0;  // place along the curve
    Entry entry;            // its number is the slot
    WholePtr whole;
};

struct Chunk {
    static constexpr std::size_t leaves_max = 4;
    static constexpr std::size_t members_max = leaves_max * fan;

    Chunk(std::vector<Member> in_order, ReachStep step);
    bool holds(Slot slot) const;
    /// Reads ahead what a search reads.
    void fetch() const;

    std::vector<Member> members;  // in the order of the curve, at least one
    Node own;                     // whose child 0 is this chunk, for the nodes over it
    Node above;                   // over the leaves
    Leaf leaves[leaves_max];
};

class Chunks {
  public:
    /// `points`: as in Plan::aim().
    Chunks(geo::AltitudeReference reference, std::size_t reach_class, bool points)
        : reference_(reference), reach_class_(reach_class), points_(points) {}

    bool is(geo::AltitudeReference reference, std::size_t reach_class, bool points) const {
        return reference_ == reference && reach_class_ == reach_class && points_ == points;
    }
    void add(Member member);
    void remove(Slot slot);
    /// To be called after the last add() or remove(), before the next search.
    void renew_top();

    /// Adds the slots that are surely in to state.slots and the whole items that are left open to
    /// state.wholes. In mode `any` it may stop once a slot was added.
    void search(const Plan& plan, Mode mode, Scratch::State& state) const;
    const std::vector<std::shared_ptr<const Chunk>>& chunks() const { return chunks_; }
    std::size_t bytes() const;

  private:
    geo::AltitudeReference reference_;
    std::size_t reach_class_;
    bool points_;
    std::vector<std::shared_ptr<const Chunk>> chunks_;
    std::vector<Node> top_;  // over the chunks
};

}  // namespace entente::index
