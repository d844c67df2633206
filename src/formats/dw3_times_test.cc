// SPDX-License-Identifier: Apache-2.0
// Done when 3, where people's files come in: windows of movements, plans and protections that are
// written with half and quarter hours come to the same moments, and are shown in UTC.
#include <gtest/gtest.h>

#include "formats/geojson.h"
#include "formats/movement.h"
#include "formats/properties.h"

namespace entente::formats {
namespace {

struct Hours {
    const char* start;
    const char* end;
};

/// The last quarter of an hour of 2015 and the first of 2016, UTC, as clocks elsewhere show it.
const Hours hours_table[] = {
    {"2015-12-31T23:45:00Z", "2016-01-01T00:15:00Z"},
    {"2016-01-01T05:15:00+05:30", "2016-01-01T05:45:00+05:30"},
    {"2016-01-01T03:15:00+03:30", "2016-01-01T03:45:00+03:30"},
    {"2016-01-01T05:30:00+05:45", "2016-01-01T06:00:00+05:45"},
    {"2015-12-31T21:15:00-02:30", "2015-12-31T21:45:00-02:30"},
    {"2016-01-01T05:15:00+05:30", "2015-12-31T21:45:00-02:30"},  // a leg from one zone to another
};
const Instant start = *parse_rfc3339("2015-12-31T23:45:00Z");
const Instant end = *parse_rfc3339("2016-01-01T00:15:00Z");

std::string with(const char* text, const Hours& hours) {
    std::string out = text;
    for (const auto& [name, value] : {std::pair("START", hours.start), {"END", hours.end}}) {
        out.replace(out.find(name), std::string_view(name).size(), value);
    }
    return out;
}

constexpr const char* convoy = R"({"type":"FeatureCollection","properties":{"class":"relief"},
 "features":[{"type":"Feature",
  "geometry":{"type":"LineString","coordinates":[[76.9,43.2],[74.6,42.8]]},
  "properties":{"half_width_m":200,"time_start":"START","time_end":"END"}}]})";

constexpr const char* plan = R"({"type":"Feature",
 "geometry":{"type":"Point","coordinates":[76.9,43.2]},
 "properties":{"radius_m":10,"time_start":"START","time_end":"END"}})";

constexpr const char* clinic = R"({"type":"Feature",
 "geometry":{"type":"Point","coordinates":[76.9,43.2]},
 "properties":{"class":"clinic","radius_m":10,"time_start":"START","time_end":"END"}})";

TEST(DoneWhen3, WindowsInZonesWithHalfHoursComeToOneMomentAndAreShownInUtc) {
    for (const Hours& hours : hours_table) {
        SCOPED_TRACE(std::string(hours.start) + " to " + hours.end);
        const auto movement = read_movement(with(convoy, hours));
        ASSERT_TRUE(movement) << movement.error().detail;
        EXPECT_EQ(movement->protection.legs[0].window, (geo::Window{start, end}));
        EXPECT_EQ(movement->protection.where[0].volume.window,
                  (geo::Window{start, end + std::chrono::hours(24)}));
        const std::string shown = write_movement(movement->protection, "");
        EXPECT_NE(shown.find("\"time_start\":\"2015-12-31T23:45:00Z\""), std::string::npos);
        EXPECT_NE(shown.find("\"time_end\":\"2016-01-01T00:15:00Z\""), std::string::npos);
        const auto planned = read_plan(with(plan, hours));
        ASSERT_TRUE(planned) << planned.error().detail;
        EXPECT_EQ(planned->volumes[0].window, (geo::Window{start, end}));
        const auto place = read_protection(with(clinic, hours));
        ASSERT_TRUE(place) << place.error().detail;
        EXPECT_EQ(place->protection.where[0].volume.window, (geo::Window{start, end}));
        EXPECT_NE(write_feature(place->protection, "").find("\"2015-12-31T23:45:00Z\""),
                  std::string::npos);
    }
}

TEST(DoneWhen3, AWindowThatEndsEarlierOnlyByItsZonesIsRefused) {
    // By the clocks on the wall it ends an hour later; it ends four hours and a half before it
    // starts.
    const Hours turned{"2016-01-01T05:15:00Z", "2016-01-01T06:15:00+05:30"};
    EXPECT_FALSE(read_movement(with(convoy, turned)));
    EXPECT_FALSE(read_plan(with(plan, turned)));
    EXPECT_FALSE(read_protection(with(clinic, turned)));
    // And one that seems to be over before it begins.
    const Hours odd{"2016-01-01T05:15:00+05:30", "2016-01-01T00:00:00Z"};
    EXPECT_TRUE(read_movement(with(convoy, odd)));
    EXPECT_TRUE(read_plan(with(plan, odd)));
    EXPECT_TRUE(read_protection(with(clinic, odd)));
}

TEST(DoneWhen3, DaysThatThereAreNotAndSecondsThatNeverWereAreRefused) {
    for (const char* bad : {"2015-02-29T00:00:00Z", "2015-12-31T24:00:00Z", "2015-12-32T00:00:00Z",
                            "2015-12-31T12:00:60Z", "2015-12-31T23:45:00", "2015-12-31"}) {
        SCOPED_TRACE(bad);
        const Hours hours{bad, "2016-12-31T00:00:00Z"};
        EXPECT_FALSE(read_movement(with(convoy, hours)));
        EXPECT_FALSE(read_plan(with(plan, hours)));
        EXPECT_FALSE(read_protection(with(clinic, hours)));
    }
    const Hours leap{"2015-12-31T23:59:60Z", "2016-02-29T00:00:00+05:45"};
    const auto planned = read_plan(with(plan, leap));
    ASSERT_TRUE(planned) << planned.error().detail;
    EXPECT_EQ(planned->volumes[0].window, (geo::Window{*parse_rfc3339("2016-01-01T00:00:00Z"),
                                                       *parse_rfc3339("2016-02-28T18:15:00Z")}));
}

}  // namespace
}  // namespace entente::formats
