// SPDX-License-Identifier: Apache-2.0
// Outlines on the flat tile: cut to a square, made of fewer points, made larger. In units of the
// tile, for pictures only. What is made larger holds at least all within the distance; how much
// more is said at each. Where Boost.Geometry fails, the convex outline stands in: larger, never
// smaller.
#pragma once

#include <optional>
#include <vector>

#include "formats/tile_plane.h"

namespace entente::formats {

using Path = std::vector<PlanePoint>;

/// A filled outline; rings without their first point again.
struct Region {
    Path outer;
    std::vector<Path> holes;
};

/// All with both coordinates between low and high.
struct Frame {
    double low;
    double high;
    Frame wider(double by) const { return {low - by, high + by}; }
};

/// The part of the ring's inside that lies in the frame (Sutherland and Hodgman 1974): parts that
/// fall apart stay joined along the frame's edge.
Path clip_ring(const Path& ring, Frame frame);
/// The parts of the line that run in the frame.
std::vector<Path> clip_line(const Path& line, Frame frame);

/// Without points that lie within `tolerance` of what remains (Douglas and Peucker 1973).
Path simplified_line(const Path& line, double tolerance);
Path simplified_ring(const Path& ring, double tolerance);

/// A regular polygon around the circle, less than a pixel larger up to some 3,000 pixels of radius.
Path disc(PlanePoint center, double radius);

/// The convex outline of all within `by` of the points.
Path grown_hull(const Path& points, double by);
/// Whether all of the frame is within `by` of one edge of the line.
bool line_fills(const Path& line, double by, Frame frame);
/// Whether all of the frame is inside the ring.
bool ring_fills(const Path& ring, Frame frame);
/// Whether filling the ring's bays would hardly be seen.
bool nearly_convex(const Path& ring);

/// All within `by` of the lines or regions; nothing where that could not be worked out.
std::optional<std::vector<Region>> grown_lines(const std::vector<Path>& lines, double by);
std::optional<std::vector<Region>> grown_regions(const std::vector<Region>& regions, double by,
                                                 Frame frame);

}  // namespace entente::formats
