// SPDX-License-Identifier: Apache-2.0
// Exact point-in-ring tests in integer longitude and latitude. For this room only. One rule serves
// plain rings and rings around a pole: count the edges north of the point on its meridian; odd is
// inside, and even is inside for a ring around the north pole.
#pragma once

#include "geo/shape.h"

namespace entente::geo {

constexpr std::int64_t turn_e7 = 3'600'000'000;  // 360°

enum class Side : std::uint8_t { outside, boundary, inside };

/// A position in half units, so that the middle of two positions is one too.
struct HalfPoint {
    std::int64_t lat;
    std::int64_t lng;
};
inline HalfPoint middle(LatLng a, LatLng b) {
    return {std::int64_t{a.lat_e7} + b.lat_e7, a.lng_e7 + b.lng_e7};
}
inline HalfPoint half_point(LatLng p) { return middle(p, p); }

/// The point that ends the closing edge: the first point, run on by a turn for a pole ring.
LatLng closing_point(const Ring& ring);

/// A ring with its closing point and its extent.
class ExactRing {
  public:
    explicit ExactRing(const Ring& ring);
    Side locate(HalfPoint p) const;
    Side locate(LatLng p) const { return locate(half_point(p)); }

    const std::vector<LatLng>& closed() const { return closed_; }
    std::int64_t west() const { return west_; }
    std::int64_t east() const { return east_; }
    std::int32_t south() const { return south_; }
    std::int32_t north() const { return north_; }
    Pole pole() const { return pole_; }

  private:
    std::vector<LatLng> closed_;
    std::int64_t west_, east_;
    std::int32_t south_, north_;
    Pole pole_;
};

/// A polygon's rings, the outer one first.
struct ExactPolygon {
    std::vector<ExactRing> rings;

    explicit ExactPolygon(const Polygon& polygon);
    /// Boundaries, those of holes included, are `boundary`.
    Side locate(HalfPoint p) const;
    Side locate(LatLng p) const { return locate(half_point(p)); }
    bool contains(LatLng p) const { return locate(p) != Side::outside; }
};

}  // namespace entente::geo
