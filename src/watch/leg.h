// SPDX-License-Identifier: Apache-2.0
// One leg of a track against one volume: halved until it is surely inside, surely outside, or a
// millisecond long. For this room only.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "geo/prepared.h"
#include "watch/track.h"

namespace entente::watch {

/// Both ends included.
struct Interval {
    Instant first;
    Instant last;
};

/// A volume made ready to be asked whether a small disc is surely inside or surely outside.
class Zone {
  public:
    /// Precondition: validate(volume).
    explicit Zone(const geo::Volume4D& volume);
    /// False only if no point of the disc is in the shape.
    bool may_meet(geo::LatLng at, Metres radius) const;
    /// Whether any point of the straight line between them is. Longitudes may run on.
    bool meets(geo::LatLng from, geo::LatLng to) const;
    /// True only if every point of the disc is.
    bool surely_holds(geo::LatLng at, Metres radius) const;
    const geo::Band& band() const { return band_; }
    const geo::Window& window() const { return window_; }
    /// What a look at it costs, as against one at a shape of few corners.
    std::size_t weight() const { return weight_; }

  private:
    geo::Band band_;
    geo::Window window_;
    std::size_t weight_ = 1;
    geo::Prepared whole_;
    std::vector<geo::Prepared> rims_;    // of an area: the lines of its rings
    std::optional<geo::Prepared> core_;  // of a circle or corridor: its point or line
};

/// How far at most the line that a leg is taken to follow may stray from the geodesic.
constexpr double strays_m_max = 100;
/// Whether it does not: else, over a pole or far along a parallel, the way is not known.
bool runs_straight(const Fix& from, const Fix& to);

/// The fixes of one time each.
using Group = std::span<const Fix>;
/// Whether the ways from one group to the next are known. Neither is empty.
bool follow(const Group& before, const Group& after, Duration gap_max);

/// Where what moves from `before` to `last` is so much later, or when it comes to a pole or half a
/// turn on.
Fix moved_on(const Fix& before, const Fix& last, Duration later);

/// What lies in the window of an interval, if anything does.
std::optional<Interval> clipped(Interval one, const geo::Window& window);

/// The times in [from.time, to.time] at which what moves evenly from one fix to the other is in the
/// zone, its window not heeded. In order; neighbours may touch. Precondition: from.time <= to.time.
std::vector<Interval> inside(const Zone& zone, const Fix& from, const Fix& to,
                             geo::AltitudeReference reference);

/// The same for no more than so many looks, which are taken off `looks`: a leg along an edge would
/// take one for each millisecond. What is not decided by then counts as inside.
std::vector<Interval> inside(const Zone& zone, const Fix& from, const Fix& to,
                             geo::AltitudeReference reference, std::size_t& looks);

/// The first of the times that inside() gives and that lies in the zone's window, early by
/// `fineness` at most: the cost is bounded by the length of the leg in it, wherever the leg goes.
/// Precondition: from.time <= to.time, fineness > 0.
std::optional<Instant> first_inside(const Zone& zone, const Fix& from, const Fix& to,
                                    geo::AltitudeReference reference, Duration fineness);

/// The same for no more than so many looks, which are taken off `looks`. Where none is left it is
/// not decided, whatever is returned.
std::optional<Instant> first_inside(const Zone& zone, const Fix& from, const Fix& to,
                                    geo::AltitudeReference reference, Duration fineness,
                                    std::size_t& looks);

}  // namespace entente::watch
