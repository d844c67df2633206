// SPDX-License-Identifier: Apache-2.0
// Done when 3, between nodes: a party whose clock is ahead or behind, by minutes and by hours. A
// sign of life from the future is an alarm (PROTOCOL 23), one from long ago is old, both make an
// answer incomplete, and neither changes what protects.
#include <gtest/gtest.h>

#include <algorithm>

#include "node/exchange_state.h"
#include "sim/draft_for_test.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;

/// fr, whose clock is good, and ru, whose clock is off.
class Clocks {
  public:
    explicit Clocks(Duration off) : off_(off) {}

    Instant ru_now() const { return now_ + off_; }
    void set_right() { off_ = Duration(0); }

    /// ru gives a sign of life, and fr fetches it.
    void round() {
        now_ += 60s;
        const auto ticked = ru_.exchange().tick(ru_now());
        EXPECT_TRUE(ticked) << ticked.error().detail;
        EXPECT_TRUE(sync(fr_, ru_, now_));
    }
    RecordId say(const node::Draft& draft, const std::optional<RecordId>& record = {}) {
        const auto said = ru_.say(draft, record, {{PartyId{"fr"}, node::Tier::exact}}, ru_now());
        EXPECT_TRUE(said) << said.error().detail;
        return *said;
    }
    /// What fr is told, `later` after it heard of ru last.
    check::Answer ask(Duration later = {}, const geo::Window& hours = {}) {
        const geo::Circle here{{200'000'000, 363'000'000}, {10}};
        return fr_.ask({{{here, {}, hours}}, {0}}, now_ + later);
    }
    std::vector<std::string> codes(Duration later = {}) {
        std::vector<std::string> out;
        for (const check::Reason& one : ask(later).reasons) {
            if (one.party == ru_.id()) out.push_back(one.code);
        }
        return out;
    }
    bool accused() const {
        const auto& misdeeds = fr_.exchange().peer(PartyId{"ru"})->misdeeds;
        return std::any_of(misdeeds.begin(), misdeeds.end(),
                           [](const node::Misdeed& one) { return one.code == "future_beat"; });
    }
    const statement::CharterTerms& terms() const { return founders_.charter.terms; }

  private:
    Founders founders_ = found({"fr", "ru"}, statement::default_joint_terms(), 1);
    mutable Party fr_{founders_, 0, 1};
    Party ru_{founders_, 1, 2};
    Duration off_;
    Instant now_ = noon;
};

using Codes = std::vector<std::string>;

TEST(DoneWhen3, ABeatFromTheFutureIsAnAlarmAndOneFromLongAgoIsOld) {
    const auto terms = statement::default_joint_terms();
    struct Case {
        Duration off;
        Codes codes;
        bool accused;
    };
    const Case cases[] = {
        {0s, {}, false},
        {1ms, {}, false},
        {terms.beat_every, {}, false},
        {terms.beat_every + 1ms, {"beat_ahead"}, false},
        {node::clock_skew_max, {"beat_ahead"}, false},
        {node::clock_skew_max + 1ms, {"beat_ahead"}, true},
        {5min, {"beat_ahead"}, true},
        {3h, {"beat_ahead"}, true},
        {30h, {"beat_ahead"}, true},
        {-1ms, {}, false},
        {-5min, {}, false},
        {-terms.age_limit, {}, false},
        {-terms.age_limit - 1ms, {"stale"}, false},
        {-3h, {"stale"}, false},
        {-30h, {"stale"}, false},
    };
    for (const Case& one : cases) {
        SCOPED_TRACE(one.off.count());
        Clocks clocks(one.off);
        clocks.say(clinic(200'000'000));
        for (int i = 0; i < 3; ++i) clocks.round();
        EXPECT_EQ(clocks.codes(), one.codes);
        EXPECT_EQ(clocks.accused(), one.accused);
        const check::Answer answer = clocks.ask();
        EXPECT_EQ(answer.verdict, check::Verdict::conflict);
        EXPECT_EQ(answer.findings_total, 1u) << "whatever a clock says, what is said protects";
    }
}

TEST(DoneWhen3, SilenceIsOldByTheMillisecondWhateverTheClockOfWhoIsSilent) {
    for (const Duration off : {Duration(0), Duration(-5min), Duration(3h)}) {
        SCOPED_TRACE(off.count());
        Clocks clocks(off);
        clocks.round();
        // From the older of what it claims and when it came.
        const Duration rest = clocks.terms().age_limit + std::min(off, Duration(0));
        const auto is_stale = [&](Duration later) {
            const Codes codes = clocks.codes(later);
            return std::find(codes.begin(), codes.end(), "stale") != codes.end();
        };
        EXPECT_FALSE(is_stale(rest));
        EXPECT_TRUE(is_stale(rest + 1ms));
    }
}

TEST(DoneWhen3, AClockThatIsSetRightEndsTheAlarm) {
    for (const Duration off : {Duration(3h), Duration(-3h)}) {
        SCOPED_TRACE(off.count());
        Clocks clocks(off);
        for (int i = 0; i < 3; ++i) clocks.round();
        EXPECT_EQ(clocks.codes().size(), 1u);
        clocks.set_right();
        for (int i = 0; i < 3; ++i) clocks.round();
        EXPECT_EQ(clocks.codes(), Codes());
    }
}

/// Its author's clock decides when a leg is said to have started, and never takes hours from it.
TEST(DoneWhen3, ALegWhoseAuthorsClockIsOffProtectsInAllOfItsHours) {
    for (const Duration off : {Duration(0), Duration(7min), Duration(-7min), Duration(5h),
                               Duration(-5h), Duration(23h), Duration(-23h)}) {
        SCOPED_TRACE(off.count());
        Clocks clocks(off);
        statement::Leg leg;
        leg.window = {noon - 10min, noon + 50min};
        geo::Place line;
        line.volume.shape =
            geo::Corridor{{{200'000'000, 363'000'000}, {200'000'000, 363'900'000}}, {100}};
        node::Draft draft = draft_of(statement::ProtectionClass::relief, {});
        draft.protection.legs = {leg};
        draft.protection.where = {statement::place_of(leg, line)};
        const RecordId road = clocks.say(draft);
        clocks.round();
        node::Draft start;
        start.act = statement::act::start;
        start.actor = "a.registrar";
        start.leg = 1;
        clocks.say(start, road);
        clocks.round();
        const Instant from = std::min(*leg.window.start, noon + 60s + off);
        const Instant until = *leg.window.end + 24h;
        for (const Instant hour : {from, *leg.window.start, noon, until - 1ms}) {
            EXPECT_EQ(clocks.ask({}, {hour, hour + 1ms}).findings_total, 1u)
                << format_rfc3339(hour);
        }
        for (const Instant hour : {from - 1ms, until}) {
            EXPECT_EQ(clocks.ask({}, {hour, hour + 1ms}).findings_total, 0u)
                << format_rfc3339(hour);
        }
    }
}

}  // namespace
}  // namespace entente::sim
