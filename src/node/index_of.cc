// SPDX-License-Identifier: Apache-2.0
#include "node/index_of.h"

#include "check/activity.h"

namespace entente::node {

index::Index index_of(const registry::Snapshot& all) {
    std::vector<index::Item> items;
    for (registry::Slot slot = 0; slot < all.size(); ++slot) {
        for (index::Item& item : check::index_items(slot, {all, slot})) {
            items.push_back(std::move(item));
        }
    }
    return index::Index::build(std::move(items));
}

index::Index activities_of(const registry::Snapshot& all) {
    std::vector<index::Item> items;
    for (registry::DealingSlot slot = 0; slot < all.dealings().size(); ++slot) {
        for (index::Item& item : check::activity_items(slot, {all, slot})) {
            items.push_back(std::move(item));
        }
    }
    return index::Index::build(std::move(items));
}

}  // namespace entente::node
