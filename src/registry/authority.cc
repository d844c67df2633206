// SPDX-License-Identifier: Apache-2.0
#include "registry/authority.h"

#include <algorithm>
#include <set>

namespace entente::registry {

bool Authority::root_approves(std::span<const PublicKey> approved_by) const {
    return std::find(approved_by.begin(), approved_by.end(), root_) != approved_by.end();
}

bool Authority::is_officer(const PublicKey& key, EntryIndex index) const {
    const Grant* last = nullptr;  // of what was said of the key up to there; a revocation wins
    for (const Grant& grant : grants_) {
        if (grant.key != key || grant.from > index) continue;
        const bool later = last == nullptr || grant.from > last->from;
        if (later || (grant.from == last->from && !grant.given)) last = &grant;
    }
    return last != nullptr && last->given;
}

bool Authority::officers_approve(EntryIndex index, std::span<const PublicKey> approved_by) const {
    std::set<PublicKey> approving;  // a key that signed twice is still one officer
    for (const PublicKey& key : approved_by) {
        if (is_officer(key, index)) approving.insert(key);
    }
    return !approving.empty() && approving.size() >= static_cast<std::size_t>(officers_needed_);
}

}  // namespace entente::registry
