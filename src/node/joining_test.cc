// SPDX-License-Identifier: Apache-2.0
// Which records lie near an incident, by the index, is what a look at every one of them gives: in
// random worlds with records that were amended, withdrawn and moved, and incidents of all sizes.
#include "node/joining.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "evidence/join.h"
#include "node/index_of.h"
#include "registry/exchange_for_test.h"
#include "registry/history_for_test.h"

namespace entente::node {
namespace {

using registry::test::History;
using registry::test::noon;
using std::chrono::hours;

const Origin origin{"solo/fr"};

geo::Place place(Rng& rng) {
    geo::Place out;
    const auto lat = static_cast<std::int32_t>(rng.below(200'000));
    const auto lng = static_cast<std::int64_t>(rng.below(200'000));
    out.volume.shape = geo::Circle{{lat, lng}, {static_cast<std::int64_t>(rng.below(3000))}};
    return out;
}

registry::Understood incident(Rng& rng, std::uint64_t number) {
    statement::Incident said;
    said.sort = "shelling";
    said.from = noon + hours(rng.below(100));
    said.until = *said.from + hours(1 + rng.below(50));
    for (std::size_t i = rng.below(3); i < 3; ++i) {
        said.volumes.push_back(place(rng));
        if (rng.below(2) == 0) said.volumes.back().accuracy = Decimetres{5000};
    }
    said.contact = "liaison";
    registry::Understood out;
    out.position = {{100'000 + number}, sha256("incident " + std::to_string(number))};
    out.opened = 5;
    out.head.emplace();
    out.head->secret = sha256("secret " + std::to_string(number));
    out.head->keys = {"solo", origin, statement::record_id(origin, out.head->secret), 1};
    out.head->kind = statement::incident_kind;
    out.head->act = "add";
    out.head->protects = false;
    out.head->time = noon;
    out.dealt = std::make_shared<const statement::Dealt>(std::move(said));
    return out;
}

/// Some are amended, which may cover what was, withdrawn, or moved.
void say_something(History& history, Rng& rng, int record) {
    history.say({.record = record, .where = std::vector{place(rng)}});
    std::uint32_t version = 1;
    while (rng.below(2) == 0) {
        const bool ends = rng.below(4) == 0;
        registry::test::Said said{.act = ends ? "withdraw" : "amend",
                                  .record = record,
                                  .version = ++version,
                                  .time = noon + hours(rng.below(100)),
                                  .approvals = rng.below(2) == 0 ? "o" : "",
                                  .where = std::vector{place(rng)}};
        if (rng.below(2) == 0) said.where->push_back(place(rng));
        history.say(said);
        if (ends) return;
    }
}

TEST(Joining, TheIndexFindsWhateverALookAtAllOfThemFinds) {
    std::size_t rows = 0;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        Rng rng(seed);
        History history(Duration(0), 1, 100'000, 100);
        for (int i = 0; i < 60; ++i) say_something(history, rng, i);
        for (std::uint64_t i = 0; i < 20; ++i) history.apply(incident(rng, i));
        const auto& snapshot = history.registry().snapshot();
        const view::View view(snapshot, {snapshot.party()});
        const index::Index index = index_of(snapshot);
        index::Scratch scratch;
        std::vector<view::Slot> all;
        for (view::Slot slot = 0; slot < view.size(); ++slot) all.push_back(slot);
        for (const view::SeenStatement& one : view.statements(statement::incident_kind)) {
            const Metres within{static_cast<double>(rng.below(3000))};
            const auto near = near_scene(index, scratch, *evidence::scene_of(one), within);
            const auto by_index = evidence::join(view, one, near, within);
            const auto by_all = evidence::join(view, one, all, within);
            ASSERT_EQ(by_index.rows, by_all.rows) << "seed " << seed;
            rows += by_all.rows.size();
        }
    }
    EXPECT_GT(rows, 3000U);
}

/// un's register around one incident, in which fr and ru say very much: fr of one record, in many
/// places and versions, and ru of many records.
class Crowd : public ::testing::Test {
  protected:
    Crowd() {
        auto& registry = exchange_.registry();
        const registry::LogNumber ru_log = registry.add_log(ru_.origin(), PartyId{"ru"});
        for (std::uint32_t version = 1; version <= 63; ++version) {
            exchange_.say({.act = version == 1 ? "add" : "amend",
                           .record = 0,
                           .version = version,
                           .where = std::vector(16, circle(0))});
        }
        exchange_.say({.record = 1, .where = std::vector{circle(200)}});
        for (int i = 0; i < 700; ++i) {
            registry.apply(
                ru_log, ru_.make({.record = i, .where = std::vector{circle(400 + i % 7)}}).open());
        }
        for (int i = 0; i < 3; ++i) {
            registry.apply(
                exchange_.un().make({.record = i, .where = std::vector{circle(300)}}).open());
        }
        Rng rng(1);
        auto happened = incident(rng, 1);
        happened.head->keys.charter = "joint";
        happened.head->keys.origin = exchange_.un().origin();
        happened.head->keys.record =
            statement::record_id(exchange_.un().origin(), happened.head->secret);
        auto said = std::get<statement::Incident>(*happened.dealt);
        said.volumes = {circle(0)};
        happened.dealt = std::make_shared<const statement::Dealt>(said);
        id_ = happened.head->keys.record;
        registry.apply(happened);
    }

    /// So many tenths of a microdegree north of the incident.
    static geo::Place circle(std::int32_t north) {
        geo::Place out;
        out.volume.shape = geo::Circle{{north, 0}, {10}};
        return out;
    }
    view::View view() { return {exchange_.settled(), {PartyId{"un"}}}; }
    static std::vector<view::Slot> all(const view::View& view) {
        std::vector<view::Slot> out;
        for (view::Slot slot = 0; slot < view.size(); ++slot) out.push_back(slot);
        return out;
    }

    registry::test::Exchange exchange_;
    registry::test::Teller ru_{"ru", "joint"};
    RecordId id_;
};

TEST_F(Crowd, HidesNobodysPlacesInTheTable) {
    const view::View view = this->view();
    const evidence::Join join =
        evidence::join(view, *view.find_statement(id_), all(view), Metres{0});
    EXPECT_EQ(join.rows_total, 63 * 16 + 1 + 700 + 3U);
    EXPECT_EQ(join.rows.size(), evidence::Join::rows_max);
    const std::vector<evidence::JoinShare> shares{{PartyId{"fr"}, 499, 63 * 16 + 1, 0, 0},
                                                  {PartyId{"ru"}, 498, 700, 0, 0},
                                                  {PartyId{"un"}, 3, 3, 0, 0}};
    EXPECT_EQ(join.parties, shares);
    std::map<RecordId, std::size_t> of_record;
    for (const evidence::JoinRow& row : join.rows) ++of_record[row.record];
    EXPECT_EQ(of_record[exchange_.fr().id(0)], 498U);
    EXPECT_EQ(of_record[exchange_.fr().id(1)], 1U);
    EXPECT_TRUE(
        std::is_sorted(join.rows.begin(), join.rows.end(),
                       [](const auto& a, const auto& b) { return a.distance->v < b.distance->v; }));
}

TEST_F(Crowd, HidesNoRowFromWhoLooksForSome) {
    const view::View view = this->view();
    const auto incident = *view.find_statement(id_);
    std::set<RecordId> seen;
    std::size_t rows = 0;
    const auto look = [&](const evidence::WantsRows& wanted) {
        seen.clear();
        rows = 0;
        evidence::each_row(view, incident, all(view), Metres{0}, wanted, [&](const auto& row) {
            seen.insert(row.record);
            ++rows;
        });
    };
    look([](view::Slot, const PartyId&) { return true; });
    EXPECT_EQ(rows, 63 * 16 + 1 + 700 + 3U);
    EXPECT_EQ(seen.size(), 2 + 700 + 3U);
    look([](view::Slot, const PartyId& party) { return party.v == "un"; });
    EXPECT_EQ(rows, 3U);
    look([&](view::Slot slot, const PartyId&) { return !seen.contains(view.at(slot).id()); });
    EXPECT_EQ(rows, 2 + 700 + 3U) << "what is wanted may change as rows come";
}

}  // namespace
}  // namespace entente::node
