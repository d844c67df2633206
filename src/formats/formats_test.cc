// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "base/limits.h"
#include "base/random.h"
#include "formats/csv.h"
#include "formats/geojson.h"
#include "formats/geometry.h"
#include "formats/properties.h"
#include "geo/valid.h"

namespace entente::formats {
namespace {

std::string feature(const std::string& geometry, const std::string& properties = "{}") {
    return R"({"type":"Feature","geometry":)" + geometry + R"(,"properties":)" + properties + "}";
}
std::string collection(const std::string& features) {
    return R"({"type":"FeatureCollection","features":[)" + features + "]}";
}
const std::string point = R"({"type":"Point","coordinates":[36.2765,33.5138]})";
const std::string line = R"({"type":"LineString","coordinates":[[34,31],[34.5,31.5]]})";
const std::string square = R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]})";

Plan plan_of(const std::string& json) {
    auto plan = read_plan(json);
    EXPECT_TRUE(plan) << (plan ? "" : plan.error().detail) << "\n" << json;
    return plan.value_or(Plan{});
}

TEST(ReadPlan, ReadsEveryShape) {
    Plan plan = plan_of(feature(point, R"({"radius_m":250.01})"));
    ASSERT_EQ(plan.volumes.size(), 1u);
    EXPECT_EQ(plan.volumes[0].shape, geo::Shape(geo::Circle{{335138000, 362765000}, {2501}}));
    EXPECT_EQ(plan.volumes[0].band, geo::Band{});
    EXPECT_EQ(plan.volumes[0].window, geo::Window{});
    plan = plan_of(feature(line, R"({"half_width_m":5e2})"));
    EXPECT_EQ(plan.volumes.at(0).shape,
              geo::Shape(geo::Corridor{{{310000000, 340000000}, {315000000, 345000000}}, {5000}}));
    plan = plan_of(collection(
        feature(square) + "," +
        feature(R"({"type":"MultiPoint","coordinates":[[1,2],[3,4]]})", R"({"radius_m":0})") + "," +
        feature(R"({"type":"MultiPolygon","coordinates":[[[[179,-1],[180,-1],[180,1],[179,1],)"
                R"([179,-1]]],[[[-180,-1],[-179,-1],[-179,1],[-180,1],[-180,-1]]]]})")));
    ASSERT_EQ(plan.volumes.size(), 4u);
    EXPECT_EQ(plan.paths, (std::vector<std::string>{"features[0]", "features[1]", "features[1]",
                                                    "features[2]"}));
    EXPECT_EQ(std::get<geo::Area>(plan.volumes[3].shape).polygons.size(), 2u);
}

TEST(ReadPlan, ReadsCoordinatesFromTheirText) {
    Plan plan = plan_of(
        feature(R"({"type":"Point","coordinates":[1.00000015,-0.00000004999999999999999999]})",
                R"({"radius_m":0})"));
    EXPECT_EQ(std::get<geo::Circle>(plan.volumes.at(0).shape).center, (geo::LatLng{0, 10000002}));
}

TEST(ReadPlan, RoundsHeightsOutward) {
    Plan plan = plan_of(feature(square, R"({"altitude_lower":-1.01,"altitude_upper":99.91,)"
                                        R"("altitude_reference":"AMSL"})"));
    EXPECT_EQ(plan.volumes.at(0).band, (geo::Band{-11, 1000, geo::AltitudeReference::amsl}));
    plan = plan_of(feature(square, R"({"altitude_upper":99.5,"altitude_reference":"FL"})"));
    EXPECT_EQ(plan.volumes.at(0).band, (geo::Band{{}, 100, geo::AltitudeReference::fl}));
    plan = plan_of(feature(square, R"({"time_start":"2024-01-01T00:00:00+02:00",)"
                                   R"("time_end":null})"));
    EXPECT_EQ(format_rfc3339(*plan.volumes.at(0).window.start), "2023-12-31T22:00:00Z");
}

TEST(ReadPlan, ListsWhatItDoesNotUse) {
    Plan plan = plan_of(R"({"type":"FeatureCollection","note":1,"features":[)" +
                        feature(square, R"({"name":"a","stroke-width":3})") + "]}");
    EXPECT_EQ(plan.ignored,
              (std::vector<std::string>{"features[0].properties.name",
                                        "features[0].properties.stroke-width", "note"}));
}

struct Bad {
    const char* name;
    std::string json;
    const char* says;
};

class BadPlan : public testing::TestWithParam<Bad> {};

