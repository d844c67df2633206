// SPDX-License-Identifier: Apache-2.0
#include "view/past.h"

#include <algorithm>

#include "view/acts.h"

namespace entente::view {
namespace {

/// How far back successor logs are followed.
constexpr std::size_t earlier_max = 16;

}  // namespace

Instant Past::until(std::size_t i) const {
    const auto& all = record_->versions;
    Instant out = registry::never;
    // It counts as covered where a later one covers it; which one decides since when.
    bool covered = all[i].until == registry::at_once;
    for (std::size_t k = i + 1; k < all.size(); ++k) {
        if (!registry::may_end(all[k], all[i])) continue;
        if (covered && registry::covers_all(all[k], all[i])) {
            out = std::min(out, all[k].time);
            covered = false;
        } else if (all[k].may_act()) {
            out = std::min(out, acts_at(all[k], *log_));
        }
    }
    return out;
}

Instant Past::goes_on_in(const Past& by, std::size_t i) const {
    const registry::Version& version = record_->versions[i];
    return version.restated && registry::states_again(*by.record_, version)
               ? by.record_->versions.front().time
               : registry::never;
}

std::vector<registry::Slot> earlier_records(const registry::Snapshot& snapshot,
                                            registry::Slot slot) {
    std::vector<registry::Slot> out;
    const registry::Record* record = &snapshot.at(slot);
    while (out.size() < earlier_max && record->versions.front().was) {
        const auto before = snapshot.find(*record->versions.front().was);
        if (!before) break;
        const registry::LogState& log = snapshot.log(record->log);
        record = &snapshot.at(*before);
        const registry::LogState& earlier = snapshot.log(record->log);
        if (earlier.party != log.party || earlier.succession >= log.succession) break;
        out.push_back(*before);
    }
    return out;
}

}  // namespace entente::view
