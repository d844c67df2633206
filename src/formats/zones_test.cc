// SPDX-License-Identifier: Apache-2.0
#include "formats/zones.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace entente::formats {
namespace {

using geo::AltitudeReference;

const std::string ring = "[[[6,46],[6.1,46],[6.1,46.1],[6,46]]]";
const std::string polygon = "{\"type\":\"Polygon\",\"coordinates\":" + ring + "}";

/// An ED-269 file of one zone with one volume; `limits` are members of the volume.
std::string ed269(const std::string& limits, const std::string& shape = polygon,
                  const std::string& applicability = "[]") {
    return "{\"UASZoneList\":[{\"identifier\":\"LSXX\",\"applicability\":" + applicability +
           ",\"geometry\":[{" + limits + (limits.empty() ? "" : ",") +
           "\"horizontalProjection\":" + shape + "}]}]}";
}

std::string ed318(const std::string& geometry, const std::string& properties = "{}") {
    return R"({"type":"FeatureCollection","features":[{"type":"Feature","geometry":)" + geometry +
           ",\"properties\":" + properties + "}]}";
}

ReadZones must(const std::string& json) {
    auto read = read_zones(json);
    EXPECT_TRUE(read) << read.error().detail;
    return read ? *std::move(read) : ReadZones{};
}

std::string error_of(const std::string& json) {
    const auto read = read_zones(json);
    EXPECT_FALSE(read);
    return read ? "" : read.error().detail;
}

geo::Band band_of(const ReadZones& zones) { return zones.volumes.at(0).volume.band; }

TEST(Zones, OfEd269HaveHeightsInMetresOrFeet) {
    const auto metres = must(ed269(R"("uomDimensions":"M","lowerLimit":"0",
        "lowerVerticalReference":"AGL","upperLimit":120.04,"upperVerticalReference":"AGL")"));
    EXPECT_EQ(metres.volumes.at(0).zone, "LSXX");
    EXPECT_EQ(metres.volumes.at(0).path, "UASZoneList[0].geometry[0]");
    EXPECT_EQ(band_of(metres), (geo::Band{0, 1201, AltitudeReference::agl})) << "rounded outward";
    // 400 ft are 121.92 m, -100.1 ft are -30.51048 m.
    const auto feet = must(ed269(R"("uomDimensions":"FT","lowerLimit":-100.1,
        "lowerVerticalReference":"AMSL","upperLimit":400,"upperVerticalReference":"AMSL")"));
    EXPECT_EQ(band_of(feet), (geo::Band{-306, 1220, AltitudeReference::amsl}));
    EXPECT_TRUE(metres.widened.empty() && feet.widened.empty());
}

TEST(Zones, WithoutALimitAreOpenThere) {
    EXPECT_EQ(band_of(must(ed269(""))), geo::Band{});
    const auto lower = must(ed269(R"("lowerLimit":10,"lowerVerticalReference":"WGS84",
        "upperLimit":null,"upperVerticalReference":"AGL")"));
    EXPECT_EQ(band_of(lower), (geo::Band{100, {}, AltitudeReference::w84}));
    const auto unlimited = must(ed269(R"("lowerLimit":10,"lowerVerticalReference":"AGL",
        "upperLimit":99999,"upperVerticalReference":"AGL")"));
    EXPECT_EQ(band_of(unlimited), (geo::Band{100, {}, AltitudeReference::agl}));
    const auto unsaid = must(ed269(R"("upperLimit":50)"));
    EXPECT_EQ(band_of(unsaid), geo::Band{}) << "a limit from nowhere is none";
    ASSERT_EQ(unsaid.widened.size(), 1u);
    EXPECT_NE(unsaid.widened[0].find("UASZoneList[0].geometry[0].upperLimit"), std::string::npos);
}

TEST(Zones, FromTwoReferencesHoldBothLimits) {
    const auto zones = must(ed269(R"("lowerLimit":100,"lowerVerticalReference":"AGL",
        "upperLimit":500,"upperVerticalReference":"AMSL")"));
    const geo::Band band = band_of(zones);
    EXPECT_EQ(band.reference, AltitudeReference::w84);
    // Ground at -600 m where the sea stands 110 m under the ellipsoid; 500 m where it is 90 over.
    EXPECT_EQ(band.lower, -6100);
    EXPECT_EQ(band.upper, 5900);
    EXPECT_EQ(zones.widened.size(), 1u);
}

TEST(Zones, OfEd269HaveCirclesInTheirUnit) {
    const std::string circle = R"({"type":"Circle","center":[7.4774,46.9749],"radius":1000})";
    const auto metres = must(ed269("", circle));
    EXPECT_EQ(std::get<geo::Circle>(metres.volumes.at(0).volume.shape),
              (geo::Circle{{469'749'000, 74'774'000}, {10'000}}));
    const auto feet = must(ed269(R"("uomDimensions":"FT")", circle));
    EXPECT_EQ(std::get<geo::Circle>(feet.volumes.at(0).volume.shape).radius.v, 3048);
}

TEST(Zones, OfEd269HaveWindowsAndHoursThatAreKeptWide) {
    const auto zones = must(ed269("", polygon, R"([
        {"permanent":"NO","startDateTime":"2026-01-01T00:00:00+05:30",
         "endDateTime":"2026-02-01T00:00:00Z","schedule":[{"day":["MON"],"startTime":"08:00Z"}]},
        {"permanent":"YES","dailyPeriod":[{"day":[],"startTime":null,"endTime":null}]}])"));
    ASSERT_EQ(zones.volumes.size(), 2u);
    EXPECT_EQ(zones.volumes[0].volume.window,
              (geo::Window{*parse_rfc3339("2025-12-31T18:30:00Z"),
                           *parse_rfc3339("2026-02-01T00:00:00Z")}));
    EXPECT_EQ(zones.volumes[1].volume.window, geo::Window{});
    ASSERT_EQ(zones.widened.size(), 1u) << "hours that say nothing narrow nothing";
    EXPECT_NE(zones.widened[0].find("applicability[0].schedule"), std::string::npos);
}

TEST(Zones, OfEd318HaveLayersAndExtents) {
    const std::string layer =
        R"("layer":{"lower":60,"lowerReference":"AGL","upper":400,"upperReference":"AGL",)";
    const auto zones = must(
        ed318(R"({"type":"GeometryCollection","geometries":[{"type":"Polygon","coordinates":)" +
                  ring + "," + layer + R"("uom":"m"}},{"type":"Point","coordinates":[6,46],
            "extent":{"subType":"Circle","radius":100},)" +
                  layer + R"("uom":"ft"}}]})",
              R"({"identifier":"BLns058",
            "limitedApplicability":[{"endDateTime":"2026-02-01T00:00:00Z"}]})"));
    ASSERT_EQ(zones.volumes.size(), 2u);
    EXPECT_EQ(zones.volumes[0].zone, "BLns058");
    EXPECT_EQ(zones.volumes[0].volume.band, (geo::Band{600, 4000, AltitudeReference::agl}));
    EXPECT_EQ(zones.volumes[1].volume.band, (geo::Band{182, 1220, AltitudeReference::agl}));
    EXPECT_EQ(std::get<geo::Circle>(zones.volumes[1].volume.shape).radius.v, 1000)
        << "radii are metres whatever heights are";
    EXPECT_EQ(zones.volumes[1].volume.window.end, *parse_rfc3339("2026-02-01T00:00:00Z"));
}

TEST(Zones, OfGeoJsonAreReadAsPlansAre) {
    const auto zones = must(R"({"type":"Feature","id":"b7","geometry":{"type":"Point",
        "coordinates":[6,46]},"properties":{"radius_m":5,"colour":"red"}})");
    EXPECT_EQ(zones.volumes.at(0).zone, "b7");
    EXPECT_EQ(zones.volumes.at(0).path, "");
    EXPECT_EQ(zones.ignored, std::vector<std::string>{"properties.colour"});
}

TEST(Zones, ThatAreBadAreRefusedWithTheirPath) {
    const std::pair<std::string, const char*> cases[] = {
        {"{}", "UASZoneList"},
        {R"({"UASZoneList":[]})", "at least one zone"},
        {R"({"UASZoneList":[{"geometry":[]}]})", "UASZoneList[0].geometry"},
        {ed269(R"("uomDimensions":"KM")"), "geometry[0].uomDimensions: expected M or FT"},
        {ed269(R"("lowerLimit":"low")"), "geometry[0].lowerLimit"},
        {ed269(R"("lowerLimit":1,"lowerVerticalReference":"SFC")"), "AGL, AMSL or WGS84"},
        {ed269(R"("lowerLimit":9,"lowerVerticalReference":"AGL","upperLimit":1,
                  "upperVerticalReference":"AGL")"),
         "UASZoneList[0].geometry[0]"},
        {ed269("", R"({"type":"Circle","center":[6,46]})"), "radius: is missing"},
        {ed269("", R"({"type":"Circle","center":[6,46],"radius":-0.01})"), "radius: -0.01"},
        {ed269("", R"({"type":"Circle","center":[6,91],"radius":1})"), "latitude 91"},
        {ed269("", polygon, R"([{"permanent":"NO","startDateTime":"soon"}])"),
         "applicability[0].startDateTime"},
        {ed269("", polygon, R"([{"startDateTime":"2026-07-22T07:00:00Z",
                                 "endDateTime":"2026-07-22T06:50:00Z"}])"),
         "geometry[0]"},
        {ed318(R"({"type":"Point","coordinates":[6,46],"layer":{"lower":1}})"), "needs its radius"},
        {R"({"type":"FeatureCollection","features":[],"altitude_upper":1})", "features"},
    };
    for (const auto& [json, says] : cases) {
        EXPECT_NE(error_of(json).find(says), std::string::npos) << json << "\n" << error_of(json);
    }
}

TEST(Zones, AreBounded) {
    std::string many = R"({"type":"FeatureCollection","features":[)";
    for (std::size_t i = 0; i <= zone_volumes_max; ++i) {
        many += std::string(i > 0 ? "," : "") +
                R"({"type":"Feature","geometry":{"type":"Point","coordinates":[6,46]},)" +
                R"("properties":{"radius_m":1}})";
    }
    EXPECT_NE(error_of(many + "]}").find("zone_volumes_max"), std::string::npos);
    EXPECT_NE(error_of(std::string(zone_file_bytes_max + 1, ' ')).find("zone_file_bytes_max"),
              std::string::npos);
}

}  // namespace
}  // namespace entente::formats
