// SPDX-License-Identifier: Apache-2.0
#include "net/rate.h"

#include <algorithm>

namespace entente::net {

bool Rate::take(const std::string& address, bool known, double per_second, Instant now) {
    const std::lock_guard lock(mutex_);
    if (buckets_.size() >= addresses_max) {
        // Full ones say nothing that a new one would not.
        std::erase_if(buckets_, [&](const auto& one) {
            return now - one.second.at >= std::chrono::seconds(1);
        });
        if (buckets_.size() >= addresses_max) return false;
    }
    auto [found, is_new] = buckets_.try_emplace({address, known}, Bucket{per_second, now});
    Bucket& bucket = found->second;
    const double passed = std::max(0.0, static_cast<double>((now - bucket.at).count()) / 1000);
    bucket.left = std::min(per_second, bucket.left + passed * per_second);
    bucket.at = now;
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
}

}  // namespace entente::net
