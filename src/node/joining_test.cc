// SPDX-License-Identifier: Apache-2.0
// Which records lie near an incident, by the index, is what a look at every one of them gives: in
// random worlds with records that were amended, withdrawn and moved, and incidents of all sizes.
#include "node/joining.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "evidence/join.h"
#include "node/index_of.h"
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

}  // namespace
}  // namespace entente::node
