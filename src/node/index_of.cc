// SPDX-License-Identifier: Apache-2.0
#include "node/index_of.h"

#include "check/activity.h"
#include "evidence/scene.h"

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

std::vector<index::Item> incident_items(registry::DealingSlot slot,
                                        const view::SeenStatement& seen) {
    std::vector<index::Item> items;
    const auto scene = seen.withdrawn() ? std::nullopt : evidence::scene_of(seen);
    if (!scene) return items;
    for (const geo::Place& place : scene->volumes) {
        geo::Volume4D volume = place.volume;
        volume.window = scene->window;
        items.push_back({slot, std::move(volume), evidence::accuracy_of(place)});
    }
    return items;
}

index::Index incidents_of(const registry::Snapshot& all) {
    std::vector<index::Item> items;
    for (const registry::DealingSlot slot : all.dealings().of_kind(statement::incident_kind)) {
        for (index::Item& item : incident_items(slot, {all, slot}))
            items.push_back(std::move(item));
    }
    return index::Index::build(std::move(items));
}

}  // namespace entente::node
