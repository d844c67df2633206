// SPDX-License-Identifier: Apache-2.0
// Positions, boundaries and what protects, in few words, for the tests of live tracks.
#pragma once

#include <gtest/gtest.h>

#include <cmath>

#include "watch/live.h"

namespace entente::watch::test {

using geo::AltitudeReference;
using geo::Volume4D;
using Kind = AlertKind;

constexpr std::int64_t begin_ms = 1'448'353'380'000;  // 2015-11-24T08:23:00Z
inline Instant at(std::int64_t ms) { return instant(begin_ms + ms); }

inline Fix fix(std::int64_t ms, double lat, double lng, std::optional<std::int64_t> height = {}) {
    return {at(ms),
            {static_cast<std::int32_t>(std::lround(lat * 1e7)), std::llround(lng * 1e7)},
            height};
}
inline Position flight(const Fix& one, const std::string& track = "f1") {
    return {"EXERCISE air", track, Craft::aircraft, one, AltitudeReference::amsl};
}
inline Volume4D box(double south, double west, double north, double east) {
    const auto corner = [](double lat, double lng) { return fix(0, lat, lng).at; };
    geo::Ring ring;
    ring.points = {corner(south, west), corner(south, east), corner(north, east),
                   corner(north, west)};
    return {geo::Area{{geo::Polygon{ring, {}}}}, {}, {}};
}
inline Volume4D circle(double lat, double lng, std::int64_t radius_dm) {
    return {geo::Circle{fix(0, lat, lng).at, {radius_dm}}, {}, {}};
}
inline Boundary zone(const Volume4D& volume, const std::string& id = "z",
                     const std::string& party = "aa", const std::string& version = "1") {
    return {party, id, version, {volume}};
}

/// Something to ask of what protects: none, or what a test puts in.
struct Protected {
    std::vector<index::Item> items;
    index::Index index;
    Protections asked{index, [](auto, const auto&) { return true; },
                      [](index::Slot slot) { return "record-" + std::to_string(slot); }};
    Protected() = default;
    explicit Protected(std::vector<index::Item> all)
        : items(all), index(index::Index::build(std::move(all))) {}
};
inline const Protected nothing;

inline Live with(std::vector<Boundary> zones, LiveOptions options = {}) {
    Live live(options);
    const auto set = live.set_boundaries(std::move(zones));
    EXPECT_TRUE(set) << set.error().detail;
    return live;
}
inline Taken take(Live& live, const std::vector<Position>& batch, std::int64_t now_ms,
                  const Protected& all = nothing) {
    return live.take(batch, at(now_ms), all.asked);
}
inline std::vector<Kind> kinds(const std::vector<Alert>& alerts) {
    std::vector<Kind> out;
    for (const Alert& one : alerts) out.push_back(one.kind);
    return out;
}

}  // namespace entente::watch::test
