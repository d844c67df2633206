// SPDX-License-Identifier: Apache-2.0
#include "registry/tags.h"

#include <algorithm>

namespace entente::registry {

Tags::Key Tags::key_of(const Hash& tag) {
    Key key;
    std::copy_n(tag.bytes.begin(), key.size(), key.begin());
    return key;
}

Tags::Of Tags::saw(const Hash& tag, EntryIndex index) {
    const Key key = key_of(tag);
    Seen& seen = seen_[key];
    if (seen.any && seen.first == index) return {};
    if (seen.any) {
        auto& all = again_[key];
        all.insert(seen.first);
        if (!all.insert(index).second) return {};
    } else {
        seen.any = true;
        seen.first = index;
    }
    const auto known = [](Slot slot) {
        return slot == nobody ? std::nullopt : std::optional(slot);
    };
    return {known(seen.record), known(seen.dealing)};
}

void Tags::expect(const Hash& tag, Slot slot) { seen_[key_of(tag)].record = slot; }
void Tags::expect_dealing(const Hash& tag, Slot slot) { seen_[key_of(tag)].dealing = slot; }

std::size_t Tags::count(const Hash& tag) const {
    const Key key = key_of(tag);
    const auto seen = seen_.find(key);
    if (seen == seen_.end() || !seen->second.any) return 0;
    const auto again = again_.find(key);
    return again == again_.end() ? 1 : again->second.size();
}

std::set<EntryIndex> Tags::sharing(const Hash& tag) const {
    const auto again = again_.find(key_of(tag));
    return again == again_.end() ? std::set<EntryIndex>() : again->second;
}

}  // namespace entente::registry
