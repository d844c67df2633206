// SPDX-License-Identifier: Apache-2.0
// What a file holds, in words for people.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "geo/shape.h"

namespace entente::evidence {

/// `15.6670000, 32.4890000`: latitude first. Any numbers.
std::string point_text(const geo::LatLng& point);
/// `within 80 m of 15.6670000, 32.4890000; buffer 500 m`: enough to know the place again, not to
/// draw it. Nothing need be valid.
std::string place_text(const geo::Place& place);
/// Several with `and` between.
std::string places_text(const std::vector<geo::Place>& places);

}  // namespace entente::evidence
