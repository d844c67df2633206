// SPDX-License-Identifier: Apache-2.0
// What the charter lets a party's STOPs cover (PROTOCOL 19): what is beyond is shown and is a
// caution, in the log and before that shows it; and one's own have no limit.
#include "node/urgent.h"
#include "sim/activities_for_test.h"

namespace entente::sim {
namespace {

constexpr std::int64_t km = 10'000;  // decimetres

class StopBudget : public testing::Test {
  protected:
    StopBudget() { four.rounds(2); }
    Party& fr() { return four.fr(); }
    Party& ru() { return four.ru(); }
    RecordId stop(std::int32_t lat, std::int64_t radius_km, node::Tier tier = node::Tier::exact) {
        node::Draft draft;
        draft.act = statement::act::add;
        draft.actor = "a.duty";
        geo::Place place;
        place.volume.shape = geo::Circle{{lat, 363'000'000}, {radius_km * km}};
        place.buffer = Decimetres{0};
        draft.protection.where = {place};
        draft.protection.contact = "watch";
        draft.protection.stop = statement::Stop{PartyId{"ru"}, {"duty"}, "EXERCISE", {}};
        return *fr().say(draft, {}, {{PartyId{"ru"}, tier}}, four.now);
    }
    check::Answer ask(Party& of, std::int32_t lat) {
        check::Question question;
        question.volumes.push_back({geo::Circle{{lat, 363'000'000}, {1000}}, {}, {}});
        return of.ask(question, four.now);
    }
    static std::size_t count(const check::Answer& answer, const std::string& code) {
        for (const check::Reason& one : answer.reasons) {
            if (one.code == code) return one.count;
        }
        return 0;
    }
    static bool shows(const check::Answer& answer, const RecordId& id, check::Verdict weight) {
        return std::any_of(answer.objections.begin(), answer.objections.end(), [&](const auto& f) {
            return f.id == id && f.weight == weight && f.stops;
        });
    }
    Four four;
};

TEST_F(StopBudget, OneThatReachesTooFarIsACautionAndShownAndOneOfItsOwnAConflict) {
    const RecordId wide = stop(335'000'000, 600);
    const RecordId near = stop(335'000'000, 20);
    four.rounds(2);
    const check::Answer there = ask(ru(), 335'000'000);
    EXPECT_EQ(there.verdict, check::Verdict::conflict);
    EXPECT_EQ(count(there, "open_stop"), 1u);
    EXPECT_EQ(count(there, "stop_over_budget"), 1u);
    EXPECT_TRUE(shows(there, wide, check::Verdict::caution));
    EXPECT_TRUE(shows(there, near, check::Verdict::conflict));
    const check::Answer away = ask(ru(), 345'000'000);
    EXPECT_EQ(count(away, "open_stop"), 0u);
    EXPECT_EQ(count(away, "stop_over_budget"), 1u);
    EXPECT_TRUE(shows(away, wide, check::Verdict::caution));
    EXPECT_EQ(count(ask(fr(), 345'000'000), "open_stop"), 1u) << "one's own has no limit";
    EXPECT_EQ(count(ask(four.un(), 345'000'000), "stop_over_budget"), 0u) << "not told";
}

TEST_F(StopBudget, AllOfOnePartyCoverNoMoreThanTheCharterAllowsInOrderOfItsLog) {
    const RecordId first = stop(335'000'000, 450);   // a box of 810,000 km²
    const RecordId second = stop(335'000'000, 400);  // and 640,000 more
    const RecordId third = stop(335'000'000, 100);   // and 40,000, which fits
    four.rounds(2);
    const check::Answer there = ask(ru(), 335'000'000);
    EXPECT_EQ(count(there, "open_stop"), 2u);
    EXPECT_TRUE(shows(there, first, check::Verdict::conflict));
    EXPECT_TRUE(shows(there, second, check::Verdict::caution));
    EXPECT_TRUE(shows(there, third, check::Verdict::conflict));
}

TEST_F(StopBudget, ACoarseAreaOfOneCountsAsItIs) {
    stop(335'000'000, 600, node::Tier::coarse);
    const RecordId near = stop(335'000'000, 20, node::Tier::coarse);
    four.rounds(2);
    const check::Answer there = ask(ru(), 335'000'000);
    EXPECT_EQ(count(there, "open_stop"), 1u);
    EXPECT_EQ(count(there, "stop_over_budget"), 1u);
    EXPECT_TRUE(shows(there, near, check::Verdict::conflict));
}

TEST_F(StopBudget, OneThatNoLogShowsYetIsMeasuredToo) {
    auto urgents = [](Party& of) {
        return std::move(*node::Urgents::load(
            {&of.node(), &of.exchange(), &of.store(), &of.vault(), &of.keys(), of.rng().bytes()}));
    };
    node::Urgents at_ru = urgents(ru());
    const auto send = [&](const RecordId& id) {
        const view::View view = view_of(fr());
        const auto calling = node::calling_of(view, *view.find(id), four.now);
        ASSERT_TRUE(calling);
        const auto box = urgents(fr()).make(*calling, {"duty"}, four.now);
        ASSERT_TRUE(box) << box.error().detail;
        ASSERT_TRUE(at_ru.take(*box, four.now));
    };
    send(stop(335'000'000, 600));
    const check::Answer wide = ask(ru(), 335'000'000);
    EXPECT_EQ(count(wide, "open_stop_unlogged"), 0u);
    EXPECT_EQ(count(wide, "stop_over_budget"), 1u);
    EXPECT_EQ(count(wide, "stop_unlogged"), 0u);
    EXPECT_NE(wide.verdict, check::Verdict::conflict);
    send(stop(335'000'000, 20));
    EXPECT_EQ(count(ask(ru(), 335'000'000), "open_stop_unlogged"), 1u);
    EXPECT_EQ(count(ask(ru(), 200'000'000), "stop_unlogged"), 2u);
}

}  // namespace
}  // namespace entente::sim
