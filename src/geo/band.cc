// SPDX-License-Identifier: Apache-2.0
#include "geo/band.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace entente::geo {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// What a height of the reference can be over the ellipsoid: v + [low, high], in metres.
struct Reach {
    double value;
    double low;
    double high;
};

Reach reach(std::int64_t v, AltitudeReference reference) {
    const double m = static_cast<double>(v) / 10;
    switch (reference) {
        case AltitudeReference::w84: return {m, 0, 0};
        case AltitudeReference::agl:
            return {m, ground_min + undulation_min, ground_max + undulation_max};
        case AltitudeReference::amsl: return {m, undulation_min, undulation_max};
        case AltitudeReference::fl: break;
    }
    const double p = static_cast<double>(v) * flight_level_metres;
    const double share = temperature_share * std::abs(p);
    return {p, pressure_offset_min - share + undulation_min,
            pressure_offset_max + share + undulation_max};
}

}  // namespace

Enclosure w84_enclosure(const Band& band) {
    Enclosure e{-infinity, infinity};
    if (band.lower) {
        const Reach r = reach(*band.lower, band.reference);
        e.lower_m = r.value + r.low;
    }
    if (band.upper) {
        const Reach r = reach(*band.upper, band.reference);
        e.upper_m = r.value + r.high;
    }
    return e;
}

bool overlap(const Band& a, const Band& b) {
    if (a.reference == b.reference) {
        return (!a.lower || !b.upper || *a.lower <= *b.upper) &&
               (!b.lower || !a.upper || *b.lower <= *a.upper);
    }
    const Enclosure x = w84_enclosure(a);
    const Enclosure y = w84_enclosure(b);
    return x.lower_m <= y.upper_m && y.lower_m <= x.upper_m;
}

bool covers(const Band& outer, const Band& inner) {
    const bool same = outer.reference == inner.reference;
    const bool below = !outer.lower || (same && inner.lower && *outer.lower <= *inner.lower);
    const bool above = !outer.upper || (same && inner.upper && *outer.upper >= *inner.upper);
    return below && above;
}

}  // namespace entente::geo
