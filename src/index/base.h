// SPDX-License-Identifier: Apache-2.0
// The part of an index that never changes: trees of points and of shapes, one for each altitude
// reference and size of reach that occurs (a few entries with a long reach would spoil the balls of
// all others), and beside them what the exact test needs.
#pragma once

#include <memory>
#include <vector>

#include "index/hidden.h"
#include "index/outlines.h"
#include "index/search.h"

namespace entente::index {

/// An item on its way into a base: a point that fits in a record, or a whole one.
struct Source {
    Slot slot = 0;
    geo::AltitudeReference reference = geo::AltitudeReference::w84;  // of the record
    PointRecord record;
    WholePtr whole;  // if it is not null, the record means nothing
};
/// `whole`: the same item whole, if it is there already.
Source source(Slot slot, geo::Volume4D volume, Metres reach, WholePtr whole = nullptr);

/// Sizes of reach: a step of 0.1 m for reaches up to 6.5 km, then four times as much, and so on.
constexpr std::size_t reach_classes = 7;  // the last goes around the Earth
ReachStep reach_step(std::size_t reach_class);
/// Reaches beyond the last class are cut to it: it is more than any distance on Earth.
std::size_t reach_class(double reach);
double cut_reach(double reach);

/// A point's entry: the centre, radius and reach in one.
Entry point_entry(const PointRecord& record, const Span& span);
/// A whole item's entries: balls around its parts, each with the reach.
std::vector<Entry> whole_entries(const Whole& whole, const Span& span);

enum class Mode : std::uint8_t { touching, any, candidates };

class Base {
  public:
    explicit Base(const std::vector<Source>& sources);

    /// Adds the slots to state.slots; in mode `any` stops at the first and says whether there is
    /// one. What is hidden is left out in mode `any` only.
    bool search(const Plan& plan, Mode mode, const Hidden* hidden, Scratch::State& state) const;

    /// Everything that is not hidden.
    std::vector<Source> sources(const Hidden& hidden) const;

    std::int64_t time_base() const { return time_base_; }
    /// Whether a slot has several items.
    bool repeats() const { return repeats_; }
    Size size() const;

  private:
    struct Group {
        geo::AltitudeReference reference = geo::AltitudeReference::w84;
        Tree tree;
        Flat<PointRecord> records;  // of points, in the order of the tree; empty for shapes
    };
    void build_points(const std::vector<Source>& sources);
    void build_wholes(std::vector<WholePtr> wholes);
    bool search_points(const Group& group, const Plan& plan, Mode mode, const Hidden* hidden,
                       Scratch::State& state) const;
    bool search_wholes(const Plan& plan, Mode mode, const Hidden* hidden,
                       Scratch::State& state) const;

    std::vector<Group> points_;
    std::vector<Group> shapes_;  // their numbers are those of outlines_
    Outlines outlines_;
    std::size_t items_ = 0;
    std::int64_t time_base_ = 0;
    bool repeats_ = false;
};

}  // namespace entente::index
