// SPDX-License-Identifier: Apache-2.0
// Whether a new place surely protects everything that an old one did: PROTOCOL 15, "an amendment is
// a relaxation unless its where provably covers the old one". What cannot be proven is not covered.
//
// Proven are: the same geometry; a circle, line or small area within a larger radius; an area
// inside another with room for the difference of the reaches; all with bands and windows that
// cover. Not proven (though it may be so) are, for one, areas held only by several together.
#pragma once

#include "geo/shape.h"

namespace entente::geo {

/// `reach`: buffer plus accuracy, as they count for that place. Precondition: both are valid.
bool covers(const Place& now, Metres now_reach, const Place& old, Metres old_reach);

/// The same of shapes alone.
bool covers(const Shape& now, Metres now_reach, const Shape& old, Metres old_reach);

}  // namespace entente::geo
