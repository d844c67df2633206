// SPDX-License-Identifier: Apache-2.0
// What of a log that others keep is looked at beside what it protects: whether it is more than its
// party may, and whether its coarse areas are true.
#include <algorithm>

#include "geo/coarse.h"
#include "geo/window.h"
#include "registry/fold.h"

namespace entente::registry {
namespace {

/// Whether the place, its buffer and its accuracy surely lie within the coarse one, at all heights
/// and times that it protects.
bool holds(const geo::Place& coarse, const Reached& exact) {
    const geo::Volume4D& around = coarse.volume;
    const geo::Volume4D& place = exact.place.volume;
    const auto* area = std::get_if<geo::Area>(&around.shape);
    return area != nullptr && !around.band.lower && !around.band.upper &&
           geo::covers(around.window, place.window) &&
           geo::area_covers(*area, place.shape, exact.reach());
}

}  // namespace

void Fold::look_at_coarse(const Understood& u, const Version& version) {
    if (!u.coarse_opens) return wrong(u.position.index, Wrong::coarse_not_opened);
    const std::vector<geo::Place>& coarse = u.content->coarse.where;
    const bool covers =
        std::all_of(version.places.begin(), version.places.end(), [&](const Reached& exact) {
            return std::any_of(coarse.begin(), coarse.end(),
                               [&](const geo::Place& one) { return holds(one, exact); });
        });
    if (!covers) wrong(u.position.index, Wrong::coarse_does_not_cover);
}

std::optional<Offences> Fold::take_offences() {
    if (!offences_changed_) return std::nullopt;
    offences_changed_ = false;
    return offences_.list();
}

void Fold::note_use(const Record& record, Slot slot) {
    if (!has_budget_) return;
    const Use use = use_of(record);
    Use& was = uses_[slot];
    all_.add(was, -1);
    all_.add(use, 1);
    was = use;
    // As long as everything fits, no order matters.
    budget_due_ |= !over_.empty() || !all_.fits();
}

/// PROTOCOL 19: in order of first entries, what does not fit is over the budget.
void Fold::spend_budget(Records& records, std::vector<Slot>& changed) {
    if (!budget_due_) return;
    budget_due_ = false;
    std::vector<std::pair<std::pair<EntryIndex, Hash>, Slot>> order;
    order.reserve(slots_.size());
    for (const Slot slot : slots_) {
        const Position& first = records.at(slot).versions.front().position;
        order.push_back({{first.index, first.leaf}, slot});
    }
    std::sort(order.begin(), order.end());
    Budget budget(log_.charter->terms);
    for (const auto& [slot, use] : uses_) budget.expect(use);
    over_.clear();
    for (const auto& [first, slot] : order) {
        const bool over = budget.exceeds(uses_[slot]);
        if (over) over_.insert(slot);
        if (records.at(slot).over_budget == over) continue;
        Record copy = records.at(slot);
        copy.over_budget = over;
        records.replace(slot, std::move(copy));
        changed.push_back(slot);
    }
}

}  // namespace entente::registry
