// SPDX-License-Identifier: Apache-2.0
// Random small registers for tests of tiles: circles, corridors and areas in towns, at the
// antimeridian and beyond where the map ends; amended, moved, withdrawn. Included by tests only.
#pragma once

#include <cmath>
#include <vector>

#include "base/random.h"
#include "view/history_for_test.h"

namespace entente::formats::test {

struct WebMercator {
    double x, y;
};
/// As EPSG:3857 has it, cut to the square, x within [0, 1).
inline WebMercator web_mercator(geo::LatLng p) {
    constexpr double pi = 3.14159265358979323846;
    const double phi = static_cast<double>(p.lat_e7) / 1e7 * pi / 180;
    const double y = 0.5 - std::log(std::tan(pi / 4 + phi / 2)) / (2 * pi);
    double x = static_cast<double>(p.lng_e7) / 3.6e9 + 0.5;
    x -= std::floor(x);
    return {x, std::isfinite(y) ? std::min(std::max(y, 0.0), std::nextafter(1.0, 0.0))
                                : (phi > 0 ? 0.0 : std::nextafter(1.0, 0.0))};
}

/// Where tile_place.h says that the point of these worlds' shapes is.
inline geo::LatLng point_by_hand(const geo::Shape& shape) {
    if (const auto* circle = std::get_if<geo::Circle>(&shape)) return circle->center;
    if (const auto* corridor = std::get_if<geo::Corridor>(&shape)) {
        const auto& line = corridor->line;  // of three points here
        return line[1];
    }
    const auto& ring = std::get<geo::Area>(shape).polygons[0].outer.points;  // a square here
    return {(ring[0].lat_e7 + ring[2].lat_e7) / 2, (ring[0].lng_e7 + ring[2].lng_e7) / 2};
}

class TileWorld {
  public:
    TileWorld(std::uint64_t seed, int records) : rng_(seed), history_(Duration(3'600'000)) {
        for (int i = 0; i < 5; ++i) towns_.push_back(anywhere());
        for (int i = 0; i < records; ++i) add();
        if (records > 0) change(records / 8);
    }

    Rng& rng() { return rng_; }
    Instant now() const { return view::test::noon; }
    view::View view() const { return view::test::view_of(history_); }

    /// Adds, amends or withdraws; the slots that changed, some more than once.
    std::vector<view::Slot> change(int times) {
        std::vector<view::Slot> out;
        for (int i = 0; i < times; ++i) {
            if (rng_.below(4) == 0) {
                add();
            } else {
                const auto record = rng_.below(versions_.size());
                view::test::Said said;
                said.record = static_cast<int>(record);
                said.version = ++versions_[record];
                said.approvals = "o";
                if (rng_.below(3) == 0) {
                    said.act = "withdraw";
                } else {
                    said.act = "amend";
                    said.where = places();
                }
                history_.say(said);
            }
            if (history_.last().slot) out.push_back(*history_.last().slot);
        }
        return out;
    }

  private:
    void add() {
        view::test::Said said;
        said.record = static_cast<int>(versions_.size());
        said.where = places();
        versions_.push_back(1);
        history_.say(said);
    }

    geo::LatLng anywhere() {
        switch (rng_.below(6)) {
            case 0: return {e7(-30, 30), 1'799'990'000};
            case 1: return {e7(84.9, 90), lng()};
            case 2: return {-900'000'000, lng()};
            default: return {e7(-80, 80), lng()};
        }
    }
    std::int32_t e7(double low, double high) {
        return static_cast<std::int32_t>(rng_.between(low, high) * 1e7);
    }
    std::int64_t lng() { return static_cast<std::int64_t>(rng_.between(-180, 180) * 1e7); }

    geo::LatLng spot() {
        if (rng_.below(10) == 0) return anywhere();
        const geo::LatLng town = towns_[rng_.below(towns_.size())];
        const double spread = rng_.below(8) == 0 ? 0 : std::pow(10, rng_.between(2, 6));
        const auto near = [&](std::int64_t v) {
            return v + static_cast<std::int64_t>(rng_.between(-spread, spread));
        };
        const std::int64_t lat = std::min<std::int64_t>(
            std::max<std::int64_t>(near(town.lat_e7), -900'000'000), 900'000'000);
        std::int64_t east = near(town.lng_e7);
        if (east >= 1'800'000'000) east -= 3'600'000'000;
        return {static_cast<std::int32_t>(lat), east};
    }

    std::vector<geo::Place> places() {
        std::vector<geo::Place> out(rng_.below(8) == 0 ? 2 : 1);
        for (geo::Place& place : out) {
            place.volume.shape = shape();
            place.buffer = Decimetres{static_cast<std::int64_t>(std::pow(10, rng_.between(0, 5)))};
        }
        return out;
    }

    geo::Shape shape() {
        const geo::LatLng at = spot();
        const auto size = static_cast<std::int32_t>(std::pow(10, rng_.between(1, 6.5)));
        const bool room = at.lat_e7 > -890'000'000 && at.lat_e7 < 890'000'000;
        if (room && rng_.below(4) == 0) {
            return geo::Corridor{{{at.lat_e7 - size, at.lng_e7}, at, {at.lat_e7, at.lng_e7 + size}},
                                 {static_cast<std::int64_t>(rng_.below(20'000))}};
        }
        if (room && rng_.below(3) == 0) {
            const geo::LatLng a{at.lat_e7 - size, at.lng_e7 - size},
                b{at.lat_e7 + size, at.lng_e7 + size};
            return geo::Area{{{{{a, {a.lat_e7, b.lng_e7}, b, {b.lat_e7, a.lng_e7}}}, {}}}};
        }
        return geo::Circle{at, {static_cast<std::int64_t>(std::pow(10, rng_.between(0, 6)))}};
    }

    Rng rng_;
    view::test::History history_;
    std::vector<geo::LatLng> towns_;
    std::vector<std::uint32_t> versions_;
};

}  // namespace entente::formats::test
