// SPDX-License-Identifier: Apache-2.0
#include "index/delta.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "index/order.h"

namespace entente::index {
namespace {

/// An order of whole items that does not depend on where they are in memory.
template <class Pointer>
bool before(const Pointer& a, const Pointer& b) {
    return std::tie(a->slot, a->serial) < std::tie(b->slot, b->serial);
}

}  // namespace

std::shared_ptr<const Delta> Delta::after(const Delta* before, std::int64_t time_base,
                                          std::span<const IndexChange> changes) {
    auto delta = before ? std::make_shared<Delta>(*before) : std::make_shared<Delta>();
    for (const IndexChange& c : changes) delta->change(c, time_base);
    for (Chunks& g : delta->groups_) g.renew_top();
    return delta;
}

void Delta::change(const IndexChange& change, std::int64_t time_base) {
    if (!hidden_.add(change.slot)) {
        for (Chunks& g : groups_) g.remove(change.slot);
    }
    repeats_ = repeats_ || change.items.size() > 1;
    std::uint32_t serial = 0;
    for (const Item& item : change.items) {
        const bool point = std::holds_alternative<geo::Circle>(item.volume.shape);
        add(std::make_shared<const Whole>(Whole{change.slot, serial++, item.volume, item.reach,
                                                geo::Prepared(item.volume.shape)}),
            point, time_base);
    }
}

void Delta::add(const WholePtr& whole, bool point, std::int64_t time_base) {
    const geo::Volume4D& v = whole->volume;
    const auto reference = tree_reference(v.band);
    for (Entry& entry : whole_entries(*whole, encode(v.band, v.window, time_base))) {
        entry.number = whole->slot;
        group(reference, reach_class(entry.reach), point)
            .add({place_along_curve(entry.center), entry, whole});
    }
}

Chunks& Delta::group(geo::AltitudeReference reference, std::size_t reach_class, bool points) {
    for (Chunks& g : groups_) {
        if (g.is(reference, reach_class, points)) return g;
    }
    groups_.emplace_back(reference, reach_class, points);
    return groups_.back();
}

bool Delta::search(const Plan& plan, Mode mode, Scratch::State& state) const {
    auto& wholes = state.wholes;
    wholes.clear();
    const std::size_t already = state.slots_count;
    for (const Chunks& g : groups_) {
        g.search(plan, mode, state);
        if (mode == Mode::any && state.slots_count > already) return true;
    }
    std::sort(wholes.begin(), wholes.end(), before<const Whole*>);
    wholes.erase(std::unique(wholes.begin(), wholes.end()), wholes.end());
    for (const Whole* w : wholes) {
        if (mode != Mode::candidates && !touches(plan.asked(), w->volume, w->shape, w->reach)) {
            continue;
        }
        if (mode == Mode::any) return true;
        state.add(w->slot);
    }
    return false;
}

void Delta::sources(std::vector<Source>& all) const {
    std::vector<WholePtr> wholes;
    for (const Chunks& g : groups_) {
        for (const auto& chunk : g.chunks()) {
            for (const Member& m : chunk->members) wholes.push_back(m.whole);
        }
    }
    std::sort(wholes.begin(), wholes.end(), before<WholePtr>);
    wholes.erase(std::unique(wholes.begin(), wholes.end()), wholes.end());
    for (const WholePtr& w : wholes) {
        Source s = source(w->slot, w->volume, w->reach, w);
        all.push_back(std::move(s));
    }
}

std::size_t Delta::bytes() const {
    std::size_t sum = hidden_.bytes();
    for (const Chunks& g : groups_) sum += g.bytes();
    return sum;
}

}  // namespace entente::index
