// SPDX-License-Identifier: Apache-2.0
// One volume: where, how high, when. WGS84; coordinates in integer 1e-7 degrees, lengths in integer
// decimetres, times in integer milliseconds (PROTOCOL 6). Plain values: what makes them valid is in
// geo/valid.h, how far apart they are in geo/distance.h.
//
// Edges are straight in longitude and latitude (as RFC 7946 says), not great circles. Longitudes in
// a line or ring run on past ±180 rather than jump. Nothing here has a clock or a unit in doubt.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "base/time.h"
#include "base/units.h"

namespace entente::geo {

/// A position; lng_e7 may lie beyond ±180° where a line or ring runs on.
struct LatLng {
    std::int32_t lat_e7 = 0;  // ±90e7
    std::int64_t lng_e7 = 0;  // ±540e7
    auto operator<=>(const LatLng&) const = default;
};

/// All within `radius` of `center`, ends included. A point is a circle of radius 0.
struct Circle {
    LatLng center;
    Decimetres radius;
    bool operator==(const Circle&) const = default;
};

/// All within `half_width` of a line of at least two points. A line is a corridor of half-width 0.
struct Corridor {
    std::vector<LatLng> line;
    Decimetres half_width;
    bool operator==(const Corridor&) const = default;
};

enum class Pole : std::uint8_t { none, north, south };

/// A closed line of at least three points, the first not repeated at the end. A ring around a pole
/// names it: its longitudes then run on by ±360° from the first point back to the first.
struct Ring {
    std::vector<LatLng> points;
    Pole pole = Pole::none;
    bool operator==(const Ring&) const = default;
};

struct Polygon {
    Ring outer;
    std::vector<Ring> holes;
    bool operator==(const Polygon&) const = default;
};

/// One or more polygons: a GeoJSON Polygon or MultiPolygon. The boundary belongs to it.
struct Area {
    std::vector<Polygon> polygons;
    bool operator==(const Area&) const = default;
};

using Shape = std::variant<Circle, Corridor, Area>;

/// What heights are measured from: the WGS84 ellipsoid, the ground, mean sea level, or the standard
/// pressure surface (flight levels).
enum class AltitudeReference : std::uint8_t { w84, agl, amsl, fl };

/// Both ends included; an absent end is open. In decimetres, or whole flight levels for `fl`.
struct Band {
    std::optional<std::int64_t> lower;
    std::optional<std::int64_t> upper;
    AltitudeReference reference = AltitudeReference::w84;
    bool operator==(const Band&) const = default;
};

/// [start, end): the start belongs to it, the end does not. An absent end is open.
struct Window {
    std::optional<Instant> start;
    std::optional<Instant> end;
    bool operator==(const Window&) const = default;
};

/// ASTM F3548's Volume4D with our shapes.
struct Volume4D {
    Shape shape;
    Band band;
    Window window;
    bool operator==(const Volume4D&) const = default;
};

/// One element of a body's `where`: a volume, and how far around it protection reaches.
/// Absent buffer or accuracy: the charter's default for the class applies (PROTOCOL 21).
struct Place {
    Volume4D volume;
    std::optional<Decimetres> buffer;
    std::optional<Decimetres> accuracy;
    bool operator==(const Place&) const = default;
};

}  // namespace entente::geo
