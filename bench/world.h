// SPDX-License-Identifier: Apache-2.0
// The data and plans that the benchmarks run on: made anew from a seed, so that anybody can repeat
// a figure. They are invented; no real place is in them.
//
//     World w = make_points({.entries = 1'000'000, .plans = 10'000, .seed = 1});
//
// Towns have Zipf weights (exponent 0.7) and a spread of 1.5 to 8 km; nine tenths of the places lie
// in them, one tenth anywhere. Plans lie near towns in seven cases of ten. What is measured is how
// fast *all* touching ids are found, so the worlds are tuned to give some hundred hits a plan.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "geo/shape.h"

namespace entente::bench {

// What stands for "no end" in the plain rows below; nothing real comes near it.
constexpr std::int64_t always_start_ms = std::numeric_limits<std::int64_t>::min() / 4;
constexpr std::int64_t always_end_ms = std::numeric_limits<std::int64_t>::max() / 4;

/// A protected point as a plain row, so that 10,000,000 of them fit beside every engine.
struct PointRow {
    std::int32_t lat_e7;
    std::int32_t lng_e7;  // within ±180°
    std::int32_t buffer_dm;
    std::int32_t lower_dm;  // W84
    std::int32_t upper_dm;
    std::int64_t start_ms;  // [start, end); always_* where permanent
    std::int64_t end_ms;
};

struct World {
    std::string name;
    std::vector<PointRow> points;      // either these
    std::vector<geo::Place> shapes;    // or these; an id is the position in the vector
    std::vector<geo::Volume4D> plans;  // circles for points, all shapes for shapes
    std::int32_t buffer_dm_max = 20'000;
    std::size_t size() const { return points.empty() ? shapes.size() : points.size(); }
};

struct Sizes {
    std::size_t entries;
    std::size_t plans;
    std::uint64_t seed;
};

/// Latitude 29 to 38, longitude 35 to 49, 2,000 towns. With ten times the entries: `dense`.
World make_points(const Sizes& sizes);
/// 20,000 towns between latitude -55 and 70, all longitudes.
World make_wide(const Sizes& sizes);
/// Four fifths polygons of 5 to 40 vertices and 100 m to 3 km, one fifth corridors of 5 to 60 km;
/// plans are a third each polygons, corridors of up to 80 km, and circles.
World make_shapes(const Sizes& sizes);

/// The row as a body's `where` would hold it.
geo::Place place(const PointRow& row);
/// Row `id` of either kind of world.
geo::Place place(const World& world, std::size_t id);

}  // namespace entente::bench
