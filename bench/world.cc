// SPDX-License-Identifier: Apache-2.0
#include "bench/world.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/random.h"

namespace entente::bench {
namespace {

constexpr double metres_per_degree = 111'320.0;  // of latitude; good to 0.6 %, enough to invent
constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t hour_ms = 60 * minute_ms;
constexpr std::int64_t day_ms = 24 * hour_ms;
constexpr std::int64_t epoch_ms = 1'767'225'600'000;  // 2026-01-01T00:00:00Z
constexpr std::int64_t horizon_days = 60;

struct Spot {
    double lat;  // degrees
    double lng;
};

double log_uniform(Rng& rng, double low, double high) {
    return std::exp(rng.between(std::log(low), std::log(high)));
}

/// Two independent normal deviates (Box and Muller 1958).
struct Normals {
    double a;
    double b;
};
Normals normals(Rng& rng) {
    const double r = std::sqrt(-2.0 * std::log(1.0 - rng.unit()));
    const double phi = 2.0 * std::numbers::pi * rng.unit();
    return {r * std::cos(phi), r * std::sin(phi)};
}

Spot moved(const Spot& from, double east_m, double north_m) {
    const double shrink = std::cos(from.lat * std::numbers::pi / 180.0);
    Spot to{from.lat + north_m / metres_per_degree,
            from.lng + east_m / (metres_per_degree * std::max(shrink, 0.05))};
    to.lat = std::clamp(to.lat, -89.0, 89.0);
    return to;
}

std::int32_t e7(double degrees) { return static_cast<std::int32_t>(std::llround(degrees * 1e7)); }

geo::LatLng at(const Spot& s) {
    return {e7(s.lat), static_cast<std::int64_t>(std::llround(s.lng * 1e7))};
}

std::int64_t decimetres(double metres) { return std::llround(metres * 10.0); }

struct Region {
    double south, north, west, east;
    std::size_t towns;
};

class Land {
  public:
    Land(const Region& region, Rng& rng) : region_(region) {
        double sum = 0;
        for (std::size_t i = 0; i < region.towns; ++i) {
            towns_.push_back({anywhere(rng), log_uniform(rng, 1'500, 8'000)});
            sum += std::pow(static_cast<double>(i + 1), -0.7);
            cumulative_.push_back(sum);
        }
    }
    Spot anywhere(Rng& rng) const {
        return {rng.between(region_.south, region_.north), rng.between(region_.west, region_.east)};
    }
    /// A place of a town, drawn by the towns' weights.
    Spot in_town(Rng& rng) const {
        const double x = rng.unit() * cumulative_.back();
        const auto it = std::upper_bound(cumulative_.begin(), cumulative_.end(), x);
        const auto i =
            std::min(static_cast<std::size_t>(it - cumulative_.begin()), towns_.size() - 1);
        return around(towns_[i], rng);
    }
    Spot protected_place(Rng& rng) const { return rng.unit() < 0.1 ? anywhere(rng) : in_town(rng); }
    Spot planned_place(Rng& rng) const { return rng.unit() < 0.7 ? in_town(rng) : anywhere(rng); }

