// SPDX-License-Identifier: Apache-2.0
// What stands in a list of what others know: where, no finer than an area.
#include "view/gist.h"

#include "geo/coarse.h"
#include "view/story_for_test.h"

namespace entente::view {
namespace {

/// A report with a place of 50 m, this far from the edge of a cell of the grid.
Told report(std::uint32_t version, std::int32_t east_e7) {
    statement::Report said;
    said.topic = "EXERCISE convoy";
    said.contact = "desk";
    geo::Place place;
    place.volume.shape = geo::Circle{{344'050'000, 362'000'000 + east_e7}, {500}};
    said.volumes = {place};
    return {1, "report", version, version == 1 ? "add" : "amend", said};
}

Gist gist_of(const std::vector<Told>& all) {
    Story story;
    for (const Told& one : all) story.say(one);
    std::vector<std::size_t> order(story.all.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    const auto snapshot = told(story, order);
    return gist(*find_statement(snapshot, id_of(1, "report")), Depth::coarse);
}

TEST(Gist, ACorrectionAcrossTheEdgeOfACellKeepsItsArea) {
    // 20 m to the west of the edge, and 20 m to the east: both grown areas cover both.
    const Gist west = gist_of({report(1, -2'000)}), east = gist_of({report(1, 2'000)});
    ASSERT_EQ(west.places.size(), 1u);
    ASSERT_NE(west.places[0].volume.shape, east.places[0].volume.shape) << "the cells differ";
    const Gist moved = gist_of({report(1, -2'000), report(2, 2'000)});
    EXPECT_EQ(moved.places[0].volume.shape, west.places[0].volume.shape);
    EXPECT_FALSE(moved.exactly);
    const Gist gone = gist_of({report(1, -2'000), report(2, 9'000'000)});
    EXPECT_NE(gone.places[0].volume.shape, west.places[0].volume.shape);
    const auto* area = std::get_if<geo::Area>(&gone.places[0].volume.shape);
    ASSERT_NE(area, nullptr);
    EXPECT_TRUE(geo::area_covers(*area, geo::Circle{{344'050'000, 371'000'000}, {500}}, {0}));
}

TEST(Gist, KeepsAnAreaThroughManyVersionsAndNoLongerThanItCovers) {
    std::vector<Told> all = {report(1, -2'000)};
    const Gist first = gist_of(all);
    for (std::uint32_t version = 2; version <= 40; ++version) {
        all.push_back(report(version, version % 2 == 0 ? 2'000 : -2'000));
    }
    const Gist last = gist_of(all);
    ASSERT_EQ(last.places.size(), 1u);
    const auto* area = std::get_if<geo::Area>(&last.places[0].volume.shape);
    ASSERT_NE(area, nullptr);
    EXPECT_TRUE(geo::area_covers(*area, geo::Circle{{344'050'000, 361'998'000}, {500}}, {0}));
}

}  // namespace
}  // namespace entente::view
