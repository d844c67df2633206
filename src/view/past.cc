// SPDX-License-Identifier: Apache-2.0
#include "view/past.h"

namespace entente::view {

Past past(const registry::Snapshot& snapshot, registry::Slot slot) {
    const registry::Record& record = snapshot.at(slot);
    const registry::LogState& log = snapshot.log(record.log);
    Past out{&record, {}, record.versions.front().was};
    for (std::size_t i = 0; i < record.versions.size(); ++i) {
        const registry::Version& version = record.versions[i];
        if (version.places.empty()) continue;
        // One that goes on in another log, or that a later one covers, has protected until then,
        // though it counts as never in force for whoever asks now.
        const Instant until = version.until == registry::at_once
                                  ? registry::covered_since(record, i)
                              : version.restated ? registry::never
                                                 : log.end_of(version);
        out.versions.push_back({&version, until});
    }
    return out;
}

}  // namespace entente::view
