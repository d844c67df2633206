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

/// What was counted that has not ended before it begins, nor begins after it ends.
Budget::Sum Budget::of_its_time(std::size_t index, const Taken& taken) const {
    Sum out = sums_[index];
    const auto& ending = ending_[index];
    for (auto one = ending.upper_bound(taken.from); one != ending.end(); ++one) {
        if (one->second.from >= taken.until) continue;
        ++out.records;
        out.area += one->second.area;
    }
    return out;
}

bool Budget::exceeds(std::size_t index, const Taken& taken) {
    if (!taken.counts) return false;
    if (too_wide(index, taken)) return true;
    Sum with = of_its_time(index, taken);
    ++with.records;
    with.area += taken.area;
    if (!within(index, with)) return true;
    if (taken.until == Instant::max()) {
        add(index, taken, 1);
    } else {
        ending_[index].emplace(taken.until, taken);
    }
    return false;
}

bool Budget::exceeds(const Use& use) {
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
