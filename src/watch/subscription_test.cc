// SPDX-License-Identifier: Apache-2.0
// Who is told of what, against a plain reading of the same words: each rule by itself, without
// boxes, without order; and geo::approach as the oracle of how far apart two shapes are.
#include "watch/subscription.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "geo/distance.h"

namespace entente::watch {
namespace {

/// Around a point of the Gulf of Guinea, the antimeridian or a pole, so that many meet.
geo::Shape some_shape(Rng& rng, std::uint64_t region) {
    const std::int64_t lng = region == 1 ? 1'799'990'000 : region == 2 ? 400'000'000 : 10'000;
    const std::int64_t lat = region == 2 ? 899'000'000 : 5'000;
    const auto at = [&](std::uint64_t spread) {
        const auto off = [&] {
            return static_cast<std::int64_t>(rng.below(2 * spread)) -
                   static_cast<std::int64_t>(spread);
        };
        return geo::LatLng{static_cast<std::int32_t>(lat + off()), lng + off()};
    };
    switch (rng.below(3)) {
        case 0: {
            geo::LatLng center = at(200'000);
            if (center.lng_e7 > 1'800'000'000) center.lng_e7 -= 3'600'000'000;
            return geo::Circle{center, {static_cast<std::int64_t>(rng.below(20'000))}};
        }
        case 1:
            return geo::Corridor{{at(200'000), at(200'000)},
                                 {static_cast<std::int64_t>(rng.below(5'000))}};
        default: {
            const geo::LatLng a = at(200'000);
            const std::int64_t size = 1'000 + static_cast<std::int64_t>(rng.below(100'000));
            const auto d = static_cast<std::int32_t>(size);
            return geo::Area{
                {{{{a, {a.lat_e7, a.lng_e7 + size}, {a.lat_e7 + d, a.lng_e7 + size}}, {}}, {}}}};
        }
    }
}

geo::Volume4D some_volume(Rng& rng, std::uint64_t region) {
    geo::Volume4D out{some_shape(rng, region), {}, {}};
    if (rng.below(2) == 0) {
        out.band.lower = static_cast<std::int64_t>(rng.below(3)) * 1000;
        out.band.upper = *out.band.lower + 1500;
    }
    if (rng.below(2) == 0) {
        out.window.start = instant(static_cast<std::int64_t>(rng.below(4)) * 1000);
        out.window.end = *out.window.start + Duration(1500);
    }
    return out;
}

bool bands_meet(const geo::Band& a, const geo::Band& b) {
    const auto ends_before = [](const geo::Band& x, const geo::Band& y) {
        return x.upper && y.lower && *x.upper < *y.lower;
    };
    return !ends_before(a, b) && !ends_before(b, a);
}

bool windows_meet(const geo::Window& a, const geo::Window& b) {
    const auto ends_before = [](const geo::Window& x, const geo::Window& y) {
        return x.end && y.start && *x.end <= *y.start;
    };
    return !ends_before(a, b) && !ends_before(b, a);
}

template <class T>
bool in(const std::vector<T>& list, const T& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
}

/// How near the nearest of the spots comes that meets the area in height and time; below 0:
/// touches.
double beyond(const Subscription& wants, const Concern& concern) {
    double best = 1e9;
    for (const geo::Place& place : wants.area) {
        for (const Spot& spot : concern.spots) {
            if (!bands_meet(place.volume.band, spot.volume.band)) continue;
            if (!windows_meet(place.volume.window, spot.volume.window)) continue;
            const double reach = metres(place.buffer.value_or(Decimetres{})).v + spot.reach.v;
            const auto apart =
                geo::approach(geo::Prepared(place.volume.shape), geo::Prepared(spot.volume.shape));
            best = std::min(best, apart.distance.v - reach);
        }
    }
    return best;
}

bool words_match(const Subscription& wants, const Concern& concern) {
    if (!wants.what.empty() && !in(wants.what, concern.what)) return false;
    if (!wants.parties.empty() && !in(wants.parties, concern.party)) return false;
    if (concern.what == "log" || wants.classes.empty()) return true;
    if (concern.class_unknown || concern.classes.empty()) return true;
    for (const std::string& one : concern.classes) {
        if (in(wants.classes, one)) return true;
    }
    return false;
}

TEST(Matcher, TellsWhomAPlainReadingTells) {
    Rng rng(11);
    const std::vector<std::string> classes{"hospital", "clinic", "dam"};
    const std::vector<PartyId> parties{{"fr"}, {"ru"}, {"un"}};
    int told = 0, not_told = 0, near = 0;
    for (int i = 0; i < 4000; ++i) {
        const std::uint64_t region = rng.below(3);
        Subscription wants;
        for (std::uint64_t n = rng.below(3); n > 0; --n) {
            wants.area.push_back({some_volume(rng, region),
                                  Decimetres{static_cast<std::int64_t>(rng.below(9000))},
                                  {}});
        }
        for (const auto& one : classes)
            if (rng.below(3) == 0) wants.classes.push_back(one);
        for (const auto& one : parties)
            if (rng.below(3) == 0) wants.parties.push_back(one);
        for (const auto& one : known_whats())
            if (rng.below(3) == 0) wants.what.push_back(one);
        Concern concern;
        concern.what = known_whats()[rng.below(3)];
        concern.party = parties[rng.below(3)];
        for (const auto& one : classes)
            if (rng.below(3) == 0) concern.classes.push_back(one);
        concern.class_unknown = rng.below(8) == 0;
        for (std::uint64_t n = rng.below(3); n > 0; --n) {
            concern.spots.push_back(
                {some_volume(rng, region), {static_cast<double>(rng.below(900))}});
        }
        concern.unplaced = rng.below(8) == 0;
        const bool anywhere = wants.area.empty() || concern.what == "log" || concern.unplaced ||
                              concern.spots.empty();
        const double gap = anywhere ? -1 : beyond(wants, concern);
        if (gap > 0 && gap < 1.5) {  // where geo promises nothing but not to miss
            ++near;
            continue;
        }
        const bool expected = words_match(wants, concern) && gap <= 0;
        EXPECT_EQ(Matcher(wants).matches(concern), expected) << i << " gap " << gap;
        ++(expected ? told : not_told);
    }
    EXPECT_GT(told, 400);
    EXPECT_GT(not_told, 400);
    EXPECT_LT(near, 100);
}

TEST(Matcher, TellsOfWhatShowsNoPlaceAndOfClassesThatNobodyKnows) {
    Subscription wants;
    wants.area = {{{geo::Circle{{0, 0}, {10}}, {}, {}}, {}, {}}};
    wants.classes = {"hospital"};
    Concern concern{"record", PartyId{"fr"}, PartyId{"fr"}, {"hospital"}, false, {}, false};
    EXPECT_TRUE(Matcher(wants).matches(concern)) << "it has no place";
    concern.spots = {{{geo::Circle{{500'000'000, 0}, {10}}, {}, {}}, {0}}};
    EXPECT_FALSE(Matcher(wants).matches(concern)) << "it is far away";
    concern.unplaced = true;
    EXPECT_TRUE(Matcher(wants).matches(concern)) << "some of it shows no place";
    concern.classes = {"dam"};
    EXPECT_FALSE(Matcher(wants).matches(concern));
    concern.class_unknown = true;
    EXPECT_TRUE(Matcher(wants).matches(concern));
}

TEST(Matcher, TakesAReceiptForWhoseRecordItIsAndForWhoGaveIt) {
    const Concern concern{what::receipt, PartyId{"fr"}, PartyId{"ru"}, {"hospital"}, false, {},
                          false};
    for (const char* party : {"fr", "ru", "un"}) {
        Subscription wants;
        wants.parties = {PartyId{party}};
        EXPECT_EQ(Matcher(wants).matches(concern), std::string(party) != "un") << party;
    }
    Subscription legs;
    legs.what = {what::leg};
    EXPECT_FALSE(Matcher(legs).matches(concern));
}

TEST(Matcher, OfADutyRoleTellsWhoIsSignedOnToItOfWhatIsAddressedToIt) {
    Subscription wants;
    wants.duties = {"air-desk", "duty"};
    Concern concern{what::stop, PartyId{"fr"}, PartyId{"fr"}, {"other"}, false, {}, true};
    concern.desks = {"duty", "floor"};
    const Instant since = instant(1);
    EXPECT_FALSE(Matcher(wants).matches(concern));
    EXPECT_FALSE(Matcher(wants).matches(concern, {{"air-desk", since}})) << "it calls another";
    EXPECT_FALSE(Matcher(wants).matches(concern, {{"floor", since}})) << "it does not name that";
    EXPECT_TRUE(Matcher(wants).matches(concern, {{"duty", since}}));
    wants.what = {what::message};
    EXPECT_FALSE(Matcher(wants).matches(concern, {{"duty", since}})) << "all that it says holds";
    wants.what = {};
    concern.what = what::log;
    concern.desks = {};
    EXPECT_FALSE(Matcher(wants).matches(concern, {{"duty", since}})) << "it is for no desk";
}

TEST(Subscription, SharesItsOwnersBoardAndHasAWebhookOfItsOwn) {
    Subscription one;
    one.id = "a2b3c4d5e6f7a2b3";
    one.owner = "nadia";
    EXPECT_EQ(stream_of(one), "board/nadia");
    one.route = {"webhook", "https://example.org/"};
    EXPECT_EQ(stream_of(one), "webhook/a2b3c4d5e6f7a2b3");
}

}  // namespace
}  // namespace entente::watch
