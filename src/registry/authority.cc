// SPDX-License-Identifier: Apache-2.0
#include "registry/authority.h"

#include <algorithm>
#include <set>

namespace entente::registry {

bool Authority::root_approves(std::span<const PublicKey> approved_by) const {
    return std::find(approved_by.begin(), approved_by.end(), root_) != approved_by.end();
}

bool Authority::is_officer(const PublicKey& key, EntryIndex index) const {
    const auto counts = [&](const Grant& one) { return one.key == key && one.from <= index; };
    return std::any_of(grants_.begin(), grants_.end(), [&](const Grant& given) {
        if (!given.given || !counts(given)) return false;
        return std::none_of(grants_.begin(), grants_.end(), [&](const Grant& taken) {
            return !taken.given && counts(taken) && taken.said >= given.said;
        });
    });
}

bool Authority::officers_approve(EntryIndex index, std::span<const PublicKey> approved_by) const {
    std::set<PublicKey> approving;  // a key that signed twice is still one officer
    for (const PublicKey& key : approved_by) {
        if (is_officer(key, index)) approving.insert(key);
    }
    return !approving.empty() && approving.size() >= static_cast<std::size_t>(officers_needed_);
}

}  // namespace entente::registry
