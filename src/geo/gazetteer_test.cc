// SPDX-License-Identifier: Apache-2.0
// The nearest place is that of brute force with another formula; a file that is not one is refused.
#include "geo/gazetteer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "geo/distance.h"

namespace entente::geo {
namespace {

struct Town {
    std::string name;
    double lat, lng;
    std::uint16_t area;
};

void put(std::string& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

std::int32_t units(double degrees) { return static_cast<std::int32_t>(std::lround(degrees * 1e5)); }

/// As web/scripts/gazetteer.mjs packs it.
std::string packed(const std::vector<Town>& towns, const std::string& areas) {
    std::string out, names;
    for (const Town& town : towns) names += (names.empty() ? "" : "\n") + town.name;
    put(out, 0x314c5045, 4);
    put(out, static_cast<std::uint32_t>(towns.size()), 4);
    put(out, static_cast<std::uint32_t>(names.size()), 4);
    put(out, static_cast<std::uint32_t>(areas.size()), 4);
    for (const Town& town : towns) put(out, static_cast<std::uint32_t>(units(town.lat)), 4);
    for (const Town& town : towns) put(out, static_cast<std::uint32_t>(units(town.lng)), 4);
    for (const Town& town : towns) put(out, town.area, 2);
    out.resize((out.size() + 3) & ~std::size_t{3});
    out += names;
    out.resize((out.size() + 3) & ~std::size_t{3});
    return out + areas;
}

LatLng at(double lat, double lng) {
    return {static_cast<std::int32_t>(std::lround(lat * 1e7)), std::llround(lng * 1e7)};
}

const std::vector<Town> few = {{"Kunduz", 36.72896, 68.857, 0x8000},
                               {"Damascus", 33.5102, 36.29128, 1},
                               {"Apia", -13.83333, -171.76666, 2}};
const std::string areas = "AF\tKunduz\nSY\tDamascus Governorate\nWS\tTuamasaga";

TEST(Gazetteer, SaysHowFarAndInWhichDirectionFromWhere) {
    const std::string file = packed(few, areas);
    const auto gazetteer = Gazetteer::read(file);
    ASSERT_TRUE(gazetteer) << gazetteer.error().detail;
    EXPECT_EQ(gazetteer->size(), 3u);
    // The trauma centre of Kunduz, 36.7179 N 68.8622 E: 1.3 km off, south by east.
    const auto near = gazetteer->nearest(at(36.7179, 68.8622));
    ASSERT_TRUE(near);
    EXPECT_EQ(near->name, "Kunduz, AF");
    EXPECT_NEAR(static_cast<double>(near->distance.v), 13'130, 30);
    EXPECT_NEAR(near->bearing, 159, 1);
    EXPECT_EQ(gazetteer->nearest(at(33.5102, 36.29128))->distance.v, 0);
    EXPECT_EQ(gazetteer->nearest(at(-13.8, 179.9))->name, "Apia, WS") << "past the date line";
    EXPECT_EQ(gazetteer->nearest({at(-13.8, 0).lat_e7, 1'881'000'000})->name, "Apia, WS");
}

/// By the haversine over all of them.
TEST(Gazetteer, IsTheNearestOfAll) {
    Rng rng(7);
    const auto between = [&](double low, double high) {
        return low + (high - low) * static_cast<double>(rng.below(1u << 30)) / (1u << 30);
    };
    std::vector<Town> towns;
    for (int i = 0; i < 3000; ++i) {
        const double lat = std::asin(between(-1, 1)) * 180 / M_PI;
        towns.push_back({"town " + std::to_string(i), lat, between(-180, 180), 0});
    }
    const std::string file = packed(towns, "XX\t");
    const auto gazetteer = Gazetteer::read(file);
    ASSERT_TRUE(gazetteer) << gazetteer.error().detail;
    const double rad = M_PI / 180;
    for (int i = 0; i < 500; ++i) {
        const double a = std::asin(between(-1, 1)) / rad, b = between(-180, 180);
        const auto haversine = [&](const Town& town) {
            const double lat = units(town.lat) / 1e5, lon = units(town.lng) / 1e5;
            const double s = std::sin((lat - a) * rad / 2), t = std::sin((lon - b) * rad / 2);
            return s * s + std::cos(a * rad) * std::cos(lat * rad) * t * t;
        };
        const auto best = std::min_element(
            towns.begin(), towns.end(),
            [&](const Town& one, const Town& other) { return haversine(one) < haversine(other); });
        EXPECT_EQ(gazetteer->nearest(at(a, b))->name, best->name + ", XX");
    }
}

TEST(Gazetteer, RefusesWhatIsNone) {
    const std::string file = packed(few, areas);
    EXPECT_FALSE(Gazetteer::read(""));
    for (std::size_t size = 0; size < file.size(); ++size) {
        EXPECT_FALSE(Gazetteer::read(std::string_view(file).substr(0, size))) << size;
    }
    std::string other = file;
    other[16 + 3] = 0x7f;  // the first latitude
    EXPECT_FALSE(Gazetteer::read(other));
    other = file;
    other[16 + 3 * 8] = 9;  // an area that is not there
    EXPECT_FALSE(Gazetteer::read(other));
    other = file;
    other[other.find('\n')] = ' ';
    EXPECT_FALSE(Gazetteer::read(other));
}

TEST(Gazetteer, OfNoPlacesNamesNone) {
    const std::string file = packed({}, "");
    const auto gazetteer = Gazetteer::read(file);
    ASSERT_TRUE(gazetteer) << gazetteer.error().detail;
    EXPECT_FALSE(gazetteer->nearest(at(0, 0)));
}

}  // namespace
}  // namespace entente::geo
