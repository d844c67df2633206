// SPDX-License-Identifier: Apache-2.0
// Presences as GeoJSON Features: what is written is read again, and what is no presence is refused
// by the name of what is wrong.
#include <gtest/gtest.h>

#include <string>

#include "formats/geojson.h"

namespace entente::formats {
namespace {

const std::string good =
    R"({"type":"Feature","geometry":{"type":"Point","coordinates":[36.6,35.9]},"properties":{)"
    R"("kind":"presence","group":"mzxw6ytbmzxw6ytb","grade":"B2","sponsor":"ru",)"
    R"("name":"EXERCISE valley","class":"group_area","radius_m":2000,)"
    R"("time_start":"2026-01-31T00:00:00Z","time_end":"2026-02-07T00:00:00Z"}})";

std::string with(const std::string& from, const std::string& to) {
    std::string out = good;
    const std::size_t at = out.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return out.replace(at, from.size(), to);
}

TEST(PresenceFeature, WhatIsWrittenIsReadAgain) {
    for (const std::string& json : {good, with(R"("sponsor":"ru",)", "")}) {
        const auto said = read_protection(json);
        ASSERT_TRUE(said) << said.error().detail;
        EXPECT_TRUE(said->ignored.empty());
        ASSERT_TRUE(said->protection.presence);
        EXPECT_EQ(said->protection.presence->group.text(), "mzxw6ytbmzxw6ytb");
        EXPECT_EQ(said->protection.presence->grade, (statement::Grade{'B', '2'}));
        const auto again = read_protection(write_feature(said->protection, ""));
        ASSERT_TRUE(again) << again.error().detail;
        EXPECT_EQ(again->protection, said->protection);
    }
    EXPECT_EQ(read_protection(good)->protection.presence->sponsor, PartyId{"ru"});
}

TEST(PresenceFeature, IsRefusedByWhatIsWrong) {
    const std::pair<std::string, std::string> wrong[] = {
        {with("mzxw6ytbmzxw6ytb", "MZXW"), "properties.group"},
        {with(R"("group":"mzxw6ytbmzxw6ytb",)", ""), "properties.group"},
        {with(R"("B2")", R"("2B")"), "properties.grade"},
        {with(R"("grade":"B2",)", ""), "properties.grade"},
        {with(R"("sponsor":"ru")", R"("sponsor":"No One")"), "properties.sponsor"},
        {with(R"("class":"group_area",)", ""), "class"},
        {with("group_area", "camp"), "group_area"},
        {with("2026-02-07", "2026-02-15"), "14 days"},
        {with(R"("kind":"presence")", R"("kind":"movement")"), "properties.kind"},
    };
    for (const auto& [json, says] : wrong) {
        const auto read = read_protection(json);
        ASSERT_FALSE(read) << json;
        EXPECT_NE(read.error().detail.find(says), std::string::npos) << read.error().detail;
    }
}

TEST(PresenceFeature, WhatOnlyAPresenceHasMeansNothingElsewhere) {
    const auto read = read_protection(with(R"("kind":"presence",)", ""));
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_FALSE(read->protection.presence);
    EXPECT_EQ(read->ignored.size(), 3u);
}

}  // namespace
}  // namespace entente::formats