  private:
    struct Town {
        Spot centre;
        double sigma_m;
    };
    Spot around(const Town& town, Rng& rng) const {
        const auto [a, b] = normals(rng);
        Spot s = moved(town.centre, a * town.sigma_m, b * town.sigma_m);
        if (s.lng > 180.0) s.lng -= 360.0;
        if (s.lng < -180.0) s.lng += 360.0;
        return s;
    }
    Region region_;
    std::vector<Town> towns_;
    std::vector<double> cumulative_;
};

struct Span {
    std::int64_t low;
    std::int64_t high;
};

/// Half are permanent; the others last 1 to 30 days, in whole minutes.
Span protected_window(Rng& rng) {
    if (rng.unit() < 0.5) return {always_start_ms, always_end_ms};
    const auto length = static_cast<std::int64_t>(rng.between(1, 30) * 24 * 60) * minute_ms;
    const auto start =
        epoch_ms + static_cast<std::int64_t>(rng.below(horizon_days * 24 * 60)) * minute_ms;
    return {start, start + length};
}

/// From a base between -100 and 1,500 m, 50 to 1,000 m thick, in decimetres.
Span protected_band(Rng& rng) {
    const auto low = decimetres(rng.between(-100, 1'500));
    return {low, low + decimetres(rng.between(50, 1'000))};
}

Span planned_window(Rng& rng) {
    const auto start =
        epoch_ms + static_cast<std::int64_t>(rng.below(horizon_days * 24 * 60)) * minute_ms;
    return {start, start + static_cast<std::int64_t>(rng.between(60, 360)) * minute_ms};
}

Span planned_band(Rng& rng) {
    const auto low = decimetres(rng.between(0, 2'600));
    return {low, low + decimetres(rng.between(100, 2'000))};
}

geo::Volume4D volume(geo::Shape shape, const Span& band, const Span& window) {
    geo::Volume4D v{std::move(shape), {band.low, band.high, geo::AltitudeReference::w84}, {}};
    if (window.low != always_start_ms) v.window.start = instant(window.low);
    if (window.high != always_end_ms) v.window.end = instant(window.high);
    return v;
}

World make_rows(std::string name, const Region& region, const Sizes& sizes) {
    Rng rng(sizes.seed);
    const Land land(region, rng);
    World world;
    world.name = std::move(name);
    world.points.reserve(sizes.entries);
    for (std::size_t i = 0; i < sizes.entries; ++i) {
        const Spot s = land.protected_place(rng);
        const auto buffer = static_cast<std::int32_t>(decimetres(rng.between(100, 2'000)));
        const Span band = protected_band(rng);
        const Span window = protected_window(rng);
        world.points.push_back({e7(s.lat), e7(s.lng), buffer, static_cast<std::int32_t>(band.low),
                                static_cast<std::int32_t>(band.high), window.low, window.high});
    }
    for (std::size_t i = 0; i < sizes.plans; ++i) {
        const Spot s = land.planned_place(rng);
        const auto radius = decimetres(log_uniform(rng, 500, 20'000));
        const Span band = planned_band(rng);
        world.plans.push_back(volume(geo::Circle{at(s), {radius}}, band, planned_window(rng)));
    }
    return world;
}

/// A simple ring around a centre: one vertex in each equal sector, so that no two edges cross.
geo::Area polygon(Rng& rng, const Spot& centre, double across_m) {
    const auto corners = 5 + rng.below(36);
    geo::Ring ring;
    for (std::uint64_t i = 0; i < corners; ++i) {
        const double turn =
            (static_cast<double>(i) + rng.between(0.1, 0.9)) / static_cast<double>(corners);
        const double phi = 2.0 * std::numbers::pi * turn;
        const double r = across_m / 2.0 * rng.between(0.5, 1.0);
        ring.points.push_back(at(moved(centre, r * std::cos(phi), r * std::sin(phi))));
    }
    return {{{std::move(ring), {}}}};
}

/// A line that wanders: 3 to 12 legs, each turning by at most half a right angle.
geo::Corridor corridor(Rng& rng, const Spot& from, double length_m, double half_width_m) {
    const auto legs = 3 + rng.below(10);
    double heading = 2.0 * std::numbers::pi * rng.unit();
    Spot s = from;
    geo::Corridor c{{at(s)}, {decimetres(half_width_m)}};
    for (std::uint64_t i = 0; i < legs; ++i) {
        const double leg = length_m / static_cast<double>(legs);
        heading += rng.between(-0.25, 0.25) * std::numbers::pi;
        s = moved(s, leg * std::cos(heading), leg * std::sin(heading));
        c.line.push_back(at(s));
    }
    return c;
}

}  // namespace

World make_points(const Sizes& sizes) {
    return make_rows("points", {29, 38, 35, 49, 2'000}, sizes);
}

World make_wide(const Sizes& sizes) {
    return make_rows("wide", {-55, 70, -180, 180, 20'000}, sizes);
}

World make_shapes(const Sizes& sizes) {
    Rng rng(sizes.seed);
    const Land land({29, 38, 35, 49, 2'000}, rng);
    World world;
    world.name = "shapes";
    world.shapes.reserve(sizes.entries);
    for (std::size_t i = 0; i < sizes.entries; ++i) {
        const Spot s = land.protected_place(rng);
        geo::Shape shape =
            i % 5 != 4
                ? geo::Shape(polygon(rng, s, log_uniform(rng, 100, 3'000)))
                : geo::Shape(corridor(rng, s, rng.between(5'000, 60'000), rng.between(20, 500)));
        const Decimetres buffer{decimetres(rng.between(100, 2'000))};
        const Span band = protected_band(rng);
        geo::Volume4D v = volume(std::move(shape), band, protected_window(rng));
        if (rng.unit() < 0.7) v.band = {};  // most areas and roads are protected at all heights
        world.shapes.push_back({std::move(v), buffer, Decimetres{0}});
    }
    for (std::size_t i = 0; i < sizes.plans; ++i) {
        const Spot s = land.planned_place(rng);
        geo::Shape shape = geo::Circle{at(s), {decimetres(log_uniform(rng, 500, 20'000))}};
        if (i % 3 == 1) shape = polygon(rng, s, log_uniform(rng, 1'000, 20'000));
        if (i % 3 == 2) {
            shape = corridor(rng, s, log_uniform(rng, 5'000, 80'000), rng.between(100, 2'000));
        }
        const Span band = planned_band(rng);
        world.plans.push_back(volume(std::move(shape), band, planned_window(rng)));
    }
    return world;
}

geo::Place place(const PointRow& row) {
    return {volume(geo::Circle{{row.lat_e7, row.lng_e7}, {0}}, {row.lower_dm, row.upper_dm},
                   {row.start_ms, row.end_ms}),
            Decimetres{row.buffer_dm}, Decimetres{0}};
}

geo::Place place(const World& world, std::size_t id) {
    return world.points.empty() ? world.shapes[id] : place(world.points[id]);
}

}  // namespace entente::bench
