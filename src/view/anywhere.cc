// SPDX-License-Identifier: Apache-2.0
#include "view/anywhere.h"

#include <algorithm>

namespace entente::view {

bool was_anywhere(const SeenStatement& seen) {
    using enum statement::PlacePrecision;
    const auto is_coarse = [](statement::PlacePrecision one) {
        return one == district || one == region || one == country;
    };
    // Of a tear line nobody can tell whether a point or all of the district stands behind it.
    if (const statement::Tear* torn = seen.torn()) return is_coarse(torn->place_precision);
    const auto* said = seen.said_as<statement::Incident>();
    if (said == nullptr || !is_coarse(said->place_precision)) return false;
    const auto& all = said->volumes;
    return std::all_of(all.begin(), all.end(), [](const geo::Place& one) {
        const auto* circle = std::get_if<geo::Circle>(&one.volume.shape);
        return circle != nullptr && circle->radius.v == 0 && !one.accuracy;
    });
}

}  // namespace entente::view
