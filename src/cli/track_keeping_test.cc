// SPDX-License-Identifier: Apache-2.0
// Alerts on their way to be notices: some at a time, in order; who brought them hears once theirs
// are kept; what could not be written stays; and of one share no more waits than is told of it.
#include "net/track_keeping.h"

#include <gtest/gtest.h>

#include "cli/desk_for_test.h"

namespace entente::net {
namespace {

using test::Office;

std::vector<node::TrackAlert> alerts(std::size_t count, const std::string& party = "ru") {
    std::vector<node::TrackAlert> out(count);
    for (std::size_t i = 0; i < count; ++i) {
        out[i].said.id = std::to_string(i);
        out[i].said.share.party = party;
    }
    return out;
}

/// Keeps and waits.
Result<void> keep(TrackKeeping& keeping, std::vector<node::TrackAlert> some) {
    std::promise<Result<void>> heard;
    keeping.keep(std::move(some), [&](const Result<void>& kept) { heard.set_value(kept); });
    return heard.get_future().get();
}

struct Keeping {
    Office office;
    std::shared_ptr<TrackKeeping> keeping = std::make_shared<TrackKeeping>(office.desk);
    std::vector<std::vector<watch::Alert>> told;  // job by job
    bool fails = false;
    Keeping() {
        keeping->want(true);
        keeping->keep_with([this](std::span<const node::TrackAlert> some) -> Result<void> {
            if (fails) return fail(Errc::unavailable, "the disk is full");
            auto& job = told.emplace_back();
            for (const node::TrackAlert& one : some) job.push_back(one.said);
            return {};
        });
    }
    ~Keeping() { keeping->keep_with({}); }
};

TEST(TrackKeeping, TellsSomeAtATimeInOrderAndWhoBroughtThemOnce) {
    Keeping one;
    constexpr std::size_t count = 3 * TrackKeeping::at_once + 7;
    ASSERT_TRUE(keep(*one.keeping, alerts(count)));
    ASSERT_EQ(one.told.size(), 4u);
    std::size_t next = 0;
    for (const auto& job : one.told) {
        for (const watch::Alert& alert : job) EXPECT_EQ(alert.id, std::to_string(next++));
    }
    EXPECT_EQ(next, count);
    EXPECT_FALSE(one.keeping->behind());
    ASSERT_TRUE(keep(*one.keeping, {}));
    EXPECT_EQ(one.told.size(), 4u);
}

TEST(TrackKeeping, WhatCouldNotBeWrittenStaysAndGoesWithWhatComesNext) {
    Keeping one;
    one.fails = true;
    EXPECT_EQ(keep(*one.keeping, alerts(2)).error().detail, "the disk is full");
    EXPECT_TRUE(one.keeping->behind());
    EXPECT_FALSE(keep(*one.keeping, {})) << "nothing new, and what waits is not kept yet";
    one.fails = false;
    ASSERT_TRUE(keep(*one.keeping, alerts(1, "fr")));
    ASSERT_EQ(one.told.size(), 1u);
    EXPECT_EQ(one.told.front().size(), 3u);
    EXPECT_EQ(one.told.front().back().share.party, "fr");
    EXPECT_FALSE(one.keeping->behind());
}

TEST(TrackKeeping, OfOneShareNoMoreWaitsThanIsToldAndThenThatThereIsMore) {
    Keeping one;
    one.fails = true;
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(keep(*one.keeping, alerts(TrackKeeping::share_max)));
    EXPECT_FALSE(keep(*one.keeping, alerts(1, "fr")));
    one.fails = false;
    ASSERT_TRUE(keep(*one.keeping, {}));
    std::size_t named = 0, untold = 0, others = 0;
    for (const auto& job : one.told) {
        for (const watch::Alert& alert : job) {
            const bool rest = alert.kind == watch::AlertKind::untold;
            untold += rest ? 1u : 0u;
            others += alert.share.party == "fr" ? 1u : 0u;
            named += !rest && alert.share.party == "ru" ? 1u : 0u;
            if (rest) EXPECT_EQ(alert.more, watch::many_alerts);
        }
    }
    EXPECT_EQ(named, TrackKeeping::share_max);
    EXPECT_EQ(untold, 1u);
    EXPECT_EQ(others, 1u) << "another's is there";
    // Once these went there is room again.
    one.told.clear();
    ASSERT_TRUE(keep(*one.keeping, alerts(1)));
    ASSERT_EQ(one.told.size(), 1u);
    EXPECT_EQ(one.told.front().front().kind, watch::AlertKind::entered);
}

TEST(TrackKeeping, LetsGoOfWhatNobodyWantsAndFailsWhereNobodyKeeps) {
    Keeping one;
    one.keeping->want(false);
    EXPECT_TRUE(keep(*one.keeping, alerts(2)));
    EXPECT_TRUE(one.told.empty());
    one.keeping->want(true);
    one.keeping->keep_with({});
    EXPECT_FALSE(keep(*one.keeping, alerts(1)));
    EXPECT_TRUE(one.keeping->behind());
}

}  // namespace
}  // namespace entente::net
