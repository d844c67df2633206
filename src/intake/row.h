// SPDX-License-Identifier: Apache-2.0
// One row of a list becomes the draft of a protection, or the reason why not. What could be misread
// is refused, never guessed: decimal degrees only (intake/degrees.h), altitudes only with what they
// are measured from, times only with their offset.
#pragma once

#include <string>
#include <vector>

#include "geo/shape.h"
#include "intake/field.h"

namespace entente::intake {

struct Row {
    std::uint64_t number = 0;  // as a person counts: 1 is the first row below the heading
    std::string layer;         // empty where the file has one
    std::vector<std::string> cells;
    /// The geometry of a vector format: a point is a circle of radius 0, a line a corridor of
    /// half-width 0; radius_m and half_width_m of the row are put in. Empty: lat and lon.
    std::vector<geo::Shape> shapes;
    std::string problem;  // not empty: refused for this reason, whatever the cells say
};

/// The draft. `ref` is the row's own or, without one, row_ref(). The error's detail is the reason
/// without the row's number: `no coordinates: lat and lon are empty`.
Result<statement::Protection> read_row(const Row& row, const Mapping& mapping,
                                       const std::string& source);

/// `sha256:` and 32 hex digits over the mapped cells (field, text) in order of field and the
/// geometry: the ref of a row that has none. Rows alike in all mapped fields share it. Another
/// --class or --class-of leaves it as it is.
std::string row_ref(const Row& row, const Mapping& mapping);

/// The name a person knows the row by, or empty.
std::string row_name(const Row& row, const Mapping& mapping);

}  // namespace entente::intake
