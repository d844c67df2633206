// SPDX-License-Identifier: Apache-2.0
#include "mirror/finality.h"

#include <algorithm>
#include <set>

namespace entente::mirror {

void Cosigned::add(const CosignedHead& seen) {
    std::vector<Step>& stairs = stairs_[seen.party];
    // The steps at least as large; the first of them is the earliest.
    const auto larger = std::partition_point(
        stairs.begin(), stairs.end(), [&](const Step& step) { return step.size < seen.size; });
    if (larger != stairs.end() && larger->time <= seen.time) return;
    // What the new one dominates: as large at most, as early at least.
    const auto first = std::partition_point(
        stairs.begin(), larger, [&](const Step& step) { return step.time < seen.time; });
    const auto last = larger != stairs.end() && larger->size == seen.size ? larger + 1 : larger;
    // Entries below the step before have an earlier time already.
    unchanged_ = std::min(unchanged_, first == stairs.begin() ? TreeSize{0} : (first - 1)->size);
    const auto at = stairs.erase(first, last);
    stairs.insert(at, {seen.size, seen.time});
}

std::optional<Instant> Cosigned::first(const PartyId& party, EntryIndex index) const {
    const auto found = stairs_.find(party);
    if (found == stairs_.end()) return std::nullopt;
    const auto step =
        std::partition_point(found->second.begin(), found->second.end(),
                             [&](const Step& each) { return each.size.v <= index.v; });
    if (step == found->second.end()) return std::nullopt;
    return step->time;
}

std::optional<Instant> Cosigned::final_at(EntryIndex index, std::size_t k) const {
    std::vector<Instant> times;
    for (const auto& [party, stairs] : stairs_) {
        if (const auto time = first(party, index)) times.push_back(*time);
    }
    if (k == 0 || times.size() < k) return std::nullopt;
    const auto kth = times.begin() + static_cast<std::ptrdiff_t>(k - 1);
    std::nth_element(times.begin(), kth, times.end());
    return *kth;
}

TreeSize Cosigned::final_size(std::size_t k) const {
    std::vector<TreeSize> sizes;
    for (const auto& [party, stairs] : stairs_) sizes.push_back(stairs.back().size);
    if (k == 0 || sizes.size() < k) return {0};
    const auto kth = sizes.begin() + static_cast<std::ptrdiff_t>(k - 1);
    std::nth_element(sizes.begin(), kth, sizes.end(), std::greater<>());
    return *kth;
}

const std::vector<Cosigned::Step>& Cosigned::final_steps(std::size_t k) {
    if (k != k_) unchanged_ = {0};
    k_ = k;
    std::optional<Step> cut;  // the step that reaches beyond what is unchanged
    while (!steps_.empty() && steps_.back().size > unchanged_) {
        cut = steps_.back();
        steps_.pop_back();
    }
    const TreeSize before = steps_.empty() ? TreeSize{0} : steps_.back().size;
    if (cut && before < unchanged_) steps_.push_back({unchanged_, cut->time});
    std::set<TreeSize> sizes;
    for (const auto& [party, stairs] : stairs_) {
        for (auto step = stairs.rbegin(); step != stairs.rend(); ++step) {
            if (step->size <= unchanged_) break;
            sizes.insert(step->size);
        }
    }
    for (const TreeSize size : sizes) {
        const auto time = final_at({size.v - 1}, k);
        if (!time) break;  // a larger size has no more cosigners than this one
        if (!steps_.empty() && steps_.back().time == *time) steps_.pop_back();
        steps_.push_back({size, *time});
    }
    unchanged_ = steps_.empty() ? TreeSize{0} : steps_.back().size;
    return steps_;
}

TreeSize Cosigned::reached(const PartyId& party) const {
    const auto found = stairs_.find(party);
    return found == stairs_.end() ? TreeSize{0} : found->second.back().size;
}

}  // namespace entente::mirror
