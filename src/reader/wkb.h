// SPDX-License-Identifier: Apache-2.0
// Well-known binary (OGC 06-103r4, with PostGIS's EWKB flags) in hex to a GeoJSON geometry. Heights
// and measures are dropped; curves and surfaces are refused, because straightening a curve can cut
// a piece off.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace entente::reader {

/// The GeoJSON text, empty for an empty geometry. The error's detail is the reason why the row must
/// be refused. Coordinates are printed so that they read back as the same doubles.
Result<std::string> geojson_of_hex_wkb(std::string_view hex);

}  // namespace entente::reader
