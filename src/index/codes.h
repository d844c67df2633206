// SPDX-License-Identifier: Apache-2.0
// Heights and times in 16 bits, rounded outward, and what a question's ends are in them. A code is
// never wrong, only coarse: *out* holds only where no value that the code stands for could overlap,
// *sure* only where every one does; between them the exact values decide.
//
// Heights: whole metres or flight levels, each tree in one reference. Times: whole hours around a
// moment that each tree chooses (about 3.7 years to each side). What lies beyond either range takes
// the outermost code, for which nothing beyond that is believed.
#pragma once

#include <cstdint>

#include "geo/shape.h"

namespace entente::index {

struct Ends {
    std::int16_t height = 0;
    std::int16_t time = 0;
};
/// Of an entry: its lower ends (height, hour of the start) and its upper ends (height, hour of the
/// last millisecond). Of a question: which of these still pass, see QuestionSpan.
struct Span {
    Ends lower;
    Ends upper;
};

/// What an unused place in a leaf holds: out for every question.
constexpr Span nowhere{{32767, 32767}, {-32768, -32768}};

Span encode(const geo::Band& band, const geo::Window& window, std::int64_t time_base);

/// The reference of the tree that holds the band: its own; W84 for the open band of any reference.
geo::AltitudeReference tree_reference(const geo::Band& band);

/// A question's altitude band as seen by the entries of one reference: an entry overlaps it exactly
/// if its lower end is open or at most lower_max, and its upper end open or at least upper_min
/// (in the entry's own units: decimetres, or flight levels).
struct BandLimits {
    std::int64_t lower_max = 0;
    std::int64_t upper_min = 0;
};
/// The same relation as geo::overlap(Band, Band), which it was made from by bisection where the
/// references differ.
BandLimits band_limits(const geo::Band& question, geo::AltitudeReference entries);

/// An entry is out unless lower <= out.lower and upper >= out.upper in both ends; it surely
/// overlaps if lower <= sure.lower and upper >= sure.upper.
struct QuestionSpan {
    Span out;
    Span sure;
};
QuestionSpan question_span(BandLimits limits, geo::AltitudeReference entries,
                           const geo::Window& window, std::int64_t time_base);

}  // namespace entente::index
