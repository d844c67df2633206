// SPDX-License-Identifier: Apache-2.0
// One place as outlines on one tile: its footprint, and its reach (grown by buffer and accuracy).
// Web Mercator, for pictures only: made larger where it cannot be exact, and never more than a
// pixel smaller (simplifying moves an edge by up to half of one, whole units by a sixteenth).
#pragma once

#include "formats/tile.h"
#include "formats/tile_grow.h"

namespace entente::formats {

/// What drawing one tile may still cost: it takes milliseconds, whatever is in the register.
struct TileWork {
    std::size_t points = 50'000;    // of shapes looked at
    std::size_t grown = 300;        // corners grown by Boost.Geometry, some microseconds each
    std::size_t geodesics = 4'000;  // a microsecond each
};

/// A place on a tile, with every copy of it, turns around the Earth apart, that is seen there.
/// Precondition: the shape is valid; it outlives this.
class Outline {
  public:
    Outline(const geo::Shape& shape, Metres reach, TileAddress address, TileWork& work);

    /// The shape itself: filled, or lines if it is a corridor thinner than two pixels. Nothing if
    /// it is smaller than a pixel.
    std::vector<Region> footprint() const;
    std::vector<Path> thin_lines() const;
    /// All within reach of the shape.
    std::vector<Region> grown() const;

    /// What is drawn of a tile: itself and 8 pixels around.
    static constexpr Frame frame{-64, 4096 + 64};

  private:
    struct Corner {
        double lat, lng;
        PlanePoint at;
    };
    template <class Draw>
    void each_copy(const std::vector<geo::LatLng>& points, double more_turns, Draw draw);
    PlanePoint on_tile(PlanePoint plane) const;
    Corner corner(double lat, double lng) const { return {lat, lng, on_tile(to_plane(lat, lng))}; }
    double units(Metres length, Frame seen, const Path& around) const;
    void add_edge(const Corner& a, const Corner& b, int depth, Path& out);
    void add_edge(geo::LatLng a, geo::LatLng b, Path& out);
    Path line(const std::vector<geo::LatLng>& points);
    Path ring(const geo::Ring& ring);
    void close_over_pole(Path& ring, bool north) const;
    std::vector<Region> circle(Metres reach) const;
    Path disc_or_square(PlanePoint center, double radius) const;
    Path geodesic_circle(const geo::Circle& circle, Metres radius, double sides) const;
    std::vector<Region> polar_box(Metres reach) const;
    std::vector<Region> corridor(Metres reach) const;
    std::vector<Region> area(Metres reach) const;

    const geo::Shape* shape_;
    Metres reach_;
    double scale_;  // units to the whole plane
    double west_, north_;
    TileWork* work_;
    double margin_ = 0;  // units around the frame within which edges matter to what is grown
    double bend_ = 0;    // how far edges in the margin may run beside the straight pieces here
    std::vector<Path> lines_;      // of a corridor
    std::vector<Region> regions_;  // of an area
};

}  // namespace entente::formats
