// SPDX-License-Identifier: Apache-2.0
// When a track was in a volume: against times worked out by hand, and against an oracle that shares
// no code with the room (geo/world_test.h), asked at random milliseconds of random tracks.
#include "watch/track.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "geo/distance.h"
#include "geo/world_test.h"

namespace entente::watch {
namespace {

using geo::LatLng;
using geo::Volume4D;

constexpr std::int64_t begin_ms = 1'448'353'380'000;  // 2015-11-24T08:23:00Z
Instant at(std::int64_t ms) { return instant(begin_ms + ms); }

Fix fix(std::int64_t ms, double lat, double lng, std::optional<std::int64_t> height = {}) {
    return {at(ms),
            {static_cast<std::int32_t>(std::lround(lat * 1e7)), std::llround(lng * 1e7)},
            height};
}
Track track(std::vector<Fix> fixes) { return {std::move(fixes), geo::AltitudeReference::amsl}; }
Volume4D box(double south, double west, double north, double east) {
    const auto corner = [](double lat, double lng) { return fix(0, lat, lng).at; };
    geo::Ring ring;
    ring.points = {corner(south, west), corner(south, east), corner(north, east),
                   corner(north, west)};
    return {geo::Area{{geo::Polygon{ring, {}}}}, {}, {}};
}
Volume4D circle(double lat, double lng, std::int64_t radius_dm) {
    return {geo::Circle{fix(0, lat, lng).at, {radius_dm}}, {}, {}};
}

/// Two moments at most so far apart.
::testing::AssertionResult about(Instant a, Instant b, std::int64_t ms = 2) {
    if (std::abs(millis(a) - millis(b)) <= ms) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure()
           << millis(a) - begin_ms << " and " << millis(b) - begin_ms << " ms";
}

TEST(Presence, IsFromEdgeToEdge) {
    // A degree of longitude in 100 s along the equator, through a zone from 0.25° to 0.75°. The
    // edges lean half a metre outward, which is 0.45 ms of this flight.
    const auto p = presence(track({fix(0, 0, 0), fix(100'000, 0, 1)}), box(-1, 0.25, 1, 0.75),
                            Duration(100'000));
    ASSERT_EQ(p.stays.size(), 1u);
    EXPECT_TRUE(about(p.stays[0].from, at(25'000)));
    EXPECT_TRUE(about(p.stays[0].until, at(75'000)));
    EXPECT_FALSE(p.stays[0].begun_before || p.stays[0].goes_on);
    EXPECT_TRUE(p.unknown.empty());
    EXPECT_NEAR(static_cast<double>(total(p).count()), 50'000, 4);
}

TEST(Presence, OfACircleIsAsLongAsItsChord) {
    // Along the equator past a circle of 5 km at a distance: half the chord is sqrt(r² - d²).
    const double d = geo::geodesic(fix(0, 0, 0.5).at, fix(0, 0.03, 0.5).at).v;
    const double half = std::sqrt(5000.0 * 5000.0 - d * d);
    const double speed = geo::geodesic(fix(0, 0, 0).at, fix(0, 0, 1).at).v / 1e5;  // metres a ms
    const auto p = presence(track({fix(0, 0, 0), fix(100'000, 0, 1)}), circle(0.03, 0.5, 50'000),
                            Duration(100'000));
    ASSERT_EQ(p.stays.size(), 1u);
    EXPECT_NEAR(static_cast<double>(total(p).count()), 2 * half / speed, 4);
}

/// The dispute of November 2015, with shapes of our own: one boundary as two parties assert it.
TEST(Presence, OfTwoVersionsOfABoundaryIsTold) {
    const auto flight = track({fix(0, 35.9, 36.00), fix(34'000, 35.9, 36.10)});
    const auto salient = presence(flight, box(35.85, 36.025, 35.95, 36.075));
    const auto withdrawn = presence(flight, box(35.91, 36.025, 35.95, 36.075));
    ASSERT_EQ(salient.stays.size(), 1u);
    EXPECT_NEAR(static_cast<double>(total(salient).count()), 17'000, 4);
    EXPECT_TRUE(withdrawn.stays.empty());
}

TEST(Presence, SaysWhatItDoesNotKnow) {
    const auto zone = box(-1, -1, 1, 1);
    const auto p = presence(
        track({fix(0, 0, -0.1), fix(1000, 0, 0), fix(90'000, 0, 0.1), fix(91'000, 0, 3)}), zone);
    ASSERT_EQ(p.stays.size(), 2u);
    EXPECT_EQ(p.stays[0], (Stay{at(0), at(1000), true, true}));
    EXPECT_EQ(p.stays[1].from, at(90'000));
    EXPECT_TRUE(p.stays[1].begun_before);
    EXPECT_FALSE(p.stays[1].goes_on);
    ASSERT_EQ(p.unknown.size(), 1u);
    EXPECT_EQ(p.unknown[0], (geo::Window{at(1001), at(90'000)}));
    EXPECT_EQ(presence(track({fix(0, 0, 0)}), zone).stays,
              std::vector<Stay>({{at(0), at(0), true, true}}));
    EXPECT_EQ(presence(track({}), zone), Presence{});
}

TEST(Presence, CountsOnlyInTheWindow) {
    auto zone = box(-1, -1, 1, 1);
    zone.window = {at(500), at(700)};
    const auto p = presence(track({fix(0, 0, 0), fix(1000, 0, 0.01)}), zone);
    EXPECT_EQ(p.stays, std::vector<Stay>({{at(500), at(699), false, false}}));
    zone.window = {at(1001), {}};
    EXPECT_TRUE(presence(track({fix(0, 0, 0), fix(1000, 0, 0.01)}), zone).stays.empty());
    const auto gap = presence(track({fix(0, 0, 0), fix(90'000, 0, 0.01)}), zone);
    EXPECT_EQ(gap.unknown, std::vector<geo::Window>({{at(1001), at(90'000)}}));
}

TEST(Presence, HeedsHeights) {
    auto zone = box(-1, -1, 1, 1);
    zone.band = {{20'000}, {30'000}, geo::AltitudeReference::amsl};
    // 0 to 4,000 m in 40 s: between 2,000 and 3,000 m from 20 s to 30 s.
    const auto p = presence(track({fix(0, 0, 0, 0), fix(40'000, 0, 0.1, 40'000)}), zone);
    ASSERT_EQ(p.stays.size(), 1u);
    EXPECT_TRUE(about(p.stays[0].from, at(20'000)));
    EXPECT_TRUE(about(p.stays[0].until, at(30'000)));
    EXPECT_EQ(presence(track({fix(0, 0, 0), fix(40'000, 0, 0.1)}), zone).stays.size(), 1u)
        << "a height that is not known is every height";
    zone.band.reference = geo::AltitudeReference::agl;
    // Ground lies 600 m under the sea's level at most: 2,000 m over it are 1,400 m over the sea or
    // more.
    const auto ground = presence(track({fix(0, 0, 0, 0), fix(40'000, 0, 0.1, 40'000)}), zone);
    ASSERT_EQ(ground.stays.size(), 1u);
    EXPECT_TRUE(about(ground.stays[0].from, at(12'900), 1200)) << "geo/band.h has the bounds";
    EXPECT_EQ(ground.stays[0].until, at(40'000));
}

TEST(Presence, CrossesTheAntimeridianTheShortWay) {
    const auto p =
        presence(track({fix(0, 10, 179.9), fix(20'000, 10, -179.9)}), box(9, 179.95, 11, 180.05));
    ASSERT_EQ(p.stays.size(), 1u);
    EXPECT_TRUE(about(p.stays[0].from, at(5000)));
    EXPECT_TRUE(about(p.stays[0].until, at(15'000)));
    EXPECT_TRUE(presence(track({fix(0, 10, 179.9), fix(20'000, 10, -179.9)}), box(9, -10, 11, 10))
                    .stays.empty());
}

TEST(Presence, OfTwoPlacesAtOneTimeCountsBoth) {
    const auto p = presence(track({fix(0, 0, 5), fix(0, 0, 0), fix(0, 0, -5)}), box(-1, -1, 1, 1));
    EXPECT_EQ(p.stays, std::vector<Stay>({{at(0), at(0), true, true}}));
    // One more place at a time takes no way away.
    const auto zone = box(-0.1, -0.1, 0.1, 0.1);
    const std::vector<Fix> way = {fix(0, 0, -1), fix(20'000, 0, 1), fix(40'000, 0, 3)};
    std::vector<Fix> more = way;
    more.push_back(fix(20'000, -2, 1));
    ASSERT_EQ(presence(track(way), zone).stays.size(), 1u);
    EXPECT_EQ(presence(track(more), zone).stays, presence(track(way), zone).stays);
}

TEST(Presence, OverAPoleIsNotKnown) {
    const auto p =
        presence(track({fix(0, 89.95, 0), fix(40'000, 89.95, 180)}), circle(90, 0, 10'000));
    EXPECT_TRUE(p.stays.empty());
    EXPECT_EQ(p.unknown, std::vector<geo::Window>({{at(1), at(40'000)}}));
}

TEST(Presence, ClaimsNoFixThatWasNotInside) {
    // A kilometre in a millisecond, past a circle that lies beside the way.
    EXPECT_EQ(presence(track({fix(0, 0, 0), fix(1, 0, 0.01)}), circle(0.003, 0.005, 10)),
              Presence{});
    auto zone = box(-1, -1, 1, 1);
    zone.band = {{}, {100}, geo::AltitudeReference::fl};
    const Track climb({fix(0, 0, 0, 100), fix(60'000, 0, 0.1, 101)}, geo::AltitudeReference::fl);
    EXPECT_EQ(presence(climb, zone).stays, std::vector<Stay>({{at(0), at(1), true, false}}));
}

TEST(Presence, OfSomethingAtRestByAnEdgeIsWholeAndQuick) {
    // A day of fixes a minute apart, 5 cm inside a circle's edge. Halved to milliseconds this would
    // take hours.
    std::vector<Fix> parked;
    for (std::int64_t minute = 0; minute <= 1440; ++minute) {
        parked.push_back(fix(60'000 * minute, 0, 0));
    }
    const double edge = 999.95 / 111'319.49;
    EXPECT_EQ(presence(track(parked), circle(0, edge, 10'000)).stays,
              std::vector<Stay>({{at(0), at(86'400'000), true, true}}));
}

// -- against the oracle --

struct Drawn {
    std::vector<Fix> fixes;
    Volume4D zone;
};
/// A shape of 1 to 50 km and a walk of 20 fixes in and about it, heights now and then.
Drawn drawn(Rng& rng) {
    const geo::test::Corner corner = geo::test::random_corner(rng);
    const double size = geo::test::random_size(rng, 1e3, 5e4);
    Drawn out{{}, {geo::test::random_shape(rng, corner, size), {}, {}}};
    const bool high = rng.below(2) == 0;
    if (high) out.zone.band = {{10'000}, {30'000}, geo::AltitudeReference::amsl};
    std::int64_t time = 0;
    for (int i = 0; i < 20; ++i) {
        Fix one{at(time),
                geo::test::lat_lng(
                    geo::test::moved(corner, rng.between(0, 360), rng.between(0, 2 * size))),
                {}};
        if (high && rng.below(5) != 0) one.height = static_cast<std::int64_t>(rng.between(0, 5e4));
        out.fixes.push_back(one);
        time += 1 + static_cast<std::int64_t>(rng.between(0, 70'000));
    }
    return out;
}

/// Whether the thing is inside at that moment: far enough from the edge that half a metre of
/// leaning, or two milliseconds of flight, cannot matter. Empty: too near to tell.
std::optional<bool> oracle(const Drawn& one, const Fix& a, const Fix& b, std::int64_t ms) {
    const double s = static_cast<double>(ms - millis(a.time)) /
                     static_cast<double>(millis(b.time) - millis(a.time));
    double east = static_cast<double>(b.at.lng_e7 - a.at.lng_e7);
    if (east > 1.8e9) east -= 3.6e9;
    if (east < -1.8e9) east += 3.6e9;
    LatLng here = a.at;
    here.lat_e7 += static_cast<std::int32_t>(std::lround(s * (b.at.lat_e7 - a.at.lat_e7)));
    here.lng_e7 += std::llround(s * east);
    if (here.lng_e7 > 1'800'000'000) here.lng_e7 -= 3'600'000'000;
    if (here.lng_e7 < -1'800'000'000) here.lng_e7 += 3'600'000'000;
    // Along the line in longitude and latitude, which near a pole is longer than the geodesic.
    const double way = 0.01117 * std::hypot(b.at.lat_e7 - a.at.lat_e7, east);
    const double slack = 1 + 4 * way / static_cast<double>(millis(b.time) - millis(a.time));
    std::optional<bool> high = true;
    if (one.zone.band.lower && a.height && b.height) {
        const double height =
            static_cast<double>(*a.height) + s * static_cast<double>(*b.height - *a.height);
        const double climb = 2 + 4 * std::abs(static_cast<double>(*b.height - *a.height)) /
                                     static_cast<double>(millis(b.time) - millis(a.time));
        const double below = 10'000 - height, above = height - 30'000;
        if (std::max(below, above) > climb) return false;
        if (std::max(below, above) > -climb) high.reset();
    }
    const auto reach = [&](double r) {
        return geo::Circle{here, {static_cast<std::int64_t>(std::ceil(r * 10))}};
    };
    if (geo::test::oracle_distance(one.zone.shape, reach(0)) > slack) return false;
    // Inside for sure only if a ring of points around it is inside as well.
    for (int azimuth = 0; azimuth < 360; azimuth += 30) {
        const geo::test::Corner corner{here.lat_e7 / 1e7, static_cast<double>(here.lng_e7) / 1e7};
        const geo::Circle rim{geo::test::lat_lng(geo::test::moved(corner, azimuth, slack)), {0}};
        if (geo::test::oracle_distance(one.zone.shape, rim) > 0) return std::nullopt;
    }
    return high ? std::optional<bool>(true) : std::nullopt;
}

TEST(Presence, IsTheOraclesAtRandomMoments) {
    Rng rng(20151124);
    int inside = 0, outside = 0;
    for (int i = 0; i < geo::test::count(60, 2000); ++i) {
        const Drawn one = drawn(rng);
        const Presence p = presence(track(one.fixes), one.zone);
        for (std::size_t k = 1; k < p.stays.size(); ++k) {
            ASSERT_LT(p.stays[k - 1].until, p.stays[k].from);
        }
        for (int k = 0; k < 40; ++k) {
            const std::size_t leg = rng.below(one.fixes.size() - 1);
            const Fix &a = one.fixes[leg], &b = one.fixes[leg + 1];
            if (b.time - a.time < Duration(10)) continue;
            const auto ms = millis(a.time) + 1 +
                            static_cast<std::int64_t>(rng.below(
                                static_cast<std::uint64_t>((b.time - a.time).count() - 1)));
            const bool in = std::any_of(p.stays.begin(), p.stays.end(), [&](const Stay& stay) {
                return millis(stay.from) <= ms && ms <= millis(stay.until);
            });
            const bool gap = std::any_of(p.unknown.begin(), p.unknown.end(), [&](const auto& w) {
                return millis(*w.start) <= ms && ms < millis(*w.end);
            });
            ASSERT_TRUE(gap || b.time - a.time <= gap_max_default);
            if (gap) {
                ASSERT_FALSE(in);
                continue;
            }
            const auto truth = oracle(one, a, b, ms);
            if (!truth) continue;
            ASSERT_EQ(in, *truth) << "case " << i << " at " << ms - begin_ms << " ms";
            (*truth ? inside : outside)++;
        }
    }
    EXPECT_GT(inside, 100);
    EXPECT_GT(outside, 100);
}

TEST(Presence, IsTheSameInWhateverOrderFixesCome) {
    Rng rng(7);
    for (int i = 0; i < geo::test::count(20, 500); ++i) {
        const Drawn one = drawn(rng);
        const Presence p = presence(track(one.fixes), one.zone);
        std::vector<Fix> late = one.fixes;
        for (int k = 0; k < 5; ++k) late.push_back(one.fixes[rng.below(one.fixes.size())]);
        for (std::size_t k = late.size(); k > 1; --k) std::swap(late[k - 1], late[rng.below(k)]);
        ASSERT_EQ(presence(track(late), one.zone), p);
    }
}

// -- prediction --

/// The entry, where there is one and it is known.
std::optional<Instant> entry(const Track& flight, const Volume4D& zone, std::int64_t horizon_s) {
    const Prediction p = predicted_entry(flight, zone, Duration(1000 * horizon_s));
    EXPECT_TRUE(p.known);
    return p.entry;
}

TEST(PredictedEntry, GivesTheWarningTime) {
    // 0.001° a second towards a zone that begins at 0.1°: it is there 90 s after 10 s.
    const auto flight = track({fix(0, 0, 0), fix(5000, 0, 0.005), fix(10'000, 0, 0.010)});
    for (const std::int64_t horizon : {120, 600, 3600}) {
        const auto found = entry(flight, box(-1, 0.1, 1, 0.2), horizon);
        ASSERT_TRUE(found);
        EXPECT_TRUE(about(*found, at(100'000), 10)) << "of " << horizon;
    }
    EXPECT_FALSE(entry(flight, box(-1, 0.1, 1, 0.2), 60)) << "later";
    EXPECT_FALSE(entry(flight, box(-1, -0.2, 1, -0.1), 120)) << "behind";
    EXPECT_EQ(entry(flight, box(-1, -1, 1, 1), 1), at(10'000)) << "inside";
}

TEST(PredictedEntry, SaysWhereItCannotBeSaid) {
    const auto ask = [](std::vector<Fix> fixes, const Volume4D& zone) {
        return predicted_entry(track(std::move(fixes)), zone, Duration(3'600'000));
    };
    const auto far = box(-1, 0.1, 1, 0.2);
    EXPECT_EQ(ask({}, far), Prediction{});
    EXPECT_EQ(ask({fix(0, 0, 0)}, far), Prediction{}) << "one fix";
    EXPECT_EQ(ask({fix(0, 0, 0), fix(9999, 0, 0.01)}, far), Prediction{}) << "too near";
    EXPECT_EQ(ask({fix(0, 0, 0), fix(60'001, 0, 0.01)}, far), Prediction{}) << "behind a gap";
    EXPECT_EQ(ask({fix(0, 0, 0)}, box(-1, -1, 1, 1)), (Prediction{true, at(0)})) << "inside";
}

TEST(PredictedEntry, HeedsHeightAndWindow) {
    auto zone = box(-1, -1, 1, 1);
    zone.band = {{}, {10'000}, geo::AltitudeReference::amsl};
    // Sinking 10 m a second from 1,500 m: under 1,000 m in 40 s after the last fix at 1,400 m.
    const auto flight = track({fix(0, 0, 0, 15'000), fix(10'000, 0, 0.01, 14'000)});
    const auto found = entry(flight, zone, 60);
    ASSERT_TRUE(found);
    EXPECT_TRUE(about(*found, at(50'000), 10));
    zone.window = {at(55'000), {}};
    EXPECT_EQ(entry(flight, zone, 60), at(55'000));
    zone.window = {};
    const auto unsure = track({fix(0, 0, 0), fix(10'000, 0, 0.01, 14'000)});
    EXPECT_EQ(entry(unsure, zone, 60), at(10'000)) << "how it climbs is not known";
}

TEST(PredictedEntry, GoesOnOverTheAntimeridianAndEndsAtAPole) {
    const auto east = track({fix(0, 0, 179.97), fix(10'000, 0, 179.98)});
    const auto found = entry(east, box(-1, -179.99, 1, -179.9), 60);
    ASSERT_TRUE(found);
    EXPECT_TRUE(about(*found, at(40'000), 10));
    // A kilometre before the pole: 0.02° less 1,000 m at 0.001° a second, whatever the horizon.
    const auto north = track({fix(0, 89.97, 0), fix(10'000, 89.98, 0)});
    for (const std::int64_t horizon : {60, 3600}) {
        const auto pole = entry(north, circle(90, 0, 10'000), horizon);
        ASSERT_TRUE(pole);
        EXPECT_TRUE(about(*pole, at(21'046), 10)) << "of " << horizon;
    }
}

TEST(PredictedEntry, AsksEveryPlaceOfTheLastTime) {
    const auto flight = track({fix(0, 0, 0), fix(10'000, 0, 0.01), fix(10'000, 5, 0.01)});
    EXPECT_EQ(entry(flight, box(-1, -1, 1, 1), 60), at(10'000));
}

}  // namespace
}  // namespace entente::watch
