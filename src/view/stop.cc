// SPDX-License-Identifier: Apache-2.0
#include "view/stop.h"

#include <algorithm>
#include <tuple>

namespace entente::view {
std::vector<SeenAttempt> attempts_for(const registry::Snapshot& snapshot, const RecordId& stop) {
    std::vector<SeenAttempt> out;
    for (const DealingSlot slot : snapshot.dealings().about(stop)) {
        const registry::Dealing& one = snapshot.dealings().at(slot);
        const statement::Dealt* said = one.said();
        const auto* attempt = said == nullptr ? nullptr : std::get_if<statement::Attempt>(said);
        if (attempt == nullptr) continue;
        const registry::DealingVersion& version = one.versions.back();
        out.push_back({snapshot.log(one.log).party, version.position.leaf, version.time,
                       version.actor, attempt});
    }
    std::stable_sort(out.begin(), out.end(), [](const SeenAttempt& a, const SeenAttempt& b) {
        return std::tie(a.attempt->at, a.leaf) < std::tie(b.attempt->at, b.leaf);
    });
    return out;
}

}  // namespace entente::view
