// SPDX-License-Identifier: Apache-2.0
// Files of zones and boundaries as volumes: GeoJSON as a plan is (geojson.h), and the two formats
// in which states publish UAS geographical zones, EUROCAE ED-269 (`UASZoneList`) and ED-318
// (GeoJSON with `layer` and `extent` in its geometries). Not their rules and authorities: where,
// how high and when a zone is, no more.
//
// What is not said is all of it, and what cannot be kept is kept larger, never smaller: a limit
// without a reference is no limit, limits from two references become heights over the ellipsoid
// that surely hold them, daily hours are the whole of their window. `widened` names each of those.
// Lengths and heights are rounded outward; feet are 0.3048 m. Errors name the path:
// `UASZoneList[2].geometry[0].lowerLimit: ...`. Pure; safe from any thread.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "geo/shape.h"

namespace entente::formats {

constexpr std::size_t zone_file_bytes_max = 32 * 1024 * 1024;
constexpr std::size_t zone_volumes_max = 20'000;  // of one file

/// A zone may have several: one a geometry and time window.
struct ZoneVolume {
    std::string zone;  // its identifier; empty where the file gives it none
    std::string path;  // `features[3]`; empty for a lone Feature
    geo::Volume4D volume;
};

struct ReadZones {
    std::vector<ZoneVolume> volumes;   // at least one
    std::vector<std::string> ignored;  // members that mean nothing here, by path
    std::vector<std::string> widened;  // what the file says narrower, by path, and why
};

/// All volumes of the file, valid (geo/valid.h). Of one zone at most limits::vertices_max points.
Result<ReadZones> read_zones(BytesView json);

}  // namespace entente::formats
