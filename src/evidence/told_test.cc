// SPDX-License-Identifier: Apache-2.0
// How far a party had got by a moment: what came back from elsewhere is no success, whatever rung
// it is on, until it is set right. By hand, and by random histories against the definition itself.
#include "evidence/told.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"

namespace entente::evidence {
namespace {

using statement::Rung;
using std::chrono::hours;

const Instant noon = instant(1'700'000'000'000);

Step step(Rung rung, int hour, std::string unit = "") {
    return {rung, std::move(unit), "a", noon + hours(hour), {}, false, false};
}
Step right(Rung rung, int hour, std::string unit = "") {
    Step out = step(rung, hour, std::move(unit));
    out.compared = true;
    return out;
}
Step wrong(Rung rung, int hour, std::string unit = "") {
    Step out = right(rung, hour, std::move(unit));
    out.differs = true;
    return out;
}

ByThen at(const std::vector<Step>& steps, int hour) { return by(steps, noon + hours(hour)); }

TEST(ByThen, ARungCountsByThenAndARefusalIsNone) {
    const std::vector<Step> all{step(Rung::received, 0), step(Rung::refused, 1, "OPS"),
                                right(Rung::loaded, 2)};
    EXPECT_EQ(at(all, 0), (ByThen{Rung::offered, false, false}));
    EXPECT_EQ(at(all, 1), (ByThen{Rung::received, false, false}));
    EXPECT_EQ(at(all, 2), (ByThen{Rung::received, true, false}));
    EXPECT_EQ(at(all, 3), (ByThen{Rung::loaded, true, false})) << "another unit's";
}

TEST(ByThen, ARefusalStandsUntilTheSameUnitSaysOtherwise) {
    const std::vector<Step> all{step(Rung::refused, 1, "OPS"), step(Rung::confirmed, 2, "OPS")};
    EXPECT_TRUE(at(all, 2).refused);
    EXPECT_FALSE(at(all, 3).refused);
}

TEST(ByThen, WhatWasLoadedElsewhereIsNotLoaded) {
    const std::vector<Step> all{right(Rung::read_back, 0), wrong(Rung::loaded, 1)};
    EXPECT_EQ(at(all, 1), (ByThen{Rung::read_back, false, false}));
    EXPECT_EQ(at(all, 2), (ByThen{Rung::read_back, false, true}));
}

TEST(ByThen, WhatWasSetRightAfterwardsWasNotRightByThen) {
    const std::vector<Step> all{wrong(Rung::loaded, 1), right(Rung::loaded, 3)};
    EXPECT_EQ(at(all, 2), (ByThen{Rung::offered, false, true}));
    EXPECT_EQ(at(all, 3), (ByThen{Rung::offered, false, true}));
    EXPECT_EQ(at(all, 4), (ByThen{Rung::loaded, false, false}));
}

TEST(ByThen, AnotherUnitSetsNothingRight) {
    const std::vector<Step> all{wrong(Rung::loaded, 1, "A"), right(Rung::loaded, 2, "B")};
    EXPECT_EQ(at(all, 3), (ByThen{Rung::loaded, false, true}));
}

TEST(ByThen, WhatWasRightAndIsLoadedAnewElsewhereIsNotLoaded) {
    const std::vector<Step> all{step(Rung::opened, 0), right(Rung::loaded, 1),
                                wrong(Rung::loaded, 2)};
    EXPECT_EQ(at(all, 2).rung, Rung::loaded);
    EXPECT_EQ(at(all, 3), (ByThen{Rung::opened, false, true}));
}

TEST(ByThen, WhatIsPassedOnAfterwardsMayBeTheWrongPlace) {
    const std::vector<Step> all{wrong(Rung::loaded, 1), step(Rung::passed, 2, "TACC"),
                                step(Rung::confirmed, 3, "TACC")};
    EXPECT_EQ(at(all, 4), (ByThen{Rung::offered, false, true}));
    const std::vector<Step> before{step(Rung::passed, 0, "TACC"), wrong(Rung::loaded, 1)};
    EXPECT_EQ(at(before, 2), (ByThen{Rung::passed, false, true}));
}

TEST(ByThen, ConfirmingWithNoPlaceSetsNothingRight) {
    const std::vector<Step> all{wrong(Rung::loaded, 1, "A"), step(Rung::confirmed, 2, "A")};
    EXPECT_EQ(at(all, 3), (ByThen{Rung::offered, false, true}));
}

TEST(ByThen, AHigherRungThatCameRightSetsALowerOneRight) {
    const std::vector<Step> all{wrong(Rung::read_back, 1), right(Rung::loaded, 2)};
    EXPECT_EQ(at(all, 3), (ByThen{Rung::loaded, false, false}));
    const std::vector<Step> lower{wrong(Rung::loaded, 1), right(Rung::read_back, 2)};
    EXPECT_EQ(at(lower, 3), (ByThen{Rung::read_back, false, true}));
}

TEST(ByThen, LoadedWithNothingComparedIsNotLoaded) {
    EXPECT_EQ(at({step(Rung::opened, 0), step(Rung::loaded, 1)}, 2).rung, Rung::opened);
}

TEST(ByThen, AtTheSameMomentTheWrongOneStands) {
    EXPECT_EQ(at({right(Rung::loaded, 1), wrong(Rung::loaded, 1)}, 2),
              (ByThen{Rung::offered, false, true}));
}

/// The definition, pair by pair.
ByThen by_hand(const std::vector<Step>& all, Instant then) {
    const auto stands = [&](const Step& bad) {
        return std::none_of(all.begin(), all.end(), [&](const Step& one) {
            return one.time < then && one.time > bad.time && one.unit == bad.unit && one.compared &&
                   !one.differs && one.rung >= bad.rung && one.rung != Rung::refused;
        });
    };
    ByThen out;
    for (const Step& one : all) {
        if (one.time >= then) continue;
        if (one.rung == Rung::refused) {
            out.refused |= std::none_of(all.begin(), all.end(), [&](const Step& later) {
                return later.time < then && later.time > one.time && later.unit == one.unit &&
                       later.rung >= Rung::loaded && later.rung != Rung::refused && !later.differs;
            });
        }
        out.differs |= one.differs && stands(one);
        bool counts =
            one.rung != Rung::refused && !one.differs && (one.rung != Rung::loaded || one.compared);
        for (const Step& bad : all) {
            if (bad.time >= then || !bad.differs || !stands(bad)) continue;
            if (one.compared) {
                counts &= bad.rung != one.rung || bad.unit != one.unit;
            } else {
                counts &= bad.rung > one.rung || bad.time > one.time;
            }
        }
        if (counts) out.rung = std::max(out.rung, one.rung);
    }
    return out;
}

TEST(ByThen, IsWhatEachPairOfStepsSays) {
    std::size_t differ = 0;
    for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
        Rng rng(seed);
        std::vector<Step> all;
        for (std::size_t i = rng.below(9); i < 9; ++i) {
            Step one = step(static_cast<Rung>(rng.below(statement::rung_count)),
                            static_cast<int>(rng.below(6)), rng.below(2) == 0 ? "A" : "B");
            const bool with_place = one.rung != Rung::refused && rng.below(2) == 0;
            one.compared = with_place;
            one.differs = with_place && rng.below(2) == 0;
            all.push_back(one);
        }
        const Instant then = noon + hours(rng.below(8));
        const ByThen mine = by(all, then);
        ASSERT_EQ(mine, by_hand(all, then)) << "seed " << seed;
        differ += mine.differs;
    }
    EXPECT_GT(differ, 500U);
}

}  // namespace
}  // namespace entente::evidence
