// SPDX-License-Identifier: Apache-2.0
// Live tracks against presence() and predicted_entry() of the same positions once all are here, and
// against geo asked of each position by itself.
#include <algorithm>
#include <set>

#include "geo/band.h"
#include "geo/distance.h"
#include "geo/world_test.h"
#include "watch/live_for_test.h"

namespace entente::watch::test {
namespace {

/// What is told at the end: alerts less those that were taken back.
std::vector<Alert> standing(const std::vector<Alert>& alerts) {
    std::set<std::string> wrong;
    for (const Alert& one : alerts) {
        if (one.kind == Kind::corrected) wrong.insert(one.corrects);
    }
    std::vector<Alert> out;
    for (const Alert& one : alerts) {
        const bool foresees = one.kind == Kind::will_enter || one.kind == Kind::turned_away;
        if (one.kind != Kind::corrected && !foresees && wrong.count(one.id) == 0) {
            out.push_back(one);
        }
    }
    return out;
}

struct Walk {
    std::vector<Position> positions;
    std::vector<Boundary> zones;
};

/// Walks of several tracks in and about zones, all held by the windows.
Walk drawn(Rng& rng) {
    const geo::test::Corner corner = geo::test::random_corner(rng);
    const double size = geo::test::random_size(rng, 1e3, 5e4);
    Walk out;
    for (int z = 0; z < 4; ++z) {
        Volume4D volume{geo::test::random_shape(rng, corner, size), {}, {}};
        if (rng.below(2) == 0) volume.band = {{10'000}, {30'000}, AltitudeReference::amsl};
        if (rng.below(3) == 0) volume.window = {at(100'000), at(500'000)};
        out.zones.push_back(zone(volume, "z" + std::to_string(z)));
    }
    for (int t = 0; t < 3; ++t) {
        std::int64_t time = 0;
        for (int i = 0; i < 20; ++i) {
            Fix one{at(time),
                    geo::test::lat_lng(
                        geo::test::moved(corner, rng.between(0, 360), rng.between(0, 2 * size))),
                    {}};
            if (rng.below(5) != 0) one.height = static_cast<std::int64_t>(rng.between(0, 5e4));
            out.positions.push_back(flight(one, "t" + std::to_string(t)));
            time += 1 + static_cast<std::int64_t>(rng.between(0, 70'000));
        }
    }
    return out;
}

template <class T>
void shuffle(Rng& rng, std::vector<T>& list) {
    for (std::size_t k = list.size(); k > 1; --k) std::swap(list[k - 1], list[rng.below(k)]);
}

/// The positions in batches of any size.
std::vector<Alert> fed(Rng& rng, Live& live, std::vector<Position> all) {
    std::vector<Alert> out;
    while (!all.empty()) {
        const std::size_t count = 1 + rng.below(all.size());
        const std::vector<Position> batch(all.begin(),
                                          all.begin() + static_cast<std::ptrdiff_t>(count));
        all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
        const auto taken = take(live, batch, 2'000'000);
        EXPECT_EQ(taken.accepted + taken.repeated, batch.size());
        out.insert(out.end(), taken.alerts.begin(), taken.alerts.end());
    }
    return out;
}

/// The same of presence() of whole tracks.
std::set<std::string> expected_of(const Walk& walk) {
    std::set<std::string> out;
    for (const char* name : {"t0", "t1", "t2"}) {
        std::vector<Fix> fixes;
        for (const Position& one : walk.positions) {
            if (one.track == name) fixes.push_back(one.fix);
        }
        const Instant last = fixes.back().time;
        for (const Boundary& zone : walk.zones) {
            const auto p = presence(Track(fixes, AltitudeReference::amsl), zone.volumes[0]);
            const std::string where = std::string(name) + " " + zone.id + " ";
            for (const Stay& one : p.stays) {
                const auto say = [&](const char* what, Instant time) {
                    out.insert(where + what + " " + std::to_string(millis(time)));
                };
                say(one.begun_before ? "found_inside" : "entered", one.from);
                if (!one.goes_on) say("left", one.until);
                if (one.goes_on && one.until < last) say("lost", one.until);
            }
        }
    }
    return out;
}
std::set<std::string> said(const std::vector<Alert>& alerts) {
    std::set<std::string> out;
    for (const Alert& one : standing(alerts)) {
        out.insert(one.track + " " + one.zone + " " + name(one.kind) + " " +
                   std::to_string(millis(one.time)));
    }
    return out;
}

TEST(Live, ComesToWhatPresenceSaysInWhateverOrderPositionsCome) {
    Rng rng(20151124);
    std::size_t facts = 0, corrections = 0;
    for (int i = 0; i < geo::test::count(40, 1500); ++i) {
        const Walk walk = drawn(rng);
        const auto expected = expected_of(walk);
        std::vector<Position> late = walk.positions;
        for (int k = 0; k < 10; ++k) late.push_back(late[rng.below(late.size())]);
        if (i % 2 == 1) shuffle(rng, late);
        Live live = with(walk.zones);
        const auto alerts = fed(rng, live, late);
        ASSERT_EQ(said(alerts), expected) << "walk " << i;
        std::set<std::string> ids;
        for (const Alert& one : alerts) {
            ASSERT_TRUE(ids.insert(one.id).second) << "walk " << i << ": an id twice";
            corrections += one.kind == Kind::corrected;
        }
        facts += expected.size();
    }
    EXPECT_GT(facts, 200u);
    EXPECT_GT(corrections, 50u);
}

TEST(Live, SaysTheSameOfABatchInAnyOrder) {
    Rng rng(5);
    for (int i = 0; i < geo::test::count(30, 500); ++i) {
        Walk walk = drawn(rng);
        Live one = with(walk.zones), other = with(walk.zones);
        const auto before = take(one, walk.positions, 2'000'000);
        shuffle(rng, walk.positions);
        const auto after = take(other, walk.positions, 2'000'000);
        ASSERT_EQ(before.alerts, after.alerts);
        ASSERT_EQ(one.tick(at(9'000'000), nothing.asked), other.tick(at(9'000'000), nothing.asked));
    }
}

TEST(Live, ForgetsNothingThatMattersWhenItTrims) {
    // Long walks, a position a call, and the same in one call, which is trimmed once.
    Rng rng(99);
    for (int i = 0; i < geo::test::count(10, 200); ++i) {
        const geo::test::Corner corner = geo::test::random_corner(rng);
        const double size = geo::test::random_size(rng, 1e3, 5e4);
        std::vector<Boundary> zones;
        for (int z = 0; z < 4; ++z) {
            zones.push_back(zone({geo::test::random_shape(rng, corner, size), {}, {}},
                                 "z" + std::to_string(z)));
        }
        std::vector<Position> all;
        std::int64_t time = 0;
        for (int k = 0; k < 150; ++k) {
            const auto place = geo::test::lat_lng(
                geo::test::moved(corner, rng.between(0, 360), rng.between(0, 1.5 * size)));
            all.push_back(flight({at(time), place, {}}, "t0"));
            time += 1 + static_cast<std::int64_t>(rng.between(0, 62'000));
        }
        Live one = with(zones), other = with(zones);
        std::vector<Alert> slowly;
        for (const Position& position : all) {
            const auto taken = take(one, {position}, 9'000'000);
            slowly.insert(slowly.end(), taken.alerts.begin(), taken.alerts.end());
        }
        ASSERT_EQ(said(slowly), said(take(other, all, 9'000'000).alerts)) << i;
        for (const Alert& alert : slowly) ASSERT_NE(alert.kind, Kind::corrected) << i;
    }
}

TEST(Live, MissesNoProtectionThatAPositionIsIn) {
    Rng rng(3);
    std::size_t hits = 0;
    for (int i = 0; i < geo::test::count(20, 400); ++i) {
        const geo::test::Corner corner = geo::test::random_corner(rng);
        const double size = geo::test::random_size(rng, 3e2, 2e4);
        std::vector<index::Item> items;
        for (index::Slot slot = 0; slot < 60; ++slot) {
            const auto place =
                geo::test::moved(corner, rng.between(0, 360), rng.between(0, 3 * size));
            Volume4D volume{geo::test::random_shape(rng, place, size / 4), {}, {}};
            if (rng.below(2) == 0) volume.band = {{0}, {20'000}, AltitudeReference::amsl};
            items.push_back({slot, volume, Metres{rng.between(0, size / 4)}});
        }
        const Protected all(items);
        Live live = with({});
        std::set<std::string> inside;
        for (std::int64_t s = 0; s < 40; ++s) {
            Fix one{at(1000 * s),
                    geo::test::lat_lng(
                        geo::test::moved(corner, rng.between(0, 360), rng.between(0, 3 * size))),
                    static_cast<std::int64_t>(rng.between(0, 40'000))};
            const auto taken = take(live, {flight(one)}, 1000 * s, all);
            for (const Alert& alert : taken.alerts) {
                ASSERT_TRUE(alert.zone.empty() && alert.party.empty());
                if (alert.kind == Kind::left || alert.kind == Kind::lost) {
                    inside.erase(alert.record);
                } else {
                    ASSERT_TRUE(alert.kind == Kind::entered || alert.kind == Kind::found_inside);
                    inside.insert(alert.record);
                }
            }
            for (const index::Item& item : items) {
                const geo::Band band{one.height, one.height, AltitudeReference::amsl};
                if (!geo::overlap(item.volume.band, band)) continue;
                if (geo::test::oracle_distance(item.volume.shape, geo::Circle{one.at, {0}}) >
                    item.reach.v) {
                    continue;
                }
                ++hits;
                ASSERT_EQ(inside.count("record-" + std::to_string(item.slot)), 1u)
                    << i << " at " << s << " s: " << geo::test::show(item.volume.shape);
            }
        }
    }
    EXPECT_GT(hits, 300u);
}

TEST(Live, ForeseesWhatPredictedEntryDoes) {
    Rng rng(11);
    int told = 0, untold = 0;
    for (int i = 0; i < geo::test::count(300, 3000); ++i) {
        const geo::test::Corner corner = geo::test::random_corner(rng);
        const double size = geo::test::random_size(rng, 1e3, 5e4);
        const Volume4D volume{geo::test::random_shape(rng, corner, size), {}, {}};
        const auto near = [&] {
            return geo::test::lat_lng(
                geo::test::moved(corner, rng.between(0, 360), rng.between(0, 3 * size)));
        };
        // A line through a place near the zone, flown at 250 m/s at most.
        const geo::LatLng from = near();
        const geo::LatLng to =
            geo::direct(from, Degrees{rng.between(0, 360)}, Metres{rng.between(100, 5000)});
        const std::vector<Fix> fixes = {{at(0), from, {}}, {at(20'000), to, {}}};
        const Track track(fixes, AltitudeReference::amsl);
        const auto expected = predicted_entry(track, volume, Duration(300'000));
        Live live = with({zone(volume)});
        const auto taken = take(live, {flight(fixes[0]), flight(fixes[1])}, 20'000);
        const auto found = std::find_if(taken.alerts.begin(), taken.alerts.end(),
                                        [](auto& one) { return one.kind == Kind::will_enter; });
        if (!expected.known || !expected.entry || *expected.entry == at(20'000)) {
            ASSERT_EQ(found, taken.alerts.end()) << i;
            ++untold;
            continue;
        }
        const bool inside =
            !presence(Track({fixes[1]}, AltitudeReference::amsl), volume).stays.empty();
        if (inside) continue;
        ASSERT_NE(found, taken.alerts.end()) << i << " " << millis(*expected.entry) - begin_ms;
        ASSERT_LE(*found->entry, *expected.entry) << i;
        ASSERT_GE(*found->entry + Duration(255), *expected.entry) << i;
        ++told;
    }
    EXPECT_GT(told, 20);
    EXPECT_GT(untold, 20);
}

}  // namespace
}  // namespace entente::watch::test
