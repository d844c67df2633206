// SPDX-License-Identifier: Apache-2.0
// How two versions of a protection differ, in the words of the fields, for a person to decide on.
#pragma once

#include <string>
#include <vector>

#include "statement/protection.h"

namespace entente::intake {

struct FieldChange {
    std::string field;   // as --map names it; `place` for the shape
    std::string before;  // empty: not stated
    std::string after;
    bool operator==(const FieldChange&) const = default;
};

/// Empty if and only if the two are equal.
std::vector<FieldChange> changes(const statement::Protection& before,
                                 const statement::Protection& after);

/// A shape in a few words: `31.5, 34.45`, `line of 5 points from 31.5, 34.45`.
std::string describe(const geo::Shape& shape);

}  // namespace entente::intake
