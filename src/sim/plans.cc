// SPDX-License-Identifier: Apache-2.0
#include "sim/plans.h"

#include <algorithm>

namespace entente::sim {

bool PlanVersion::at_site(int site) const {
    return std::any_of(volumes.begin(), volumes.end(),
                       [&](const PlanVolume& one) { return one.site == site; });
}

std::uint32_t Plan::number_of(const Hash& leaf) const {
    for (std::size_t i = 0; i < versions.size(); ++i) {
        if (versions[i].leaf == leaf) return static_cast<std::uint32_t>(i + 1);
    }
    return 0;
}

namespace {

Instant end_of(const PlanVersion& version) {
    Instant out = Instant::min();
    for (const PlanVolume& one : version.volumes) out = std::max(out, one.end);
    return out;
}

}  // namespace

Instant lapses_at(const PlanVersion& version) {
    return end_of(version) + std::chrono::hours(version.started ? 24 : 0);
}

std::string standing(const PlanVersion& newest, Instant now) {
    if (newest.volumes.empty()) return newest.act == "cancel" ? "cancelled" : "ended";
    if (lapses_at(newest) <= now) return "lapsed";
    if (end_of(newest) <= now) return "overdue";
    const auto begun = [&](const PlanVolume& one) { return one.start <= now; };
    const bool some = std::any_of(newest.volumes.begin(), newest.volumes.end(), begun);
    return newest.started || some ? "running" : "planned";
}

bool may_happen(const std::string& standing) {
    return standing == "planned" || standing == "running" || standing == "overdue";
}

}  // namespace entente::sim
