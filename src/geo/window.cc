// SPDX-License-Identifier: Apache-2.0
#include "geo/window.h"

namespace entente::geo {

bool overlap(const Window& a, const Window& b) {
    return (!a.start || !b.end || *a.start < *b.end) && (!b.start || !a.end || *b.start < *a.end);
}

bool covers(const Window& outer, const Window& inner) {
    return (!outer.start || (inner.start && *outer.start <= *inner.start)) &&
           (!outer.end || (inner.end && *outer.end >= *inner.end));
}

}  // namespace entente::geo
