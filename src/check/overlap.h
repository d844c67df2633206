// SPDX-License-Identifier: Apache-2.0
// What a plan and a place have in common of hours and heights, as a finding says it. Whether they
// overlap at all is geo's to decide.
#pragma once

#include "geo/shape.h"

namespace entente::check {

geo::Window common(const geo::Window& a, const geo::Window& b);
bool states_band(const geo::Band& band);
/// The heights that both bands hold; of different references, those of `there`.
geo::Band common(const geo::Band& plan, const geo::Band& there);

}  // namespace entente::check
