// SPDX-License-Identifier: Apache-2.0
// `entente control compare`: who holds which area as each party assesses it, side by side over
// time, or at one moment. Nobody's assessment is merged into another's.
#pragma once

#include <string>

#include "cli/console.h"

namespace entente::cli {

struct ControlCompareArgs {
    Common common;
    std::string at;    // RFC 3339; empty: all times
    std::string area;  // this one alone; empty: all
};

Exit compare_controls(const ControlCompareArgs& args);

}  // namespace entente::cli
