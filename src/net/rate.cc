// SPDX-License-Identifier: Apache-2.0
#include "net/rate.h"

#include <algorithm>

namespace entente::net {

bool Rate::take(const std::string& address, bool known, double per_second, Instant now) {
    const std::lock_guard lock(mutex_);
    auto found = buckets_.find({address, known});
    if (found == buckets_.end()) {
        if (buckets_.size() >= addresses_max && !make_room(known, now)) return false;
        found = buckets_.try_emplace({address, known}, Bucket{per_second, now}).first;
    }
    Bucket& bucket = found->second;
    const double passed = std::max(0.0, static_cast<double>((now - bucket.at).count()) / 1000);
    bucket.left = std::min(per_second, bucket.left + passed * per_second);
    bucket.at = now;
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
}

/// Drops what says nothing that a new bucket would not: the full ones. Strangers, who can be many
/// at no cost, also make way for who shows a credential.
bool Rate::make_room(bool known, Instant now) {
    std::erase_if(buckets_, [&](const auto& one) {
        return one.second.at > now || now - one.second.at >= std::chrono::seconds(1);
    });
    if (buckets_.size() < addresses_max || !known) return buckets_.size() < addresses_max;
    const auto stranger = std::find_if(buckets_.begin(), buckets_.end(),
                                       [](const auto& one) { return !one.first.second; });
    if (stranger == buckets_.end()) return false;
    buckets_.erase(stranger);
    return true;
}

}  // namespace entente::net
