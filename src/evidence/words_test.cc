// SPDX-License-Identifier: Apache-2.0
// Places in words. (Whole files: sim/evidence_test.cc.)
#include "evidence/words.h"

#include <gtest/gtest.h>

namespace entente::evidence {
namespace {

TEST(PlaceText, SaysEnoughToKnowThePlaceAgain) {
    geo::Place place;
    place.volume.shape = geo::Circle{{156'670'000, -324'890'000}, {805}};
    EXPECT_EQ(place_text(place), "within 80.5 m of 15.6670000, -32.4890000");
    place.buffer = Decimetres{5000};
    place.volume.window.end = instant(1'448'539'200'000);
    EXPECT_EQ(place_text(place),
              "within 80.5 m of 15.6670000, -32.4890000; buffer 500 m; until "
              "2015-11-26T12:00:00Z");
    place = {};
    place.volume.shape = geo::Corridor{{{1, 2}, {-5, 3}, {10'000'000, 0}}, {20}};
    EXPECT_EQ(place_text(place),
              "within 2 m of a line of 3 points from 0.0000001, 0.0000002 to 1.0000000, 0.0000000");
    place.volume.shape = geo::Area{{{{{{0, 0}, {0, 5}, {-7, 2}}, geo::Pole::none}, {}}}};
    EXPECT_EQ(
        places_text({place, place})
            .find(
                "an area of 3 points between -0.0000007, 0.0000000 and 0.0000000, 0.0000005 and "),
        0u);
}

TEST(PlaceText, AnswersAnything) {
    geo::Place place;
    place.volume.shape = geo::Area{};
    EXPECT_EQ(place_text(place), "an area without points");
    place.volume.shape = geo::Corridor{};
    EXPECT_EQ(place_text(place), "a line without points");
    place.volume.shape = geo::Circle{{INT32_MIN, INT64_MIN}, {INT64_MIN}};
    EXPECT_NE(place_text(place).find("-214.7483648, -922337203685.4775808"), std::string::npos);
}

}  // namespace
}  // namespace entente::evidence
