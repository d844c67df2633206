// SPDX-License-Identifier: Apache-2.0
// A track out of a file that `reader` can read: a table (CSV, XLSX, ...) with columns for time,
// latitude and longitude, or points with a time of their own (GPX track points, GeoJSON).
#pragma once

#include <optional>
#include <string>

#include "watch/track.h"

namespace entente::cli {

/// Columns, in any case: time or timestamp (RFC 3339, or milliseconds since 1970); where the rows
/// are no points, latitude and longitude in decimal degrees as an import finds them; altitude, alt,
/// height or ele (metres; flight levels for `fl`), heeded only where `reference` says from what
/// they are measured: else every height counts. Errors name the row. At least one fix.
Result<watch::Track> read_track(const std::string& path,
                                std::optional<geo::AltitudeReference> reference);

}  // namespace entente::cli
