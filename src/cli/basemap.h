// SPDX-License-Identifier: Apache-2.0
// Reads MBTiles 1.3 (one SQLite file of tiles) for `serve --basemap`.
#pragma once

#include <memory>

#include "net/basemap.h"

namespace entente::cli {

/// Errc::malformed if it is no MBTiles file, or of a format that a page cannot show.
Result<std::shared_ptr<const net::Basemap>> open_mbtiles(const std::string& path);

}  // namespace entente::cli
