// SPDX-License-Identifier: Apache-2.0
#include "people/attempts.h"

#include <algorithm>
#include <vector>

namespace entente::people {
namespace {

std::string key_of(const std::string& name, const std::string& address) {
    return name + '\n' + address;
}

}  // namespace

Attempts::Bucket& Attempts::bucket(const std::string& key, double most, Instant now) {
    Bucket& out = buckets_.try_emplace(key, Bucket{most, now}).first->second;
    if (now > out.at) {
        const double more = std::chrono::duration<double>(now - out.at) /
                            std::chrono::duration<double>(one_more_after);
        out.left = std::min(most, out.left + more);
        out.at = now;
    }
    return out;
}

/// Those that would be full by now say nothing; if that is not enough, the older half goes.
void Attempts::make_room(Instant now) {
    if (buckets_.size() + 2 <= buckets_max) return;
    constexpr auto full_after = one_more_after * static_cast<int>(attempts_anywhere_max);
    std::erase_if(buckets_, [&](const auto& one) { return one.second.at + full_after < now; });
    if (buckets_.size() + 2 <= buckets_max) return;
    std::vector<Instant> times;
    for (const auto& [key, one] : buckets_) times.push_back(one.at);
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    std::erase_if(buckets_, [&](const auto& one) { return one.second.at <= *middle; });
}

Duration Attempts::take(const std::string& name, const std::string& address, Instant now) {
    make_room(now);
    Bucket& anywhere = bucket(name, attempts_anywhere_max, now);
    Bucket& here = bucket(key_of(name, address), attempts_max, now);
    const double missing = std::max(1 - anywhere.left, 1 - here.left);
    if (missing > 0) {
        return std::max(Duration(1), std::chrono::duration_cast<Duration>(
                                         std::chrono::duration<double>(one_more_after) * missing));
    }
    anywhere.left -= 1;
    here.left -= 1;
    return Duration(0);
}

void Attempts::forgive(const std::string& name, const std::string& address) {
    const auto found = buckets_.find(key_of(name, address));
    if (found == buckets_.end()) return;
    const double taken = attempts_max - found->second.left;
    if (const auto anywhere = buckets_.find(name); anywhere != buckets_.end()) {
        anywhere->second.left = std::min(attempts_anywhere_max, anywhere->second.left + taken);
    }
    buckets_.erase(found);
}

}  // namespace entente::people
