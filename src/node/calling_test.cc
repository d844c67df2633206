// SPDX-License-Identifier: Apache-2.0
// Whom a STOP calls next, by hand-made histories: people who do not answer, who are not there, who
// answer something else.
#include "node/calling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "base/sha256.h"

namespace entente::node {
namespace {

using statement::AttemptOutcome;
using statement::ReplyWord;
using statement::Route;
using std::chrono::hours;
using std::chrono::minutes;

const Instant t0 = instant(1'474'113'600'000);  // 2016-09-17T12:00:00Z

/// A STOP of `us` to `ru`, and what was done about it so far.
class Stop {
  public:
    explicit Stop(std::vector<std::string> desks) {
        calling_.author = PartyId{"us"};
        calling_.to = PartyId{"ru"};
        calling_.desks = std::move(desks);
        calling_.said = t0;
    }
    std::optional<NextCall> next(Instant now = t0 + hours(48)) const {
        return next_call(calling_, terms_, now);
    }

    /// The node calls, and this comes of it.
    void call(Instant at, std::vector<std::string> desks,
              AttemptOutcome outcome = AttemptOutcome::handed, bool automatic = true,
              Route route = Route::direct) {
        statement::Attempt one;
        one.desks = std::move(desks);
        one.at = at;
        one.tried = {{route, route == Route::voice ? "" : "ru", outcome, ""}};
        one.automatic = automatic;
        attempts_.push_back(std::move(one));
        calling_.attempts.push_back({PartyId{"us"}, {}, at, "node", &attempts_.back()});
        std::stable_sort(calling_.attempts.begin(), calling_.attempts.end(),
                         [](const auto& a, const auto& b) { return a.time < b.time; });
    }
    void answer(Instant at, ReplyWord word, bool automatic = false, const char* by = "ru") {
        statement::Reply one;
        one.word = word;
        one.automatic = automatic;
        replies_.push_back(one);
        calling_.replies.push_back({PartyId{by}, {}, at, "", &replies_.back(), true});
    }
    Calling& calling() { return calling_; }

