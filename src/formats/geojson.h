// SPDX-License-Identifier: Apache-2.0
// GeoJSON (RFC 7946) in and out: plans to be checked, protections, bare geometries. Numbers are
// read from their text, so 1e-7 degrees are exact; lengths and altitudes are rounded outward.
// Errors name the path: `features[3].geometry.coordinates[0][2]: latitude 91 is beyond ±90`.
//
// Property names are those of the import fields: radius_m, half_width_m, altitude_lower,
// altitude_upper, altitude_reference, time_start, time_end, and for protections also ref, name,
// name:LANGUAGE, class, buffer_m, accuracy_m, reconfirm_by, contact, source, the text fields of
// statement/protection.h and x_*. A name that is nearly one of them is refused, because a
// misspelt radius would make the volume smaller; any other is kept out and listed as ignored.
// What is not said is open: all heights, all times.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "formats/json.h"
#include "geo/shape.h"
#include "statement/protection.h"

namespace entente::formats {

struct Plan {
    std::vector<geo::Volume4D> volumes;
    std::vector<std::string> paths;    // of each volume: `features[3]`; empty for a lone Feature
    std::vector<std::string> ignored;  // members that mean nothing here, by path
};

/// A Feature or FeatureCollection: Point with radius_m, LineString with half_width_m, Polygon,
/// MultiPolygon (MultiPoint and MultiLineString are several volumes). At most
/// limits::plan_bytes_max bytes, volumes_max volumes, vertices_max points in all.
Result<Plan> read_plan(BytesView json);
/// The same of a part of a larger text.
Result<Plan> read_plan(const Json& tree);

struct ReadProtection {
    statement::Protection protection;
    std::vector<std::string> ignored;
};

/// A Feature with `class` among its properties. One place: earlier places of a move are not read.
/// With `kind` presence also `group`, `grade`, `sponsor`.
Result<ReadProtection> read_protection(BytesView json);
/// The same of a part of a larger text.
Result<ReadProtection> read_protection(const Json& tree);

/// A bare geometry as shapes: a point is a circle of radius 0, a line a corridor of half-width 0;
/// MultiPoint and MultiLineString are several.
Result<std::vector<geo::Shape>> read_geometry(BytesView json);

/// More members for a Feature's properties, as texts (`state`, `party`).
using Extras = std::vector<std::pair<std::string, std::string>>;

/// A Feature on one line, without a line end. `id` may be empty. Further names with the language of
/// an earlier one are `name:ar:2`; earlier places of a move are geometries in `earlier_places`.
std::string write_feature(const statement::Protection& protection, const std::string& id,
                          const Extras& extras = {});

}  // namespace entente::formats
