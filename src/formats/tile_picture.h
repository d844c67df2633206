// SPDX-License-Identifier: Apache-2.0
// Where everything is that tiles show: one moment of the register in the order in which a map asks
// for it. Not an index for checks, and never asked by one. Immutable: shared between threads by
// shared_ptr.
//
//     auto picture = Picture::build(view, now);              // about a second for 1,000,000
//     picture = picture->with(newer_view, changed_slots);    // microseconds; the old one stays
//     if (picture->rebuild_due()) ...                        // build(picture->view(), now) on any
//         // thread, then with() the slots that changed meanwhile
//
// A base that is shared, and a delta of changes that is copied with every change. Marks lie in
// Morton order of Web Mercator, so that every tile, and every cell of a grid in it, is one stretch.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "formats/tile_plane.h"
#include "view/view.h"

namespace entente::formats {

/// One place of a record.
struct Mark {
    std::uint64_t key = 0;   // morton() of its point
    std::uint32_t slot = 0;  // of the picture's view
    std::uint32_t what = 0;  // place << 12 | point << 11 | earlier << 10 | size

    /// Position in Seen::drawn_ever().
    std::size_t place() const { return what >> 12; }
    /// Whether it is drawn as a point: of places of one record at one point only one is.
    bool point() const { return what >> 11 & 1; }
    /// A place from before a move or an amendment that protects on beside the present one.
    bool earlier() const { return what >> 10 & 1; }
    /// How far its reach goes from its point in x or y, whichever is more: at most 2^(size / 4)
    /// cells (PlaneCell); 0: nowhere.
    std::uint32_t size() const { return what & 0x3FF; }
    auto operator<=>(const Mark&) const = default;
};

/// How far a reach goes from the mark's point on each side, at least, in cells.
struct Extent {
    float west = 0, north = 0, east = 0, south = 0;
    auto operator<=>(const Extent&) const = default;
};

struct TimedMark {
    Mark mark;
    Instant until;  // registry::never while nothing ends it
    Extent extent;
    auto operator<=>(const TimedMark&) const = default;
};

/// 32 bytes, so that what does not come near a tile is passed over without a look at its record.
struct SizedMark {
    Mark mark;
    Extent extent;
    auto operator<=>(const SizedMark&) const = default;
};

/// The marks that a tile must look at.
struct Stretch {
    std::span<const Mark> base;
    std::vector<Mark> gone;   // of these, what does not protect any more; sorted
    std::vector<Mark> added;  // what the base does not have; sorted
};

/// Part of the plane, in cells, ends included; may run on over x = 0 and x = 2^32.
struct PlaneBox {
    std::int64_t west, north, east, south;
};

class Picture {
  public:
    /// What protects at `now` or later in this view.
    static std::shared_ptr<const Picture> build(view::View view, Instant now);
    /// The same picture where the slots are as in the newer view. Every slot that differs between
    /// the two views must be named; naming others costs time only.
    std::shared_ptr<const Picture> with(view::View newer, std::span<const view::Slot> slots) const;

    const view::View& view() const { return view_; }
    /// How many slots differ from the base.
    std::size_t delta_size() const { return hidden_.size(); }
    static constexpr std::size_t delta_max = 4096;
    /// Whether it is time to build anew. Pictures stay right past it.
    bool rebuild_due() const { return delta_size() >= delta_max; }

    // For tiles.

    /// Point marks with keys in [first, last] that protect at `now`.
    Stretch points(std::uint64_t first, std::uint64_t last, Instant now) const;
    /// Marks of a size in (4 * (octave - 1), 4 * octave], as far as they may reach into the box, by
    /// any way around the Earth; some twice. Some may have ended.
    void reaching(std::uint32_t octave, const PlaneBox& box, std::vector<Mark>& out) const;
    /// Largest octave there may be: a reach all around the Earth, both ways.
    static constexpr std::uint32_t octave_max = 33;

  private:
    struct Base;
    Picture(view::View view, std::shared_ptr<const Base> base);
    bool hidden(view::Slot slot) const;
    static std::uint32_t filter_bit(view::Slot slot) { return slot * 0x9E3779B1u >> 16; }

    view::View view_;
    std::shared_ptr<const Base> base_;
    std::vector<view::Slot> hidden_;  // slots whose marks in the base do not count; sorted
    std::array<std::uint64_t, 1024> filter_{};  // a bit by hash: most slots are not hidden
    std::vector<Mark> gone_;                    // their point marks in the base; sorted
    std::vector<TimedMark> added_;              // all marks that those slots have now; sorted
};

}  // namespace entente::formats