  private:
    statement::CharterTerms terms_;  // 2 min to the next desk, 10 min to all of them
    Calling calling_;
    std::deque<statement::Attempt> attempts_;
    std::deque<statement::Reply> replies_;
};

/// As the node does it: each call at the moment when it is due.
std::vector<std::pair<Duration, std::size_t>> calls_until(Stop& stop, Duration end) {
    std::vector<std::pair<Duration, std::size_t>> out;
    while (const auto next = stop.next()) {
        if (next->due - t0 > end) break;
        stop.call(next->due, next->desks);
        out.emplace_back(next->due - t0, next->desks.size());
    }
    return out;
}

TEST(Calling, WithoutAnAnswerGoesFromDeskToDeskAndThenToAll) {
    Stop stop({"duty", "air operations", "chief of staff"});
    const std::vector<std::pair<Duration, std::size_t>> expected = {
        {minutes(0), 1}, {minutes(2), 1}, {minutes(4), 1}, {minutes(6), 3}, {minutes(16), 3}};
    EXPECT_EQ(calls_until(stop, minutes(25)), expected);
    EXPECT_EQ(stop.calling().attempts[1].attempt->desks.front(), "air operations");
    EXPECT_EQ(stop.calling().attempts[2].attempt->desks.front(), "chief of staff");
}

TEST(Calling, EscalatesToAllWhenItsTimeIsUpHoweverManyDesksThereAre) {
    Stop stop({"1", "2", "3", "4", "5", "6", "7", "8"});
    const auto calls = calls_until(stop, minutes(12));
    const std::vector<std::pair<Duration, std::size_t>> expected = {
        {minutes(0), 1}, {minutes(2), 1}, {minutes(4), 1},
        {minutes(6), 1}, {minutes(8), 1}, {minutes(10), 8}};
    EXPECT_EQ(calls, expected);
}

TEST(Calling, OneDeskIsCalledAgain) {
    Stop stop({"duty"});
    const std::vector<std::pair<Duration, std::size_t>> expected = {
        {minutes(0), 1}, {minutes(2), 1}, {minutes(12), 1}};
    EXPECT_EQ(calls_until(stop, minutes(20)), expected);
}

TEST(Calling, EndsAfterADay) {
    Stop stop({"duty", "air operations"});
    const auto calls = calls_until(stop, hours(48));
    EXPECT_LE(calls.back().first, called_for);
    EXPECT_GE(calls.back().first, called_for - minutes(10));
    EXPECT_FALSE(stop.next());
}

TEST(Calling, WhereNobodyHoldsTheDeskTheNextIsCalledAtOnce) {
    Stop stop({"duty", "air operations"});
    stop.call(t0, {"duty"}, AttemptOutcome::no_answer);
    ASSERT_TRUE(stop.next());
    EXPECT_EQ(stop.next()->due, t0);
    EXPECT_EQ(stop.next()->desks, std::vector<std::string>{"air operations"});
    stop.call(t0, {"air operations"}, AttemptOutcome::no_answer);
    EXPECT_EQ(stop.next()->due, t0) << "then all, so that somebody sees it";
    EXPECT_EQ(stop.next()->desks.size(), 2u);
    stop.call(t0, {"duty", "air operations"}, AttemptOutcome::no_answer);
    EXPECT_EQ(stop.next()->due, t0 + minutes(10)) << "and not in a circle";
}

TEST(Calling, NobodyWaitsUntilAClockThatWasSetBackIsThereAgain) {
    Stop stop({"duty", "air operations"});
    const Instant back = t0 - hours(1);
    ASSERT_TRUE(stop.next(back));
    EXPECT_EQ(stop.next(back)->due, back) << "said later than now";
    stop.call(t0, {"duty"});
    EXPECT_EQ(stop.next(back)->due, back);
    EXPECT_EQ(stop.next(back)->desks, std::vector<std::string>{"air operations"});
    stop.call(back, {"air operations"});
    EXPECT_EQ(stop.next(back + minutes(1))->due, back + minutes(2)) << "and no sooner again";
    EXPECT_EQ(stop.next(back + minutes(1))->desks.size(), 2u);
    EXPECT_EQ(stop.next(t0 + minutes(30))->desks.size(), 2u);
}

TEST(Calling, ARouteThatFailedIsNoReasonToWaitLess) {
    Stop stop({"duty", "air operations"});
    stop.call(t0, {"duty"}, AttemptOutcome::failed);
    EXPECT_EQ(stop.next()->due, t0 + minutes(2));
}

TEST(Calling, EndsWhenItIsAccepted) {
    Stop stop({"duty", "air operations"});
    stop.call(t0, {"duty"});
    stop.answer(t0 + minutes(1), ReplyWord::accepted);
    EXPECT_FALSE(stop.next());
    EXPECT_EQ(stop.calling().answered_at(), t0 + minutes(1));
}

TEST(Calling, WhereOneDeskRefusesAllOfThemHearOfItOnce) {
    Stop stop({"duty", "air operations"});
    stop.call(t0, {"duty"});
    stop.answer(t0 + minutes(1), ReplyWord::refused);
    EXPECT_EQ(stop.calling().answered(), Answered::refused);
    ASSERT_TRUE(stop.next());
    EXPECT_EQ(stop.next()->due, t0 + minutes(1));
    EXPECT_EQ(stop.next()->desks.size(), 2u);
    stop.call(t0 + minutes(1), stop.next()->desks);
    EXPECT_FALSE(stop.next());
    Stop alone({"duty"});
    alone.call(t0, {"duty"});
    alone.answer(t0 + minutes(1), ReplyWord::refused);
    EXPECT_FALSE(alone.next());
}

TEST(Calling, ATimeThatOthersClaimPutsNothingOff) {
    Stop stop({"duty", "air operations"});
    stop.call(t0, {"duty"});
    stop.answer(t0 + hours(100), ReplyWord::noted);
    EXPECT_EQ(stop.next(t0 + minutes(3))->due, t0 + minutes(13));
    Stop refused({"duty", "air operations"});
    refused.call(t0, {"duty"});
    refused.answer(t0 + hours(100), ReplyWord::refused);
    EXPECT_EQ(refused.next(t0 + minutes(3))->due, t0 + minutes(3));
}

TEST(Calling, WhoHasItAndSaysNoMoreIsAskedAgain) {
    Stop stop({"duty", "air operations"});
    stop.call(t0, {"duty"});
    stop.answer(t0 + minutes(1), ReplyWord::noted);
    EXPECT_EQ(stop.calling().answered(), Answered::acknowledged);
    EXPECT_EQ(stop.next()->due, t0 + minutes(11));
    EXPECT_EQ(stop.next()->desks.size(), 2u);
    stop.call(t0 + minutes(11), stop.next()->desks);
    EXPECT_EQ(stop.next()->due, t0 + minutes(21));
}

TEST(Calling, NoAnswerIsWhatANodeOrAThirdPartySays) {
    Stop stop({"duty", "air operations"});
    stop.call(t0, {"duty"});
    stop.answer(t0, ReplyWord::noted, true);
    stop.answer(t0, ReplyWord::accepted, false, "un");
    EXPECT_EQ(stop.calling().answered(), Answered::nobody);
    EXPECT_FALSE(stop.calling().answered_at());
    EXPECT_EQ(stop.next()->due, t0 + minutes(2));
}

TEST(Calling, TheLastWordCounts) {
    Stop stop({"duty"});
    stop.answer(t0, ReplyWord::refused);
    stop.answer(t0 + minutes(1), ReplyWord::accepted);
    EXPECT_EQ(stop.calling().answered(), Answered::accepted);
    stop.answer(t0 + minutes(2), ReplyWord::noted);
    EXPECT_EQ(stop.calling().answered(), Answered::accepted) << "noted takes nothing back";
}

TEST(Calling, WhoWasReachedByTelephoneHasIt) {
    Stop stop({"duty", "air operations"});
    stop.call(t0, {"duty"});
    stop.call(t0 + minutes(1), {"duty"}, AttemptOutcome::no_answer, false, Route::voice);
    EXPECT_EQ(stop.next()->due, t0 + minutes(2)) << "a person's call moves no clock";
    stop.call(t0 + minutes(1), {"duty"}, AttemptOutcome::answered, false, Route::voice);
    EXPECT_EQ(stop.calling().answered(), Answered::acknowledged);
    EXPECT_EQ(stop.next()->due, t0 + minutes(11));
}

TEST(Calling, ALiftedOneCallsNobody) {
    Stop stop({"duty"});
    stop.calling().lifting = true;
    EXPECT_FALSE(stop.next());
    stop.calling().lifting = false;
    stop.calling().open = false;
    EXPECT_FALSE(stop.next());
}

}  // namespace
}  // namespace entente::node
