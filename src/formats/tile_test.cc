// SPDX-License-Identifier: Apache-2.0
// Points of tiles against a double loop that knows only the records: random worlds, every zoom. The
// tiles are read by mvt_decode_for_test.h, and once more by GDAL.
#include "formats/tile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

#include "base/random.h"
#include "formats/mvt_decode_for_test.h"
#include "formats/tile_world_for_test.h"

namespace entente::formats {
namespace {

using namespace std::chrono_literals;
using test::decode_tile;
using test::DecodedFeature;
using test::TileWorld;
using view::test::named;
using view::test::noon;

TEST(TileAddress, IsReadFromPlainDecimals) {
    EXPECT_EQ(parse_tile("0/0/0").value(), (TileAddress{0, 0, 0}));
    EXPECT_EQ(parse_tile("9/308/207").value(), (TileAddress{9, 308, 207}));
    EXPECT_EQ(parse_tile("22/4194303/4194303").value(), (TileAddress{22, 4194303, 4194303}));
}

TEST(TileAddress, IsRefusedWithItsReason) {
    for (const char* text : {"", "/", "1", "1/0", "1/0/", "1/0/0/", "1/0/0.mvt", " 1/0/0", "+1/0/0",
                             "-1/0/0", "01/0/0", "1/00/0", "1//0", "a/b/c", "1/0/0 ", "0x1/0/0"}) {
        const auto read = parse_tile(text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().code, Errc::malformed) << text;
        EXPECT_NE(read.error().detail.find("Z/X/Y"), std::string::npos);
    }
    for (const char* text : {"23/0/0", "0/1/0", "0/0/1", "5/32/0", "5/0/32", "99999999999/0/0",
                             "22/4194304/0", "5/4294967296/0"}) {
        const auto read = parse_tile(text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().code, Errc::not_found) << text;
    }
}

/// A point that protects, by brute force.
struct Spot {
    std::string id;
    double x, y;  // of the plane, by formulas of this test's own
};

std::vector<Spot> spots(const view::View& view, Instant now) {
    std::vector<Spot> out;
    for (view::Slot slot = 0; slot < view.size(); ++slot) {
        const view::Seen seen = view.at(slot);
        std::set<geo::LatLng> points;
        for (const view::SeenPlace& place : seen.places(now)) {
            points.insert(test::point_by_hand(place.reached->place.volume.shape));
        }
        for (const geo::LatLng p : points) {
            const test::WebMercator at = test::web_mercator(p);
            out.push_back({seen.id().text(), at.x, at.y});
        }
    }
    return out;
}

/// Checks the points of one tile against the spots; true if there are any.
bool expect_points(const std::vector<Spot>& all, TileAddress at, const Bytes& mvt) {
    const double side = std::ldexp(1.0, -static_cast<int>(at.z));
    std::multimap<std::string, test::Coordinate> in;
    for (const Spot& s : all) {
        const double x = s.x / side - at.x, y = s.y / side - at.y;
        if (x < 0 || x >= 1 || y < 0 || y >= 1) continue;
        in.emplace(s.id, test::Coordinate{static_cast<std::int64_t>(x * 4096),
                                          static_cast<std::int64_t>(y * 4096)});
    }
    auto layers = decode_tile(mvt);
    std::uint64_t sum = 0;
    for (const DecodedFeature& f : layers["protections"].features) {
        EXPECT_EQ(f.type, 1);
        sum += std::stoull(f.text("count"));
        const auto [begin, end] = in.equal_range(f.text("id"));
        const bool near = std::any_of(begin, end, [&](const auto& entry) {
            const test::Coordinate want = entry.second, got = f.parts.at(0).at(0);
            return std::abs(want.x - got.x) <= 4 && std::abs(want.y - got.y) <= 4;
        });
        EXPECT_TRUE(near) << f.text("id") << " is not within a pixel of its record";
    }
    EXPECT_EQ(sum, in.size()) << at.z << "/" << at.x << "/" << at.y;
    if (in.size() <= points_raw_max) {
        EXPECT_EQ(layers["protections"].features.size(), in.size());
    }
    EXPECT_LE(layers["protections"].features.size(), points_grouped_max);
    EXPECT_LT(mvt.size(), 500'000u);
    return !in.empty();
}

TileAddress tile_of(const Spot& s, std::uint32_t z) {
    const double side = std::ldexp(1.0, static_cast<int>(z));
    const auto at = [side](double v) {
        return static_cast<std::uint32_t>(std::clamp(std::floor(v * side), 0.0, side - 1));
    };
    return {z, at(s.x), at(s.y)};
}

TEST(Tile, CountsAddUpAtEveryZoom) {
    for (std::uint64_t seed = 1; seed <= (std::getenv("ENTENTE_LONG") != nullptr ? 40u : 4u);
         ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        TileWorld world(seed, seed % 2 == 0 ? 3000 : 400);
        for (const Duration later : {Duration(0), Duration(90min), Duration(1000h)}) {
            const Instant now = world.now() + later;
            const auto picture = Picture::build(world.view(), world.now());
            const std::vector<Spot> all = spots(world.view(), now);
            for (std::uint32_t z = 0; z <= tile_zoom_max; ++z) {
                for (int i = 0; i < 3; ++i) {
                    const TileAddress at = tile_of(all[world.rng().below(all.size())], z);
                    EXPECT_TRUE(expect_points(all, at, tile(*picture, at, now)));
                }
            }
        }
    }
}

TEST(Tile, OfAPictureWithChangesIsThatOfOneBuiltAnew) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        TileWorld world(seed, seed == 1 ? 2500 : 300);
        auto picture = Picture::build(world.view(), world.now());
        for (int round = 0; round < 4; ++round) {
            const std::vector<view::Slot> changed = world.change(round < 2 ? 1 : 120);
            const auto before = picture;
            const Bytes was = tile(*before, {0, 0, 0}, world.now());
            picture = picture->with(world.view(), changed);
            EXPECT_EQ(tile(*before, {0, 0, 0}, world.now()), was) << "a picture changed";
        }
        EXPECT_GT(picture->delta_size(), 0u);
        const auto anew = Picture::build(picture->view(), world.now());
        EXPECT_EQ(anew->delta_size(), 0u);
        const std::vector<Spot> all = spots(world.view(), world.now());
        for (std::uint32_t z = 0; z <= tile_zoom_max; ++z) {
            for (int i = 0; i < 4; ++i) {
                const TileAddress at = tile_of(all[world.rng().below(all.size())], z);
                for (const Instant now : {world.now(), world.now() + 2h}) {
                    EXPECT_EQ(tile(*picture, at, now), tile(*anew, at, now)) << at.z;
                }
            }
        }
    }
}

TEST(Tile, IsEmptyWhereNothingIs) {
    TileWorld world(1, 0);
    EXPECT_EQ(tile(*Picture::build(world.view(), noon), {0, 0, 0}, noon), "");
    EXPECT_EQ(tile(*Picture::build(world.view(), noon), {22, 17, 4000000}, noon), "");
}

TEST(Tile, ShowsNoObjectionForItIsNoPlaceThatIsProtected) {
    view::test::History h;
    view::test::Said said;
    said.kind = "objection";
    said.grounds = "a clinic moves there";
    h.say(said);
    auto picture = Picture::build(view::test::view_of(h), noon);
    EXPECT_EQ(tile(*picture, {0, 0, 0}, noon), "");
    said.record = 1;
    h.say(said);
    picture = picture->with(view::test::view_of(h), std::vector<view::Slot>{1});
    EXPECT_EQ(tile(*picture, {0, 0, 0}, noon), "");
    said.record = 2;
    said.grounds.clear();  // its body says something else: not understood, and it protects
    h.say(said);
    picture = picture->with(view::test::view_of(h), std::vector<view::Slot>{2});
    EXPECT_EQ(decode_tile(tile(*picture, {0, 0, 0}, noon))["protections"].features.size(), 1u);
}

TEST(Tile, ShowsTheEarlierPlaceThatStillProtects) {
    view::test::History h(Duration(1h));
    h.say({.record = 0, .at = 1});
    h.say({.act = "amend", .record = 0, .version = 2, .time = noon, .at = 3, .approvals = "o"});
    h.say({.record = 1, .at = 5, .earlier_at = 7});
    const auto picture = Picture::build(view::test::view_of(h), noon);
    const auto features = [&](Instant now) {
        return decode_tile(tile(*picture, {0, 0, 0}, now))["protections"].features;
    };
    std::map<std::pair<std::string, std::string>, int> said;
    for (const auto& f : features(noon)) ++said[{f.text("state"), f.text("earlier")}];
    using Key = std::pair<std::string, std::string>;
    EXPECT_EQ(said, (std::map<Key, int>{{{"in_force", ""}, 1},
                                        {{"in_force", "true"}, 1},
                                        {{"pending_relaxation", ""}, 1},
                                        {{"pending_relaxation", "true"}, 1}}));
    EXPECT_EQ(features(noon + 1h).size(), 3u);
}

TEST(Tile, CutsNamesBetweenCharacters) {
    view::test::History h;
    std::string name = "مستشفى ";
    while (name.size() < 200) name += name;
    h.apply(named(h.make({.record = 0}), {{name, "ar", "Arab"}}));
    h.apply(named(h.make({.record = 1, .at = 2}), {{"Hôpital", "fr", "Latn"}}));
    const auto picture = Picture::build(view::test::view_of(h), noon);
    auto layers = decode_tile(tile(*picture, {0, 0, 0}, noon));
    std::vector<std::string> names;
    for (const auto& f : layers["protections"].features) names.push_back(f.text("name"));
    std::sort(names.begin(), names.end());
    ASSERT_EQ(names.size(), 2u);
    EXPECT_EQ(names[0], "Hôpital");
    EXPECT_LE(names[1].size(), tile_name_bytes_max);
    EXPECT_GE(names[1].size(), tile_name_bytes_max - 4);
    ASSERT_TRUE(names[1].ends_with("…"));
    const std::string kept = names[1].substr(0, names[1].size() - 3);
    EXPECT_TRUE(name.starts_with(kept));
    EXPECT_NE(static_cast<unsigned char>(name[kept.size()]) & 0xC0, 0x80) << "cut in a character";
}

TEST(Tile, StaysSmallInTheWorstCase) {
    // Many with long names, close together: whatever zoom shows just less than what is grouped.
    view::test::History h;
    Rng rng(5);
    for (int i = 0; i < 2600; ++i) {
        geo::Place place;
        place.volume.shape = geo::Circle{{static_cast<std::int32_t>(rng.below(1'000'000)),
                                          static_cast<std::int64_t>(rng.below(1'000'000))},
                                         {static_cast<std::int64_t>(rng.below(5'000))}};
        h.apply(named(h.make({.record = i, .where = std::vector<geo::Place>{place}}),
                      {{std::string(1000, 'x') + std::to_string(i), "en", "Latn"}}));
    }
    const auto picture = Picture::build(view::test::view_of(h), noon);
    const std::vector<Spot> all = spots(picture->view(), noon);
    std::size_t worst = 0;
    for (std::uint32_t z = 0; z <= 16; ++z) {
        for (int i = 0; i < 40; ++i) {
            worst = std::max(worst, tile(*picture, tile_of(all[rng.below(2600)], z), noon).size());
        }
    }
    EXPECT_LT(worst, 500'000u);
    EXPECT_GT(worst, 100'000u) << "no worst case at all";
}

}  // namespace
}  // namespace entente::formats