TEST_P(BadPlan, IsRefusedWithPlaceAndReason) {
    auto plan = read_plan(GetParam().json);
    ASSERT_FALSE(plan);
    EXPECT_NE(plan.error().detail.find(GetParam().says), std::string::npos) << plan.error().detail;
}

std::string polygon_of(const std::string& ring) {
    return feature(R"({"type":"Polygon","coordinates":[[)" + ring + "]]}");
}

std::string many_points() {
    std::string points;
    for (int i = 0; i <= 2000; ++i) {
        points += (i == 0 ? "[" : ",[") + std::to_string(i) + "e-3,0]";
    }
    return feature(R"({"type":"LineString","coordinates":[)" + points + "]}");
}

std::string many_features() {
    std::string features = feature(square);
    for (int i = 0; i < 100; ++i) features += "," + feature(square);
    return collection(features);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadPlan,
    testing::Values(
        Bad{"empty", "", "not JSON"}, Bad{"cut", feature(point).substr(0, 40), "not JSON"},
        Bad{"extra", feature(square) + "x", "not JSON"},
        Bad{"deep", std::string(100000, '['), "json_depth_max"},
        Bad{"large", std::string(limits::plan_bytes_max + 1, ' '), "plan_bytes_max"},
        Bad{"nan", feature(R"({"type":"Point","coordinates":[NaN,1]})"), "not JSON"},
        Bad{"huge", feature(R"({"type":"Point","coordinates":[1e400,1]})"), ""},
        Bad{"huger", feature(R"({"type":"Point","coordinates":[1e30,1]})"), "longitude 1e30"},
        Bad{"bare", square, "put a bare geometry into a Feature"}, Bad{"scalar", "17", "Feature"},
        Bad{"array", "[]", "Feature"},
        Bad{"no_features", R"({"type":"FeatureCollection"})", "features: expected"},
        Bad{"none", collection(""), "there are none"},
        Bad{"null_geometry", feature("null"), "needs a place"},
        Bad{"latitude",
            collection(feature(square) + "," +
                       feature(R"({"type":"Polygon","coordinates":[[[0,0],[1,0],)"
                               R"([1,91],[0,0]]]})")),
            "features[1].geometry.coordinates[0][2]: latitude 91 is beyond ±90"},
        Bad{"text_number", feature(R"({"type":"Point","coordinates":["1",2]})"), "got a text"},
        Bad{"one_number", feature(R"({"type":"Point","coordinates":[1]})"), "position"},
        Bad{"open_ring", polygon_of("[0,0],[1,0],[1,1],[0,1]"), "not closed"},
        Bad{"short_ring", polygon_of("[0,0],[1,0],[0,0]"), "at least four"},
        Bad{"empty_ring", polygon_of(""), "geometry.coordinates[0]: is empty"},
        Bad{"empty_polygon", feature(R"({"type":"Polygon","coordinates":[]})"), "is empty"},
        Bad{"crossed", polygon_of("[0,0],[1,1],[0,1],[1,0],[0,0]"), "geometry: "},
        Bad{"flat", polygon_of("[0,0],[1,1],[2,2],[0,0]"), "geometry: "},
        Bad{"jump", polygon_of("[179,0],[-179,0],[-179,1],[179,1],[179,0]"), "geometry: "},
        Bad{"points", many_points(), "vertices_max"},
        Bad{"volumes", many_features(), "volumes_max"},
        Bad{"collection", feature(R"({"type":"Circle","coordinates":[1,2]})"), "MultiPolygon"},
        Bad{"no_radius", feature(point), "radius_m: is missing"},
        Bad{"no_width", feature(line), "half_width_m: is missing"},
        Bad{"negative", feature(point, R"({"radius_m":-0.01})"), "negative"},
        Bad{"large_radius", feature(point, R"({"radius_m":1000000.1})"), "more than 1000000"},
        Bad{"quoted", feature(point, R"({"radius_m":"5"})"), "without quotes"},
        Bad{"misspelt", feature(square, R"({"altitude_uper":5})"), "meant to be altitude_upper"},
        Bad{"unit", feature(point, R"({"radius_m":1,"radius":5})"), "meant to be radius_m"},
        Bad{"case", feature(point, R"({"radius_m":1,"Time-Start":5})"), "meant to be time_start"},
        Bad{"twice", feature(point, R"({"radius_m":1,"radius_m":5})"), "stands twice"},
        Bad{"outside", R"({"type":"Feature","radius_m":5,"geometry":)" + point + "}",
            "put it inside"},
        Bad{"above",
            R"({"type":"FeatureCollection","time_end":1,"features":[)" + feature(square) + "]}",
            "into each one's properties"},
        Bad{"wrong_shape", feature(square, R"({"radius_m":5})"), "belongs to a Point"},
        Bad{"buffer", feature(square, R"({"buffer_m":5})"), "belongs to protections"},
        Bad{"no_reference", feature(square, R"({"altitude_lower":5})"), "altitude_reference"},
        Bad{"reference", feature(square, R"({"altitude_reference":"MSL"})"), "got \"MSL\""},
        Bad{"upside_down",
            feature(square, R"({"altitude_lower":5,"altitude_upper":4,)"
                            R"("altitude_reference":"W84"})"),
            "the feature: "},
        Bad{"reversed",
            feature(square, R"({"time_start":"2024-01-02T00:00:00Z",)"
                            R"("time_end":"2024-01-01T00:00:00Z"})"),
            "the feature: "},
        Bad{"local_time", feature(square, R"({"time_start":"2024-01-02T00:00:00"})"),
            "properties.time_start"},
        Bad{"crs",
            R"({"type":"Feature","crs":{"properties":{"name":"EPSG:3857"}},"geometry":)" + square +
                "}",
            "WGS84"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(ReadPlan, AcceptsAPolarPolygonSplitAtTheAntimeridian) {
    Plan plan =
        plan_of(polygon_of("[-180,-60],[-180,-90],[180,-90],[180,-60],[90,-62],"
                           "[0,-65],[-90,-62],[-180,-60]"));
    EXPECT_EQ(plan.volumes.size(), 1u);
}

TEST(ReadPlan, EndsQuicklyOnManyNames) {
    std::string json = R"({"type":"Feature")";
    for (int i = 0; i < 200000; ++i) json += ",\"k" + std::to_string(i) + "\":1";
    EXPECT_FALSE(read_plan(json + "}"));
}

TEST(ReadPlan, NeverBreaksOnDamagedPlans) {
    const std::string good = collection(feature(point, R"({"radius_m":250.5,"altitude_lower":1,)"
                                                       R"("altitude_reference":"AGL"})") +
                                        "," + feature(square));
    Rng rng(11);
    for (int i = 0; i < 5000; ++i) {
        std::string json = good;
        for (std::uint64_t k = 1 + rng.below(4); k > 0; --k) {
            json[rng.below(json.size())] = "0123456789-e.,:[]{}\"ntr\\ "[rng.below(25)];
        }
        auto plan = read_plan(json.substr(0, json.size() - rng.below(3)));
        if (!plan) continue;
        for (const auto& volume : plan->volumes) EXPECT_TRUE(geo::validate(volume));
    }
}

statement::Protection full() {
    statement::Protection p;
    p.protection_class = statement::ProtectionClass::school;
    p.names = {{"A \"b\"\n", "", ""}, {"مدرسة", "ar", ""}, {"ب", "ar", ""},
               {"Sk", "sr", "Latn"},  {"x", "", "Arab"},   {"second", "", ""},
               {"y", "zh-TW", "Hant"}};
    p.source = "list";
    p.ref = "17";
    p.contact = "desk";
    p.reconfirm_by = instant(1'700'000'000'123);
    p.texts = {{"marking_roof", "emblem"}, {"x_ward", "3"}};
    geo::Place place;
    place.volume.shape = geo::Circle{{-335138001, 1800000000}, {305}};
    place.volume.band = {-105, 2000, geo::AltitudeReference::amsl};
    place.volume.window = {instant(0), instant(86'400'000)};
    place.buffer = Decimetres{2000};
    place.accuracy = Decimetres{55};
    p.where = {place};
    return p;
}

TEST(Feature, ReadsWhatItWrites) {
    statement::Protection p = full();
    auto same = [&](geo::Shape shape) {
        p.where[0].volume.shape = std::move(shape);
        auto read = read_protection(write_feature(p, "abc", {{"state", "in force"}}));
        ASSERT_TRUE(read) << read.error().detail;
        EXPECT_EQ(read->protection, p);
        EXPECT_EQ(read->ignored, (std::vector<std::string>{"properties.state"}));
    };
    same(p.where[0].volume.shape);
    same(geo::Corridor{{{0, 1}, {5, 6}, {1, 1}}, {75}});
    geo::Ring outer{{{0, 0}, {0, 1000}, {1000, 1000}, {1000, 0}}, geo::Pole::none};
    geo::Ring hole{{{100, 100}, {500, 500}, {500, 100}}, geo::Pole::none};
    geo::Ring other{{{5000, 5000}, {5000, 6000}, {6000, 6000}}, geo::Pole::none};
    same(geo::Area{{{outer, {hole}}}});
    same(geo::Area{{{outer, {}}, {other, {}}}});
    p.where[0].volume.band = {10, {}, geo::AltitudeReference::fl};
    same(geo::Circle{{1, 2}, {0}});
}

TEST(Feature, WritesPolarRingsAndEarlierPlacesAsValidGeometry) {
    statement::Protection p = full();
    geo::Ring ring{{{-600000000, 0}, {-600000000, 1200000000}, {-600000000, 2400000000}},
                   geo::Pole::south};
    p.where[0].volume.shape = geo::Area{{{ring, {}}}};
    p.where.push_back(full().where[0]);
    const std::string json = write_feature(p, "");
    EXPECT_NE(json.find("earlier_places\":[{\"type\":\"Point\""), std::string::npos) << json;
    auto read = read_protection(json);
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(read->ignored, (std::vector<std::string>{"properties.earlier_places"}));
}

TEST(Feature, RefusesWhatItCannotKeep) {
    auto detail = [](const std::string& properties, const std::string& geometry = point) {
        auto read = read_protection(feature(geometry, properties));
        return read ? "read" : read.error().detail;
    };
    EXPECT_EQ(detail(R"({"class":"school"})"), "read");
    EXPECT_NE(detail("{}").find("properties.class: is missing"), std::string::npos);
    EXPECT_NE(detail(R"({"class":"School"})").find("properties.class"), std::string::npos);
    EXPECT_NE(detail(R"({"class":"school","buffer":5})").find("buffer_m"), std::string::npos);
    EXPECT_NE(detail(R"({"class":"school","ref":true})").find("properties.ref"), std::string::npos);
    EXPECT_NE(detail(R"({"class":"school","name":"\u0000"})").find("zero byte"), std::string::npos);
    EXPECT_NE(
        detail(R"({"class":"school"})", R"({"type":"MultiPoint","coordinates":[[1,2],[3,4]]})")
            .find("several"),
        std::string::npos);
}

TEST(Csv, EscapesCellsAndFormulas) {
    EXPECT_EQ(csv_cell("plain"), "plain");
    EXPECT_EQ(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
    EXPECT_EQ(csv_cell("a\nb"), "\"a\nb\"");
    EXPECT_EQ(csv_cell("a\x1b[2J\u202e\r b"), "a [2J   b");
    EXPECT_EQ(csv_cell("=1+1"), "'=1+1");
    EXPECT_EQ(csv_cell("@x"), "'@x");
    EXPECT_EQ(csv_cell("+cmd|' /C calc'!A0"), "'+cmd|' /C calc'!A0");
    EXPECT_EQ(csv_cell("-33.5"), "-33.5");
    EXPECT_EQ(csv_cell("-33.5+1"), "'-33.5+1");
    EXPECT_EQ(csv_cell("\t=1"), "'\t=1");
    EXPECT_EQ(csv_cell("\u202e =1"), "'  =1");
    EXPECT_EQ(csv_cell("\n=1"), "\"'\n=1\"");
    EXPECT_EQ(csv_cell("\uff1d1+1"), "'\uff1d1+1");
}

TEST(Csv, HasAsManyCellsAsHeadings) {
    auto commas = [](const std::string& text) { return std::count(text.begin(), text.end(), ','); };
    const std::string heading = csv_heading({"state", "party"});
    statement::Protection p = full();
    p.names = {{"n", "", ""}};
    std::string text = csv_line(p, "id", {"in force", "fr"});
    EXPECT_EQ(commas(text), commas(heading));
    EXPECT_EQ(text,
              "id,17,n,school,-33.5138001,180,30.5,,200,5.5,-10.5,200,AMSL,"
              "1970-01-01T00:00:00Z,1970-01-02T00:00:00Z,2023-11-14T22:13:20.123Z,desk,list,"
              "POINT (180 -33.5138001),in force,fr\r\n");
    EXPECT_EQ(write_wkt(geo::Area{{{{{{0, 0}, {0, 10}, {10, 0}}, geo::Pole::none}, {}}}}),
              "POLYGON ((0 0,0.000001 0,0 0.000001,0 0))");
}

TEST(Nearly, CatchesSlipsButNotOtherWords) {
    const std::vector<std::string> known = {"radius_m", "time_end", "ref", "note"};
    EXPECT_EQ(nearly("radius", known), "radius_m");
    EXPECT_EQ(nearly("RADIUS-M", known), "radius_m");
    EXPECT_EQ(nearly("timeend", known), "time_end");
    for (const char* other : {"name", "id", "fill", "title", "description", "party"}) {
        EXPECT_FALSE(nearly(other, known)) << other;
    }
}

}  // namespace
}  // namespace entente::formats
