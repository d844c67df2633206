// SPDX-License-Identifier: Apache-2.0
#include "registry/budget.h"

#include <algorithm>
#include <cmath>

#include "geo/box_size.h"

namespace entente::registry {
namespace {

constexpr std::int64_t hectares_per_km2 = 100;

std::size_t class_of(const Record& record) {
    auto known = statement::ProtectionClass::other;
    if (const Content* content = record.content()) {
        known = content->protection.protection_class;
    } else if (const CoarseContent* coarse = record.coarse()) {
        if (auto parsed = statement::parse_class(coarse->protection_class)) known = *parsed;
    }
    return static_cast<std::size_t>(known);
}

bool over(std::int64_t sum, std::int64_t limit) { return limit > 0 && sum > limit; }

/// What has no hours at all takes nothing of the time before it was said. Its author's word for
/// that is good enough: what it gains by another one is no more than the budget once again.
Instant begin_of(const Version& version, const geo::Window& window) {
    if (window.start) return *window.start;
    return window.end ? Instant::min() : version.time;
}

}  // namespace

Use use_of(const Record& record) {
    Use out;
    out.class_index = class_of(record);
    for (const Version& version : record.versions) {
        const bool stops = version.stops();
        if (version.until != never || !version.ended_by.empty()) continue;
        if (version.objects() && !stops) continue;
        Taken& part = stops ? out.stops : out.protects;
        for (const Reached& place : version.places) {
            part.counts = true;
            const geo::Window& window = place.place.volume.window;
            part.from = std::min(part.from, begin_of(version, window));
            part.until = std::max(part.until, window.end.value_or(Instant::max()));
            if (version.coarse_only && !stops) continue;
            const geo::BoxSize size =
                geo::size_of(geo::bounding_box(place.place.volume.shape, place.reach()));
            part.area += static_cast<std::int64_t>(std::ceil(size.area_km2 * hectares_per_km2));
            part.across_m =
                std::max(part.across_m, static_cast<std::int64_t>(std::ceil(size.across_m)));
        }
    }
    return out;
}

bool Budget::any(const statement::CharterTerms& terms) {
    const auto limits = [](const statement::ByClass& all) {
        return std::any_of(all.begin(), all.end(), [](std::int64_t one) { return one > 0; });
    };
    return limits(terms.budget_records) || limits(terms.budget_area_km2) ||
           limits(terms.extent_m) || terms.stop_extent_m > 0 || terms.stop_area_km2 > 0;
}

bool Budget::too_wide(std::size_t index, const Taken& taken) const {
    return over(taken.across_m,
                index == stops_index ? terms_->stop_extent_m : terms_->extent_m[index]);
}

bool Budget::within(std::size_t index, const Sum& sum) const {
    if (index == stops_index) return !over(sum.area, terms_->stop_area_km2 * hectares_per_km2);
    return !over(sum.records, terms_->budget_records[index]) &&
           !over(sum.area, terms_->budget_area_km2[index] * hectares_per_km2);
}

bool Budget::limits(std::size_t index) const {
    if (index == stops_index) return terms_->stop_area_km2 > 0;
    return terms_->budget_records[index] > 0 || terms_->budget_area_km2[index] > 0;
}

void Budget::expect(const Use& use) {
    for (const Taken* taken : {&use.protects, &use.stops}) {
        if (!taken->counts) continue;
        moments_.push_back(taken->from);
        moments_.push_back(taken->until);
    }
}

/// How many moments are before this one.
std::size_t Budget::first_from(Instant moment) const {
    return static_cast<std::size_t>(std::lower_bound(moments_.begin(), moments_.end(), moment) -
                                    moments_.begin());
}

/// Of the first `end` moments together.
Budget::Sum Budget::below(const Tree& tree, std::size_t end) {
    Sum out;
    for (std::size_t i = end; !tree.empty() && i > 0; i &= i - 1) {
        out.records += tree[i].records;
        out.area += tree[i].area;
    }
    return out;
}

void Budget::put(Tree& tree, std::size_t at, const Taken& taken) const {
    if (tree.empty()) tree.resize(moments_.size() + 1);
    for (std::size_t i = at + 1; i < tree.size(); i += i & (~i + 1)) {
        ++tree[i].records;
        tree[i].area += taken.area;
    }
}

/// What was counted, without what ends by the time that it begins or begins when it has ended.
Budget::Sum Budget::of_its_time(std::size_t index, const Taken& taken) const {
    const auto after = std::upper_bound(moments_.begin(), moments_.end(), taken.from);
    const Sum gone = below(ended_[index], static_cast<std::size_t>(after - moments_.begin()));
    const Sum before = below(begun_[index], first_from(taken.until));
    Sum out;
    out.records = before.records - gone.records;
    out.area = before.area - gone.area;
    return out;
}

bool Budget::exceeds(std::size_t index, const Taken& taken) {
    if (!taken.counts) return false;
    if (too_wide(index, taken)) return true;
    if (!limits(index)) return false;
    Sum with = of_its_time(index, taken);
    ++with.records;
    with.area += taken.area;
    if (!within(index, with)) return true;
    put(ended_[index], first_from(taken.until), taken);
    put(begun_[index], first_from(taken.from), taken);
    return false;
}

bool Budget::exceeds(const Use& use) {
    if (!sorted_) {
        std::sort(moments_.begin(), moments_.end());
        moments_.erase(std::unique(moments_.begin(), moments_.end()), moments_.end());
        sorted_ = true;
    }
    const bool protects = exceeds(use.class_index, use.protects);
    return exceeds(stops_index, use.stops) || protects;
}

void Budget::add(std::size_t index, const Taken& taken, std::int64_t times) {
    if (!taken.counts) return;
    Sum& sum = sums_[index];
    sum.records += times;
    sum.area += times * taken.area;
    sum.too_wide += times * (too_wide(index, taken) ? 1 : 0);
}

void Budget::add(const Use& use, std::int64_t times) {
    add(use.class_index, use.protects, times);
    add(stops_index, use.stops, times);
}

bool Budget::fits() const {
    for (std::size_t i = 0; i < sums_.size(); ++i) {
        if (sums_[i].too_wide > 0 || !within(i, sums_[i])) return false;
    }
    return true;
}

}  // namespace entente::registry
