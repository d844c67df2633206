// SPDX-License-Identifier: Apache-2.0
#include "check/overlap.h"

namespace entente::check {

geo::Window common(const geo::Window& a, const geo::Window& b) {
    geo::Window out = a;
    if (b.start && (!out.start || *b.start > *out.start)) out.start = b.start;
    if (b.end && (!out.end || *b.end < *out.end)) out.end = b.end;
    return out;
}

bool states_band(const geo::Band& band) { return band.lower || band.upper; }

geo::Band common(const geo::Band& plan, const geo::Band& there) {
    if (!states_band(there)) return plan;
    geo::Band out = there;
    if (!states_band(plan) || plan.reference != there.reference) return out;
    if (plan.lower && (!out.lower || *plan.lower > *out.lower)) out.lower = plan.lower;
    if (plan.upper && (!out.upper || *plan.upper < *out.upper)) out.upper = plan.upper;
    return out;
}

}  // namespace entente::check
