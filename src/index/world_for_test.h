// SPDX-License-Identifier: Apache-2.0
// Small random worlds for tests: items and questions of all shapes, close enough together to touch,
// some at the antimeridian and the poles, some exactly at a limit.
#pragma once

#include <cmath>
#include <string>

#include "base/random.h"
#include "geo/distance.h"
#include "geo/valid.h"
#include "index/index.h"

namespace entente::index {

class WorldForTest {
  public:
    explicit WorldForTest(std::uint64_t seed) : rng_(seed) {
        static constexpr double middles[][2] = {{31.5, 34.5}, {0, 0},      {12, 179.99},
                                                {-40, -180},  {89.99, 20}, {-89.9, 70},
                                                {65, 10},     {90, 0}};
        const auto& m = middles[rng_.below(8)];
        lat_ = m[0];
        lng_ = m[1];
        size_m_ = std::pow(10.0, rng_.between(2.5, 5.5));
    }
    Rng& rng() { return rng_; }

    std::vector<Item> items() {
        std::vector<Item> all;
        for (std::size_t n = 1 + (rng_.below(4) == 0 ? rng_.below(3) : 0); n > 0; --n) {
            all.push_back({0, volume(), reach()});
        }
        return all;
    }
    Question question() { return {volume(), rng_.below(2) == 0 ? Metres{0} : reach()}; }

  private:
    /// Somewhere near the middle; over a pole or the antimeridian if that is where it leads.
    geo::LatLng point() {
        const geo::LatLng middle{static_cast<std::int32_t>(lat_ * 1e7),
                                 static_cast<std::int64_t>(lng_ * 1e7)};
        if (rng_.below(40) == 0) return middle;
        return geo::direct(middle, Degrees{rng_.between(0, 360)}, Metres{size_m_ * rng_.unit()});
    }
    Metres reach() {
        switch (rng_.below(8)) {
            case 0: return {0};
            case 1: return {size_m_ * rng_.unit()};  // not a whole number of decimetres
            case 2: return metres(Decimetres{static_cast<std::int64_t>(rng_.below(2'000'000))});
            default:
                return metres(Decimetres{static_cast<std::int64_t>(size_m_ * rng_.between(0, 2))});
        }
    }
    Decimetres radius() {
        switch (rng_.below(6)) {
            case 0: return {0};
            case 1: return {static_cast<std::int64_t>(rng_.below(10'000'000))};
            default: return {static_cast<std::int64_t>(size_m_ * rng_.between(0, 3))};
        }
    }
    geo::Band band() {
        geo::Band b;
        b.reference = static_cast<geo::AltitudeReference>(rng_.below(3) == 0 ? rng_.below(4) : 0);
        const bool level = b.reference == geo::AltitudeReference::fl;
        const std::int64_t low = static_cast<std::int64_t>(rng_.below(level ? 100 : 20'000)) - 10;
        if (rng_.below(4) != 0) b.lower = rng_.below(30) == 0 ? -9'000'000 : low;
        if (rng_.below(4) != 0) {
            b.upper = low + static_cast<std::int64_t>(rng_.below(level ? 50 : 10'000));
            if (!level && rng_.below(30) == 0) b.upper = 9'999'999;
        }
        if (level && b.lower && *b.lower < -20) b.lower = -20;
        return b;
    }
    geo::Window window() {
        constexpr std::int64_t hour = 3'600'000;
        geo::Window w;
        std::int64_t start = 1'700'000'000'000 + static_cast<std::int64_t>(rng_.below(100)) * hour;
        if (rng_.below(2) == 0) start += static_cast<std::int64_t>(rng_.below(2 * hour));
        if (rng_.below(30) == 0) start = -62'000'000'000'000;
        if (rng_.below(30) == 0) start = 200'000'000'000'000;
        if (rng_.below(3) != 0) w.start = instant(start);
        if (rng_.below(3) != 0) {
            w.end = instant(start + 1 + static_cast<std::int64_t>(rng_.below(30)) * hour);
        }
        return w;
    }
    geo::Shape shape() {
        const std::uint64_t kind = rng_.below(10);
        if (kind < 6) return geo::Circle{point(), radius()};
        // A line or ring runs on past ±180 from its first point.
        const std::size_t count = kind < 8 ? 2 + rng_.below(4) : 3 + rng_.below(5);
        const geo::LatLng middle = point();
        std::vector<geo::LatLng> points;
        const double share = rng_.between(0.02, 0.5);
        for (std::size_t i = 0; i < count; ++i) {
            const double angle = kind < 8
                                     ? rng_.between(0, 360)
                                     : 360.0 * static_cast<double>(i) / static_cast<double>(count);
            geo::LatLng p =
                geo::direct(middle, Degrees{angle}, Metres{size_m_ * share * rng_.between(0.5, 1)});
            const std::int64_t before = points.empty() ? middle.lng_e7 : points.back().lng_e7;
            while (p.lng_e7 - before > 1'800'000'000) p.lng_e7 -= 3'600'000'000;
            while (before - p.lng_e7 > 1'800'000'000) p.lng_e7 += 3'600'000'000;
            points.push_back(p);
        }
        if (kind < 8) return geo::Corridor{points, radius()};
        return geo::Area{{geo::Polygon{geo::Ring{points, geo::Pole::none}, {}}}};
    }
    geo::Volume4D volume() {
        geo::Volume4D v;
        do {
            v.shape = shape();
        } while (!geo::validate(v.shape));
        do {
            v.band = band();
        } while (!geo::validate(v.band));
        do {
            v.window = window();
        } while (!geo::validate(v.window));
        return v;
    }

    Rng rng_;
    double lat_ = 0;
    double lng_ = 0;
    double size_m_ = 0;
};

inline std::string describe(const Question& q) {
    std::string s = "margin " + std::to_string(q.margin.v) + " ";
    if (const auto* c = std::get_if<geo::Circle>(&q.volume.shape)) {
        s += "circle " + std::to_string(c->center.lat_e7) + " " + std::to_string(c->center.lng_e7) +
             " r " + std::to_string(c->radius.v) + " dm";
    } else {
        s += std::holds_alternative<geo::Corridor>(q.volume.shape) ? "corridor" : "area";
    }
    return s;
}

}  // namespace entente::index
