// SPDX-License-Identifier: Apache-2.0
// Done when 3, for legs: late and early arrival around each end of a leg's hours, to the
// millisecond; over midnight, the end of a month, of a leap February and of a year; and what a node
// says whose clock is behind or ahead. The moment is an argument everywhere.
#include <gtest/gtest.h>

#include "check/answer.h"
#include "node/stuck.h"
#include "view/history_for_test.h"

namespace entente::node {
namespace {

using statement::Leg;
using view::LegState;
using view::test::History;
using view::test::Said;

constexpr auto ms = std::chrono::milliseconds(1);
constexpr auto minute = std::chrono::minutes(1);
constexpr auto hour = std::chrono::hours(1);

Instant at(const char* text) { return *parse_rfc3339(text); }

Leg leg_of(Instant start, Instant end, std::optional<Instant> started = {}) {
    return {1, "", "", {start, end}, {}, started};
}

Said said(const char* act, std::uint32_t version, const std::vector<Leg>& legs, Instant time) {
    Said out;
    out.kind = "movement";
    out.act = act;
    out.version = version;
    out.time = time;
    out.approvals = "o";
    out.class_name = "relief";
    out.legs = legs;
    out.where.emplace();
    for (const Leg& leg : legs) {
        geo::Place line;
        line.volume.shape = geo::Corridor{{{0, 0}, {0, 1'000'000}}, {100}};
        line.buffer = line.accuracy = Decimetres{0};
        out.where->push_back(place_of(leg, line));
    }
    return out;
}

class Road {
  public:
    explicit Road(const Leg& leg) { history_.say(said("add", 1, {leg}, *leg.window.start)); }
    void start(const Leg& leg) { history_.say(said("start", 2, {leg}, *leg.started)); }
    void end(Instant time) { history_.say(said("end", 3, {}, time)); }

