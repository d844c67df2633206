// SPDX-License-Identifier: Apache-2.0
// Which records are over a budget: against looking at each with each before it.
#include "registry/budget.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "registry/exchange_for_test.h"

namespace entente::registry {
namespace {

constexpr std::size_t hospital = static_cast<std::size_t>(statement::ProtectionClass::hospital);

Instant any_moment(Rng& rng, Instant open) {
    return rng.below(6) == 0 ? open : test::noon + std::chrono::hours(rng.below(40));
}

std::vector<Use> some_uses(Rng& rng) {
    std::vector<Use> out;
    for (int i = 0; i < 60; ++i) {
        Use use;
        use.class_index = hospital + rng.below(2);
        Taken& taken = rng.below(8) == 0 ? use.stops : use.protects;
        taken.counts = rng.below(10) != 0;
        taken.area = static_cast<std::int64_t>(rng.below(500));
        taken.from = any_moment(rng, Instant::min());
        taken.until = any_moment(rng, Instant::max());
        if (taken.until <= taken.from) taken.until = taken.from + std::chrono::hours(1);
        out.push_back(use);
    }
    return out;
}

/// Whether these share a moment.
bool meet(const Taken& a, const Taken& b) { return a.from < b.until && b.from < a.until; }

TEST(Budgets, CountWithEachThoseOfItsTime) {
    std::size_t over = 0, fit = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Rng rng(seed);
        statement::CharterTerms terms = statement::default_terms();
        terms.budget_records[hospital] = static_cast<std::int64_t>(rng.below(5));
        terms.budget_area_km2[hospital + 1] = static_cast<std::int64_t>(rng.below(20));
        terms.stop_extent_m = 0;
        terms.stop_area_km2 = static_cast<std::int64_t>(rng.below(6));
        const std::vector<Use> uses = some_uses(rng);
        Budget budget(terms);
        for (const Use& use : uses) budget.expect(use);
        std::vector<std::pair<std::size_t, Taken>> counted;
        const auto exceeds = [&](std::size_t index, const Taken& taken, std::int64_t records_max,
                                 std::int64_t area_max) {
            if (!taken.counts) return false;
            std::int64_t records = 1, area = taken.area;
            for (const auto& [of, one] : counted) {
                if (of != index || !meet(one, taken)) continue;
                ++records;
                area += one.area;
            }
            if (records_max > 0 && records > records_max) return true;
            if (area_max > 0 && area > area_max * 100) return true;
            counted.emplace_back(index, taken);
            return false;
        };
        for (const Use& use : uses) {
            const bool protects =
                exceeds(use.class_index, use.protects, terms.budget_records[use.class_index],
                        terms.budget_area_km2[use.class_index]);
            const bool stops = exceeds(SIZE_MAX, use.stops, 0, terms.stop_area_km2);
            ASSERT_EQ(budget.exceeds(use), protects || stops) << seed;
            (protects || stops ? over : fit)++;
        }
    }
    EXPECT_GT(over, 1'000u);
    EXPECT_GT(fit, 1'000u);
}

}  // namespace
}  // namespace entente::registry
