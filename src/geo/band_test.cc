// SPDX-License-Identifier: Apache-2.0
#include "geo/band.h"

#include <gtest/gtest.h>

#include <cmath>

#include "geo/window.h"

namespace entente::geo {
namespace {

using R = AltitudeReference;

Band band(std::optional<std::int64_t> lower, std::optional<std::int64_t> upper, R r) {
    return {lower, upper, r};
}

TEST(Band, OverlapTable) {
    struct Row {
        const char* name;
        Band a, b;
        bool overlap;
    };
    const Row rows[] = {
        {"ends are included", band(0, 1000, R::agl), band(1000, 2000, R::agl), true},
        {"one decimetre apart", band(0, 1000, R::agl), band(1001, 2000, R::agl), false},
        {"unknown is all", band({}, {}, R::w84), band(90'000, 90'000, R::agl), true},
        {"open above", band(50'000, {}, R::w84), band(9'000'000, {}, R::w84), true},
        {"open below", band({}, 0, R::amsl), band({}, -5000, R::amsl), true},
        {"the ground of Everest", band(0, 0, R::agl), band(88'488, 88'488, R::amsl), true},
        {"the ground of the Dead Sea", band(0, 100, R::agl), band({}, -4300, R::amsl), true},
        {"above all ground", band(0, 1000, R::agl), band(95'000, {}, R::amsl), false},
        {"below all ground", band(0, 1000, R::agl), band({}, -9000, R::amsl), false},
        {"geoid of New Guinea", band({}, 0, R::amsl), band(858, {}, R::w84), true},
        {"geoid south of India", band(0, {}, R::amsl), band({}, -1068, R::w84), true},
        {"beyond any geoid", band({}, 0, R::amsl), band(1000, {}, R::w84), false},
        {"level 100 in a cold low", band(100, 100, R::fl), band({}, 10'500, R::amsl), true},
        {"level 100 and space", band({}, 100, R::fl), band(100'000, {}, R::amsl), false},
        {"level 600 and hospital roofs", band(600, {}, R::fl), band(0, 500, R::agl), false},
        {"level 300 and the ground", band(300, {}, R::fl), band(0, 500, R::agl), true},
        {"levels are compared as levels", band(100, 110, R::fl), band(111, 120, R::fl), false},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(overlap(row.a, row.b), row.overlap) << row.name;
        EXPECT_EQ(overlap(row.b, row.a), row.overlap) << row.name << ", other way round";
    }
}

TEST(Band, EnclosuresAreMonotoneAndHoldTheNominalHeight) {
    for (const R r : {R::w84, R::agl, R::amsl, R::fl}) {
        double low = -INFINITY, high = -INFINITY;
        for (std::int64_t v = -20; v <= 1000; ++v) {
            const Enclosure e = w84_enclosure(band(v, v, r));
            EXPECT_LE(low, e.lower_m);
            EXPECT_LE(high, e.upper_m);
            low = e.lower_m;
            high = e.upper_m;
            const double nominal =
                r == R::fl ? 30.48 * static_cast<double>(v) : 0.1 * static_cast<double>(v);
            EXPECT_LE(e.lower_m, nominal + 1e-9);
            EXPECT_GE(e.upper_m, nominal - 1e-9);
        }
    }
    EXPECT_EQ(w84_enclosure({}).lower_m, -INFINITY);
    EXPECT_EQ(w84_enclosure({}).upper_m, INFINITY);
}

TEST(Band, CoversOnlyWhatIsProvable) {
    EXPECT_TRUE(covers(band({}, {}, R::agl), band(0, 100, R::fl)));
    EXPECT_TRUE(covers(band(0, 200, R::agl), band(0, 200, R::agl)));
    EXPECT_TRUE(covers(band({}, 200, R::agl), band(0, 100, R::agl)));
    EXPECT_FALSE(covers(band(0, 200, R::agl), band(0, 100, R::amsl)));
    EXPECT_FALSE(covers(band(0, 200, R::agl), band({}, 100, R::agl)));
    EXPECT_FALSE(covers(band(0, 200, R::agl), band(0, 201, R::agl)));
}

TEST(Window, OverlapIsHalfOpen) {
    const auto window = [](std::optional<int> a, std::optional<int> b) {
        Window w;
        if (a) w.start = instant(*a);
        if (b) w.end = instant(*b);
        return w;
    };
    EXPECT_FALSE(overlap(window(0, 10), window(10, 20)));
    EXPECT_TRUE(overlap(window(0, 11), window(10, 20)));
    EXPECT_TRUE(overlap(window({}, {}), window(10, 20)));
    EXPECT_TRUE(overlap(window({}, 11), window(10, {})));
    EXPECT_FALSE(overlap(window({}, 10), window(10, {})));
    EXPECT_TRUE(covers(window(0, 10), window(0, 10)));
    EXPECT_TRUE(covers(window({}, 10), window(0, 9)));
    EXPECT_FALSE(covers(window(0, 10), window(0, {})));
    EXPECT_FALSE(covers(window(1, 10), window(0, 5)));
}

}  // namespace
}  // namespace entente::geo
