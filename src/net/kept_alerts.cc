// SPDX-License-Identifier: Apache-2.0
#include "net/kept_alerts.h"

#include <algorithm>

namespace entente::net {

void KeptAlerts::add(Told told, const watch::Share& share) {
    const std::uint64_t number = told.number;
    all_.emplace_hint(all_.end(), number, std::move(told));
    shares_[share].push_back(number);
    if (all_.size() <= most_) return;
    const auto largest = std::max_element(
        shares_.begin(), shares_.end(),
        [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    const std::uint64_t goes = largest->second.front();
    largest->second.pop_front();
    if (largest->second.empty()) shares_.erase(largest);
    all_.erase(goes);
    gone_ = std::max(gone_, goes);
}

std::vector<KeptAlerts::Told> KeptAlerts::since(std::uint64_t after, std::size_t most) const {
    std::vector<Told> out;
    for (auto at = all_.upper_bound(after); at != all_.end() && out.size() < most; ++at) {
        out.push_back(at->second);
    }
    return out;
}

}  // namespace entente::net
