// SPDX-License-Identifier: Apache-2.0
// Movements as GeoJSON: written, read again, and refused with the path of what is wrong.
#include "formats/movement.h"

#include <gtest/gtest.h>

#include <regex>

namespace entente::formats {
namespace {

const std::string convoy = R"({"type":"FeatureCollection",
 "properties":{"class":"relief","name":"Aid to Urum","name:ar":"قافلة","contact":"convoy desk",
  "cargo":"flour","x_own":"7",
  "vehicles":[{"callsign":"lorry 1","type":"lorry","plate":123},{"callsign":"car 1"}]},
 "features":[
  {"type":"Feature","geometry":{"type":"LineString","coordinates":[[37.1,36.2],[36.9,36.1]]},
   "properties":{"from":"Aleppo","to":"Urum","half_width_m":200,"buffer_m":50,
    "altitude_lower":0,"altitude_upper":30,"altitude_reference":"AGL",
    "time_start":"2026-11-27T08:00:00+03:00","time_end":"2026-11-27T10:00:00+03:00",
    "vehicles":["lorry 1","car 1"]}},
  {"type":"Feature","geometry":{"type":"LineString","coordinates":[[36.9,36.1],[36.6,35.9]]},
   "properties":{"leg":4,"from":"Urum","half_width_m":0.05,
    "time_start":"2026-11-27T07:00:00Z","time_end":"2026-11-27T09:00:00Z"}}]})";

std::string replaced(const std::string& from, const std::string& to) {
    std::string out = convoy;
    out.replace(out.find(from), from.size(), to);
    return out;
}

TEST(Movement, IsReadWithItsLegs) {
    const auto read = read_movement(convoy);
    ASSERT_TRUE(read) << read.error().detail;
    const statement::Protection& movement = read->protection;
    EXPECT_EQ(movement.names.size(), 2u);
    EXPECT_EQ(movement.texts.at("cargo"), "flour");
    EXPECT_EQ(movement.vehicles[0].plate, "123");
    ASSERT_EQ(movement.legs.size(), 2u);
    EXPECT_EQ(movement.legs[0].number, 1u);
    EXPECT_EQ(movement.legs[1].number, 4u);
    EXPECT_EQ(format_rfc3339(*movement.legs[0].window.start), "2026-11-27T05:00:00Z");
    // What is struck is the place: it protects for a day longer than the leg is planned.
    EXPECT_EQ(format_rfc3339(*movement.where[0].volume.window.end), "2026-11-28T07:00:00Z");
    const auto& line = std::get<geo::Corridor>(movement.where[1].volume.shape);
    EXPECT_EQ(line.half_width.v, 1) << "rounded outward";
    EXPECT_EQ(movement.where[0].buffer, Decimetres{500});
    EXPECT_TRUE(read->ignored.empty());
}

TEST(Movement, WhatIsWrittenIsReadAgain) {
    auto read = read_movement(convoy);
    ASSERT_TRUE(read);
    const auto again = read_movement(write_movement(read->protection, "mzxw6ytbmzxw6ytb"));
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_EQ(again->protection, read->protection);
    // What happened on the road is shown, and not stated by hand.
    statement::Leg& leg = read->protection.legs[0];
    leg.started = instant(1'795'759'200'000);
    const std::string started = write_movement(read->protection, "");
    EXPECT_NE(started.find("\"started\":\"2026-"), std::string::npos);
    EXPECT_FALSE(read_movement(started)->protection.legs[0].started);
}

TEST(Movement, IsNotReadAsAPlaceThatStays) {
    const auto read = read_movement(convoy);
    const auto place = read_protection(write_feature(read->protection, ""));
    ASSERT_FALSE(place);
    EXPECT_NE(place.error().detail.find("movement"), std::string::npos) << place.error().detail;
}

TEST(Movement, ErrorsNameWhereAndWhatToDo) {
    const struct {
        std::string json;
        const char* says;
    } table[] = {
        {"[]", "^type: a movement is a GeoJSON FeatureCollection"},
        {R"({"type":"Feature"})", "^type: a movement is"},
        {R"({"type":"FeatureCollection","properties":{"class":"relief"},"features":[]})",
         "^features: a movement has 1 to 16 legs"},
        {replaced("\"class\":\"relief\",", ""), "^properties.class: is missing"},
        {replaced("relief", "convoy"), "^properties.class: 'convoy' is not a class"},
        {replaced("\"contact\"", "\"contakt\""), "^properties.contakt: .*meant to be contact"},
        {replaced("\"time_start\":\"2026-11-27T08:00:00+03:00\",", ""),
         "^features\\[0\\].properties.time_start: is missing"},
        {replaced("\"half_width_m\":200,", ""), "^features\\[0\\].*half_width_m"},
        {replaced("\"leg\":4", "\"leg\":1"), "^features\\[1\\].properties.leg: .* from 2 on"},
        {replaced("\"leg\":4", "\"leg\":\"x\""), "^features\\[1\\].properties.leg"},
        {replaced("[\"lorry 1\",\"car 1\"]", "[\"lorry 2\"]"), "leg 1 names the vehicle 'lorry 2'"},
        {replaced("\"callsign\":\"car 1\"", "\"driver\":\"a name\""),
         "^properties.vehicles\\[1\\].driver: a vehicle has callsign"},
        {replaced("\"LineString\",\"coordinates\":[[37.1,36.2],[36.9,36.1]]",
                  "\"Point\",\"coordinates\":[37.1,36.2]"),
         "features\\[0\\]"},
        {replaced("[36.9,36.1]]", "[36.9,96.1]]"), "^features\\[0\\].geometry.coordinates\\[1\\]"},
        {replaced("T10:00:00+03:00", "T08:00:00+03:00"), "features\\[0\\]|leg 1"},
        {replaced("\"type\":\"FeatureCollection\"",
                  "\"vehicles\":[],\"type\":\"FeatureCollection\""),
         "^vehicles: stands beside properties"},
    };
    for (const auto& one : table) {
        SCOPED_TRACE(one.says);
        const auto read = read_movement(one.json);
        ASSERT_FALSE(read);
        EXPECT_TRUE(std::regex_search(read.error().detail, std::regex(one.says)))
            << read.error().detail;
    }
}

}  // namespace
}  // namespace entente::formats
