// SPDX-License-Identifier: Apache-2.0
#include "search/places.h"

#include <algorithm>

namespace entente::search {
namespace {

std::vector<index::Item> items_of(Doc doc, const std::vector<watch::Spot>& spots) {
    std::vector<index::Item> out;
    for (const watch::Spot& spot : spots) out.push_back({doc, spot.volume, spot.reach});
    return out;
}

std::vector<index::IndexChange> changes_of(const std::map<Doc, std::vector<index::Item>>& all) {
    std::vector<index::IndexChange> out;
    for (const auto& [doc, items] : all) out.push_back({doc, items});
    return out;
}

}  // namespace

void Places::set(Doc doc, const std::vector<watch::Spot>& spots) {
    std::vector<index::Item> items = items_of(doc, spots);
    if (begun_ || placed_.has(doc)) {
        changed_[doc] = std::move(items);
        return;
    }
    if (items.empty()) return;
    placed_.set(doc);
    for (index::Item& item : items) first_.push_back(std::move(item));
}

void Places::begin() {
    index_ = index::Index::build(std::move(first_));
    first_ = {};
    placed_ = {};
    begun_ = true;
    settle();
}

void Places::settle() {
    if (!begun_) return;
    if (!changed_.empty()) {
        index_ = index_.with(changes_of(changed_));
        if (merging_.valid()) {
            for (auto& [doc, items] : changed_) meanwhile_[doc] = std::move(items);
        }
        changed_.clear();
    }
    if (merging_.valid()) {
        if (merging_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return;
        index_ = merging_.get().with(changes_of(meanwhile_));
        meanwhile_.clear();
    } else if (index_.merge_due()) {
        merging_ = std::async(std::launch::async, [index = index_] { return index.merged(); });
    }
}

void Places::touching(const watch::Asked& asked, Bits& out) const {
    if (!begun_) {
        const auto look = [&](const index::Item& item) {
            if (asked.touches({item.volume, item.reach})) out.set(item.slot);
        };
        for (const index::Item& item : first_) {
            if (!changed_.contains(item.slot)) look(item);
        }
        for (const auto& [doc, items] : changed_) std::for_each(items.begin(), items.end(), look);
        return;
    }
    std::vector<index::Slot> found;
    const auto& area = asked.question().area;
    for (std::size_t i = 0; i < area.size(); ++i) {
        geo::Volume4D volume = area[i].volume;
        volume.window = asked.question().window;
        index_.touching_unordered({std::move(volume), asked.zones()[i].margin}, scratch_, found);
        for (const index::Slot doc : found) out.set(doc);
    }
}

}  // namespace entente::search
