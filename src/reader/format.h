// SPDX-License-Identifier: Apache-2.0
// Which endings are read, by which GDAL driver, with which options. The ending decides: no driver
// looks at a file whose ending is not its own, whatever the file's first bytes say.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace entente::reader {

struct Format {
    std::string_view ending;  // `.csv.gz`
    std::string_view driver;  // GDAL's short name
    std::string_view prefix;  // of the file's name: `/vsigzip/`, `/vsizip/`, a driver, or empty
    bool layers;              // several, each with a name
    bool has_crs;             // the file may be in another system than WGS84
};

/// The longest ending that fits, in any case.
const Format* format_of(std::string_view path);
const std::vector<Format>& formats();

/// Endings of the files that belong to a Shapefile, beside .shp.
const std::vector<std::string_view>& shapefile_parts();

}  // namespace entente::reader
