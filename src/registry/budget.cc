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

}  // namespace

Use use_of(const Record& record) {
    Use out;
    out.class_index = class_of(record);
    for (const Version& version : record.versions) {
        if (version.until != never || !version.ended_by.empty() || version.objects()) continue;
        for (const Reached& place : version.places) {
            out.counts = true;
            if (version.coarse_only) continue;
            const geo::BoxSize size =
                geo::size_of(geo::bounding_box(place.place.volume.shape, place.reach()));
            out.area += static_cast<std::int64_t>(std::ceil(size.area_km2 * hectares_per_km2));
            out.across_m =
                std::max(out.across_m, static_cast<std::int64_t>(std::ceil(size.across_m)));
        }
    }
    return out;
}

bool Budget::any(const statement::CharterTerms& terms) {
    const auto limits = [](const statement::ByClass& all) {
        return std::any_of(all.begin(), all.end(), [](std::int64_t one) { return one > 0; });
    };
    return limits(terms.budget_records) || limits(terms.budget_area_km2) || limits(terms.extent_m);
}

bool Budget::too_wide(const Use& use) const {
    return over(use.across_m, terms_->extent_m[use.class_index]);
}

bool Budget::within(std::size_t class_index, const Sum& sum) const {
    return !over(sum.records, terms_->budget_records[class_index]) &&
           !over(sum.area, terms_->budget_area_km2[class_index] * hectares_per_km2);
}

bool Budget::exceeds(const Use& use) {
    if (!use.counts) return false;
    if (too_wide(use)) return true;
    Sum& sum = sums_[use.class_index];
    const Sum with{sum.records + 1, sum.area + use.area, 0};
    if (!within(use.class_index, with)) return true;
    sum = with;
    return false;
}

void Budget::add(const Use& use, std::int64_t times) {
    if (!use.counts) return;
    Sum& sum = sums_[use.class_index];
    sum.records += times;
    sum.area += times * use.area;
    sum.too_wide += times * (too_wide(use) ? 1 : 0);
}

bool Budget::fits() const {
    for (std::size_t i = 0; i < sums_.size(); ++i) {
        if (sums_[i].too_wide > 0 || !within(i, sums_[i])) return false;
    }
    return true;
}

}  // namespace entente::registry
