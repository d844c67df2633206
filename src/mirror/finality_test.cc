// SPDX-License-Identifier: Apache-2.0
#include "mirror/finality.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/random.h"
#include "mirror/world.h"

namespace entente::mirror {
namespace {

// The definition, written down: every cosignature is kept and looked at for every question.
struct Oracle {
    std::vector<CosignedHead> all;

    std::optional<Instant> first(const PartyId& party, EntryIndex index) const {
        std::optional<Instant> best;
        for (const CosignedHead& each : all) {
            if (each.party != party || each.size.v <= index.v) continue;
            if (!best || each.time < *best) best = each.time;
        }
        return best;
    }
    std::set<PartyId> parties() const {
        std::set<PartyId> out;
        for (const CosignedHead& each : all) out.insert(each.party);
        return out;
    }
    std::optional<Instant> final_at(EntryIndex index, std::size_t k) const {
        std::vector<Instant> times;
        for (const PartyId& party : parties()) {
            if (const auto time = first(party, index)) times.push_back(*time);
        }
        std::sort(times.begin(), times.end());
        if (k == 0 || k > times.size()) return std::nullopt;
        return times[k - 1];
    }
    TreeSize final_size(std::size_t k) const {
        // The largest size all of whose entries have k first times.
        TreeSize size{0};
        while (final_at({size.v}, k)) ++size.v;
        return size;
    }
};

CosignedHead random_head(Rng& rng) {
    return {{std::string(1, static_cast<char>('a' + rng.below(5)))},
            {rng.below(13)},
            instant(static_cast<std::int64_t>(rng.below(13)) * 1000)};
}

TEST(Cosigned, AnswersAsTheDefinitionDoesInAnyOrder) {
    Rng rng(1);
    const int rounds = test::is_long() ? 20'000 : 1'000;
    for (int round = 0; round < rounds; ++round) {
        Oracle oracle;
        Cosigned forward, backward;
        const std::size_t count = rng.below(30);
        for (std::size_t i = 0; i < count; ++i) {
            oracle.all.push_back(random_head(rng));
            forward.add(oracle.all.back());
        }
        for (std::size_t i = count; i-- > 0;) backward.add(oracle.all[i]);
        for (std::size_t i = 0; i < count; ++i) backward.add(oracle.all[rng.below(count)]);
        for (const Cosigned* cosigned : {&forward, &backward}) {
            for (std::size_t k = 0; k <= 6; ++k) {
                ASSERT_EQ(cosigned->final_size(k), oracle.final_size(k)) << round << " k " << k;
                for (std::uint64_t index = 0; index < 14; ++index) {
                    ASSERT_EQ(cosigned->final_at({index}, k), oracle.final_at({index}, k));
                }
            }
            for (const char* party : {"a", "b", "e", "z"}) {
                for (std::uint64_t index = 0; index < 14; ++index) {
                    ASSERT_EQ(cosigned->first({party}, {index}), oracle.first({party}, {index}));
                }
            }
        }
    }
}

// Asked after every addition, so that what is kept from the last answer has to be right.
TEST(Cosigned, StepsAreFinalAtAfterEveryAddition) {
    Rng rng(3);
    const int rounds = test::is_long() ? 10'000 : 500;
    for (int round = 0; round < rounds; ++round) {
        Cosigned cosigned;
        std::size_t k = rng.below(4);
        for (std::size_t i = 0; i < 30; ++i) {
            cosigned.add(random_head(rng));
            if (rng.below(6) == 0) k = rng.below(4);
            const auto& steps = cosigned.final_steps(k);
            for (std::uint64_t index = 0; index < 14; ++index) {
                const auto step =
                    std::find_if(steps.begin(), steps.end(),
                                 [&](const Cosigned::Step& each) { return each.size.v > index; });
                const auto time = step == steps.end() ? std::nullopt : std::optional(step->time);
                ASSERT_EQ(time, cosigned.final_at({index}, k)) << round << "/" << i;
            }
            for (std::size_t n = 1; n < steps.size(); ++n) {
                ASSERT_LT(steps[n - 1].size, steps[n].size);
                ASSERT_LT(steps[n - 1].time, steps[n].time);
            }
        }
    }
}

TEST(Cosigned, ALaterSmallerHeadSaysNothing) {
    Cosigned cosigned;
    cosigned.add({{"un"}, {10}, instant(1000)});
    cosigned.add({{"un"}, {8}, instant(2000)});
    cosigned.add({{"un"}, {12}, instant(3000)});
    EXPECT_EQ(cosigned.first({"un"}, {7}), instant(1000));
    EXPECT_EQ(cosigned.first({"un"}, {10}), instant(3000));
    EXPECT_EQ(cosigned.first({"un"}, {12}), std::nullopt);
    EXPECT_EQ(cosigned.reached({"un"}), TreeSize{12});
    EXPECT_EQ(cosigned.reached({"ru"}), TreeSize{0});
    // An earlier time for the larger head takes the place of both.
    cosigned.add({{"un"}, {12}, instant(500)});
    EXPECT_EQ(cosigned.first({"un"}, {7}), instant(500));
}

TEST(Cosigned, NobodysWordIsNoMoment) {
    const Cosigned cosigned;
    EXPECT_EQ(cosigned.final_at({0}, 0), std::nullopt);
    EXPECT_EQ(cosigned.final_at({0}, 1), std::nullopt);
    EXPECT_EQ(cosigned.final_size(0), TreeSize{0});
}

// The table of reference for n = 1..10, and why: two quorums share more members than the dishonest
// third can be, and the honest alone are a quorum.
TEST(QuorumOf, IsTheLeastThatIsBoundAndReachable) {
    const std::size_t table[] = {0, 1, 2, 3, 3, 4, 5, 5, 6, 7, 7};
    for (std::size_t n = 0; n <= 10; ++n) EXPECT_EQ(quorum_of(n), table[n]) << n;
    for (std::size_t n = 1; n <= 100; ++n) {
        const std::size_t dishonest = (n - 1) / 3;
        EXPECT_GT(2 * quorum_of(n), n + dishonest) << n;
        EXPECT_LE(quorum_of(n), n - dishonest) << n;
        EXPECT_LE(2 * (quorum_of(n) - 1), n + (n + 2) / 3) << n;
    }
    static_assert(quorum_of(3) == 3);
}

}  // namespace
}  // namespace entente::mirror
