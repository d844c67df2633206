// SPDX-License-Identifier: Apache-2.0
#include "registry/quota.h"

#include <algorithm>

namespace entente::registry {

bool Quota::admits(EntryIndex index, Instant time, const std::function<std::size_t()>& records) {
    const auto first =
        std::upper_bound(times_.begin(), times_.end(), time - std::chrono::hours(24));
    const auto within = static_cast<std::size_t>(times_.end() - first);
    const bool few = within < static_cast<std::size_t>(least_);
    if (!few && within >= records() * static_cast<std::size_t>(percent_) / 100) return false;
    counted_.push_back({index, time});
    times_.insert(std::upper_bound(first, times_.end(), time), time);
    return true;
}

void Quota::forget_from(EntryIndex index) {
    const auto keep = std::lower_bound(
        counted_.begin(), counted_.end(), index,
        [](const Counted& counted, EntryIndex wanted) { return counted.index < wanted; });
    if (keep == counted_.end()) return;
    counted_.erase(keep, counted_.end());
    times_.clear();
    for (const Counted& counted : counted_) times_.push_back(counted.time);
    std::sort(times_.begin(), times_.end());
}

}  // namespace entente::registry
