// SPDX-License-Identifier: Apache-2.0
#include "registry/finality.h"

#include <algorithm>

namespace entente::registry {

Finality::Finality(std::vector<Step> steps) : steps_(std::move(steps)) {
    // From the largest on, and the earliest of a size first: a smaller tree says something new only
    // by having been final earlier.
    std::sort(steps_.begin(), steps_.end(), [](const Step& a, const Step& b) {
        return a.size != b.size ? a.size > b.size : a.at < b.at;
    });
    std::optional<Instant> earliest;
    std::erase_if(steps_, [&](const Step& step) {
        if (earliest && step.at >= *earliest) return true;
        earliest = step.at;
        return false;
    });
    std::reverse(steps_.begin(), steps_.end());
}

std::optional<Instant> Finality::of(EntryIndex index) const {
    const auto step =
        std::upper_bound(steps_.begin(), steps_.end(), index.v,
                         [](std::uint64_t i, const Step& one) { return i < one.size.v; });
    if (step == steps_.end()) return std::nullopt;
    return step->at;
}

}  // namespace entente::registry
