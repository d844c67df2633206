// SPDX-License-Identifier: Apache-2.0
// Whether two altitude bands can overlap. Ends included; an absent end is open. Bands of the same
// reference are compared as they stand; bands of different references overlap unless no terrain, no
// geoid and no weather on Earth could make them, so this never misses an overlap.
#pragma once

#include "geo/shape.h"

namespace entente::geo {

// Bounds of what is on Earth, in metres, each with room to spare.

/// Height of mean sea level over the WGS84 ellipsoid. EGM2008 (Pavlis et al. 2012) runs from -106.9
/// (south of India) to +85.9 (New Guinea); local sea-level datums differ from it by up to 3 m.
constexpr double undulation_min = -110;
constexpr double undulation_max = 90;
/// Ground over mean sea level: the Dead Sea's shore lay at -439 in 2024 and sinks by 1.2 a year;
/// Everest is 8,848.86 (survey of 2020). Pits and mines below a low shore stay above -600.
constexpr double ground_min = -600;
constexpr double ground_max = 8900;
/// Where a flight level really is, over mean sea level, for pressure altitude p (100 ft a level):
/// sea-level pressure between 860 and 1095 hPa (records: 870, typhoon Tip 1979; 1084.8,
/// Tosontsengel 2001 and 1085, Agata 1968) moves it by less than -1,500 and +800, a column of air
/// between 25 % colder and 25 % warmer than standard (ICAO Doc 7488) by a quarter of |p| either
/// way.
constexpr double pressure_offset_min = -1500;
constexpr double pressure_offset_max = 800;
constexpr double temperature_share = 0.25;
constexpr double flight_level_metres = 30.48;

/// Heights over the WGS84 ellipsoid that surely hold the band, in metres; ±infinity where open.
/// Never too narrow, and monotone: a wider band has an enclosure at least as wide.
struct Enclosure {
    double lower_m;
    double upper_m;
};
Enclosure w84_enclosure(const Band& band);

bool overlap(const Band& a, const Band& b);

/// True only if `outer` surely holds every height of `inner`.
bool covers(const Band& outer, const Band& inner);

}  // namespace entente::geo
