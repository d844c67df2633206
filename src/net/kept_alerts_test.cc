// SPDX-License-Identifier: Apache-2.0
#include "net/kept_alerts.h"

#include <gtest/gtest.h>

namespace entente::net {
namespace {

using Of = watch::Share::Of;

std::vector<std::uint64_t> numbers(const std::vector<KeptAlerts::Told>& page) {
    std::vector<std::uint64_t> out;
    for (const auto& one : page) out.push_back(one.number);
    return out;
}

TEST(KeptAlerts, OfOneGiverAreTheNewest) {
    KeptAlerts kept(3);
    for (std::uint64_t i = 1; i <= 5; ++i) kept.add({i, {}, ""}, {"xx", Of::zones});
    EXPECT_EQ(numbers(kept.since(0, 10)), (std::vector<std::uint64_t>{3, 4, 5}));
    EXPECT_EQ(numbers(kept.since(3, 1)), (std::vector<std::uint64_t>{4}));
    EXPECT_EQ(kept.oldest(), 3u);
    EXPECT_EQ(kept.gone(), 2u);
}

TEST(KeptAlerts, AFloodOfOnePushesOutItsOwnAlone) {
    KeptAlerts kept(10);
    kept.add({1, {}, "hospital"}, {"yy", Of::protections});
    kept.add({2, {}, "border"}, {"yy", Of::zones});
    kept.add({3, {}, "own hospital"}, {"xx", Of::protections});
    for (std::uint64_t i = 4; i <= 1000; ++i) kept.add({i, {}, "flood"}, {"xx", Of::zones});
    const auto all = kept.since(0, 100);
    EXPECT_EQ(numbers(all),
              (std::vector<std::uint64_t>{1, 2, 3, 994, 995, 996, 997, 998, 999, 1000}));
    EXPECT_EQ(all[0].json, "hospital");
    EXPECT_EQ(kept.oldest(), 1u);
    EXPECT_EQ(kept.gone(), 993u) << "up to which something is missing";
}

TEST(KeptAlerts, HoldsNothingAtFirst) {
    const KeptAlerts kept(10);
    EXPECT_TRUE(kept.since(0, 10).empty());
    EXPECT_EQ(kept.oldest(), 0u);
    EXPECT_EQ(kept.gone(), 0u);
}

}  // namespace
}  // namespace entente::net