    view::SeenLeg leg() const { return view::Seen(history_.registry().snapshot(), 0).legs()[0]; }
    std::string state(Instant now) const { return view::name(leg().state(now)); }
    /// Whether a plan of one millisecond touches it, asked at `now`.
    bool touches(Instant hour_asked, Instant now) const {
        const view::View view = view::test::view_of(history_);
        std::vector<index::Item> items = check::index_items(0, view.at(0));
        index::Scratch scratch;
        const geo::Volume4D plan{geo::Circle{{0, 500'000}, {0}}, {}, {hour_asked, hour_asked + ms}};
        return check::answer(view, index::Index::build(std::move(items)), scratch, {{plan}, {0}},
                             {}, now)
                   .findings_total > 0;
    }
    std::size_t stuck_at(Instant now, Duration ahead) const {
        Ladder ladder;
        ladder.record = History::id(0);
        ladder.party = PartyId{"ru"};
        ladder.legs = {{1, statement::Rung::opened, false, false, {}}};
        return stuck({ladder}, view::test::view_of(history_), now, ahead).size();
    }

  private:
    History history_{hour};
};

/// Hours across every kind of midnight.
const std::pair<const char*, const char*> nights[] = {
    {"2026-03-10T23:30:00Z", "2026-03-11T00:30:00Z"},  // a plain one
    {"2026-04-30T23:59:59Z", "2026-05-01T00:00:00Z"},  // of a month; it ends as the day begins
    {"2024-02-28T23:30:00Z", "2024-02-29T23:30:00Z"},  // of a leap year
    {"2024-02-29T23:30:00Z", "2024-03-01T00:30:00Z"},  //
    {"2023-02-28T23:30:00Z", "2023-03-01T00:30:00Z"},  // of none
    {"2016-12-31T23:59:59Z", "2016-12-31T23:59:60Z"},  // of a year, with a leap second
    {"2015-12-31T22:00:00+05:45", "2016-01-01T03:00:00+05:45"},
};

TEST(DoneWhen3, ALegIsLateOverdueAndLapsedFromTheMillisecondOn) {
    for (const auto& [from, to] : nights) {
        SCOPED_TRACE(from);
        const Instant start = at(from), end = at(to), lapse = end + 24 * hour;
        const Road road(leg_of(start, end));
        EXPECT_EQ(road.state(start - ms), "planned");
        EXPECT_EQ(road.state(start), "late");
        EXPECT_EQ(road.state(end - ms), "late");
        EXPECT_EQ(road.state(end), "overdue");
        EXPECT_EQ(road.state(lapse - ms), "overdue");
        EXPECT_FALSE(road.leg().over(lapse - ms));
        EXPECT_EQ(road.state(lapse), "lapsed");
        EXPECT_TRUE(road.leg().over(lapse));
    }
}

TEST(DoneWhen3, ALegTouchesAPlanFromItsFirstMillisecondToItsLast) {
    for (const auto& [from, to] : nights) {
        SCOPED_TRACE(from);
        const Instant start = at(from), end = at(to), lapse = end + 24 * hour;
        const Road road(leg_of(start, end));
        for (const Instant now : {start - 240 * hour, start, end, lapse, lapse + 240 * hour}) {
            EXPECT_FALSE(road.touches(start - ms, now));
            EXPECT_TRUE(road.touches(start, now));
            EXPECT_TRUE(road.touches(end, now)) << "it may be late, by a day";
            EXPECT_TRUE(road.touches(lapse - ms, now));
            EXPECT_FALSE(road.touches(lapse, now));
        }
    }
}

TEST(DoneWhen3, AnEarlyStartProtectsFromThenOnAndALateOneTakesNothingAway) {
    const Instant start = at("2024-02-29T23:30:00Z"), end = at("2024-03-01T00:30:00Z");
    struct Case {
        Instant started;
        bool early;
    };
    for (const auto& [started, early] :
         {Case{start - ms, true}, Case{start - 24 * hour, true}, Case{start, false},
          Case{start + ms, false}, Case{end, false}, Case{end + 24 * hour - ms, false}}) {
        SCOPED_TRACE(format_rfc3339(started));
        Road road(leg_of(start, end));
        road.start(leg_of(start, end, started));
        EXPECT_EQ(road.leg().early(), early);
        const Instant from = std::min(started, start);
        EXPECT_FALSE(road.touches(from - ms, started));
        EXPECT_TRUE(road.touches(from, started));
        EXPECT_TRUE(road.touches(start, started));
        EXPECT_TRUE(road.touches(end + 24 * hour - ms, started));
        EXPECT_EQ(
            road.state(std::max(start, started)),
            *road.leg().leg->window.end <= std::max(start, started) ? "overdue" : "under_way");
    }
}

TEST(DoneWhen3, AnArrivalEndsALegAtThatMillisecondHoweverEarlyOrLate) {
    const Instant start = at("2016-12-31T23:30:00Z"), end = at("2017-01-01T00:30:00Z");
    for (const Instant arrived : {start, end - ms, end, end + ms, end + 23 * hour}) {
        SCOPED_TRACE(format_rfc3339(arrived));
        Road road(leg_of(start, end));
        road.start(leg_of(start, end, start));
        road.end(arrived);
        EXPECT_TRUE(road.touches(end, arrived - ms));
        EXPECT_FALSE(road.leg().over(arrived - ms));
        EXPECT_FALSE(road.touches(end, arrived));
        EXPECT_TRUE(road.leg().over(arrived));
        EXPECT_EQ(road.state(arrived), "ended");
    }
}

/// Each node goes by its own clock: what is asked about an hour is the same for all of them.
TEST(DoneWhen3, AClockBehindOrAheadMovesWhatIsLateAndNotWhatIsProtected) {
    const Instant start = at("2026-05-31T23:30:00Z"), end = at("2026-06-01T00:30:00Z");
    const Road road(leg_of(start, end));
    const Instant now = start + 10 * minute;  // by a good clock: nobody has said that it started
    struct Case {
        Duration off;
        const char* state;
        std::size_t stuck;  // within the next two hours
    };
    for (const auto& [off, state, stuck] :
         {Case{-24 * hour, "planned", 0}, Case{-3 * hour, "planned", 0},
          Case{-130 * minute + ms, "planned", 1}, Case{-11 * minute, "planned", 1},
          Case{-10 * minute - ms, "planned", 1}, Case{-10 * minute, "late", 1},
          Case{Duration(0), "late", 1}, Case{50 * minute - ms, "late", 1},
          Case{50 * minute, "overdue", 1}, Case{24 * hour, "overdue", 1},
          Case{24 * hour + 50 * minute - ms, "overdue", 1},
          Case{24 * hour + 50 * minute, "lapsed", 0}, Case{72 * hour, "lapsed", 0}}) {
        SCOPED_TRACE(off.count());
        EXPECT_EQ(road.state(now + off), state);
        EXPECT_EQ(road.stuck_at(now + off, 2 * hour), stuck);
        EXPECT_TRUE(road.touches(now, now + off)) << "whatever its clock says";
        EXPECT_FALSE(road.touches(start - ms, now + off));
    }
}

}  // namespace
}  // namespace entente::node
