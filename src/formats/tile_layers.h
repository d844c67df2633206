// SPDX-License-Identifier: Apache-2.0
// The layers of a tile, one by one, as bytes that follow each other in it; tile.h says what is in
// them and has their bounds. Empty bytes for a layer without features.
#pragma once

#include "formats/mvt.h"
#include "formats/tile.h"

namespace entente::formats {

Bytes protections_layer(const Picture& picture, TileAddress address, Instant now);

/// `shapes`, then `reaches`.
Bytes shape_layers(const Picture& picture, TileAddress address, Instant now);

/// id, class, state and, where it is so, earlier.
void tag_record(MvtFeature& feature, const Mark& mark, const view::Seen& seen, Instant now);

}  // namespace entente::formats
