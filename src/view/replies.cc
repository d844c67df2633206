// SPDX-License-Identifier: Apache-2.0
#include "view/replies.h"

#include <algorithm>
#include <tuple>

namespace entente::view {

using registry::DealingVersion;

std::vector<SeenReply> replies_to(const registry::Snapshot& snapshot, const RecordId& record,
                                  std::span<const Hash> newest) {
    std::vector<SeenReply> out;
    for (const DealingSlot slot : snapshot.dealings().about(record)) {
        const registry::Dealing& one = snapshot.dealings().at(slot);
        const statement::Dealt* said = one.said();
        const auto* reply = said == nullptr ? nullptr : std::get_if<statement::Reply>(said);
        if (reply == nullptr) continue;
        const DealingVersion& version = one.versions.back();
        const bool is_newest = std::find(newest.begin(), newest.end(), reply->to) != newest.end();
        out.push_back({snapshot.log(one.log).party, version.position.leaf, version.time,
                       version.actor, reply, is_newest});
    }
    std::stable_sort(out.begin(), out.end(), [](const SeenReply& a, const SeenReply& b) {
        return std::tie(a.time, a.leaf) < std::tie(b.time, b.leaf);
    });
    return out;
}

std::vector<SeenReply> replies_to(const registry::Snapshot& snapshot,
                                  const registry::Dealing& dealing) {
    std::vector<Hash> newest;
    for (const DealingVersion& version : dealing.newest()) newest.push_back(version.position.leaf);
    return replies_to(snapshot, dealing.id, newest);
}

bool is_of_kind(const registry::Dealing& dealing, const char* kind) {
    return std::any_of(dealing.versions.begin(), dealing.versions.end(),
                       [&](const DealingVersion& version) { return version.kind == kind; });
}

}  // namespace entente::view
