// SPDX-License-Identifier: Apache-2.0
// A movement as GeoJSON: a FeatureCollection of its legs. What holds of all of it stands in the
// collection's own `properties` (class, name, contact, vehicles, the text fields of a protection);
// each Feature is one leg, a LineString with half_width_m, time_start and time_end, and what else
// a place takes, and from, to, leg (its number) and vehicles (callsigns).
//
//     {"type": "FeatureCollection",
//      "properties": {"class": "relief", "name": "Aid to Urum", "contact": "convoy desk",
//                     "vehicles": [{"callsign": "lorry 1", "type": "lorry", "plate": "A 123"}]},
//      "features": [{"type": "Feature",
//                    "geometry": {"type": "LineString", "coordinates": [[37.1, 36.2], [36.9, 36]]},
//                    "properties": {"from": "Aleppo", "to": "Urum", "half_width_m": 200,
//                                   "time_start": "2026-11-27T08:00:00Z",
//                                   "time_end": "2026-11-27T10:00:00Z",
//                                   "vehicles": ["lorry 1"]}}]}
//
// Errors and misspelt names are as in formats/geojson.h.
#pragma once

#include "formats/geojson.h"
#include "view/legs.h"
#include "view/view.h"

namespace entente::formats {

/// Legs without a number get one after that of the leg before, from 1. `started` and other members
/// that write_movement adds are passed over: what happened is not stated by hand.
Result<ReadProtection> read_movement(BytesView json);
/// The same of a part of a larger text.
Result<ReadProtection> read_movement(const Json& tree);

/// As above, on one line; each leg's planned window, and `started` where it did.
std::string write_movement(const statement::Protection& movement, const std::string& id);

/// How each leg stands: an array, by number. `whole`: with what its ends and vehicles are called.
std::string legs_json(const view::Seen& movement, bool whole, Instant now);
/// The same for a terminal, a line each; empty for what is no movement.
std::string legs_text(const view::Seen& movement, Instant now);

}  // namespace entente::formats
