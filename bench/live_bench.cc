// SPDX-License-Identifier: Apache-2.0
// Live tracks: so many that each send a position a second, against invented protections and zones,
// on one core. Positions arrive evenly over each second; whatever has arrived while the batch
// before was worked on is the next batch, as behind a socket. What is measured is from a position's
// arrival to the alerts that it makes, and to its being worked off where it makes none; then how
// many a second can be worked off where they wait in a row. Writes Markdown to standard output.
//
//     live_bench [--tracks N] [--protections N] [--zones N] [--seconds N] [--core N]
#include <sched.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <stdexcept>

#include "base/random.h"
#include "bench/world.h"
#include "watch/live.h"

namespace entente::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
    std::size_t tracks = 10'000;
    std::size_t protections = 1'000'000;
    std::size_t zones = 10'000;
    int seconds = 60;
    int warm_up = 40;  // until all windows are full
    std::uint64_t seed = 1;
    int core = 0;
};

constexpr std::int64_t begin_ms = 1'800'000'000'000;
constexpr std::size_t batch_max = 10'000;  // what one request may bring

std::vector<watch::Boundary> zones_of(const Options& options) {
    const World world = make_shapes({options.zones, 1, options.seed + 1});
    std::vector<watch::Boundary> out;
    for (std::size_t i = 0; i < world.size(); ++i) {
        geo::Volume4D volume = place(world, i).volume;
        volume.window = {};  // all are in force
        out.push_back({"p" + std::to_string(i % 20), "zone-" + std::to_string(i), "1", {volume}});
    }
    return out;
}

index::Index index_of(const World& world) {
    std::vector<index::Item> items;
    for (std::size_t i = 0; i < world.size(); ++i) {
        geo::Place one = place(world, i);
        one.volume.window = {};
        items.push_back({static_cast<index::Slot>(i), one.volume, metres(*one.buffer)});
    }
    return index::Index::build(std::move(items));
}

/// A thing on its way: four in five fly at 60 to 250 m/s in long turns and know their height, the
/// others drive at 5 to 20 m/s.
struct Mover {
    double lat, lng;  // degrees
    double heading;   // radians
    double turn;      // radians a second
    double speed;     // metres a second
    std::optional<std::int64_t> height;
    std::string name;

    void move() {
        constexpr double metres_a_degree = 111'320;
        heading += turn;
        lat += speed * std::cos(heading) / metres_a_degree;
        lng += speed * std::sin(heading) / (metres_a_degree * std::cos(lat * 3.14159265 / 180));
    }
};

std::vector<Mover> movers_of(const Options& options, const World& world) {
    Rng rng(options.seed + 2);
    std::vector<Mover> out;
    for (std::size_t i = 0; i < options.tracks; ++i) {
        // Where plans are: about towns in seven cases of ten.
        const auto& plan = world.plans[i % world.plans.size()];
        const geo::LatLng at = std::get<geo::Circle>(plan.shape).center;
        const bool flies = i % 5 != 0;
        Mover one{at.lat_e7 / 1e7,
                  static_cast<double>(at.lng_e7) / 1e7,
                  rng.between(0, 6.2831853),
                  rng.between(-0.01, 0.01),
                  flies ? rng.between(60, 250) : rng.between(5, 20),
                  {},
                  "t" + std::to_string(i)};
        if (flies) one.height = static_cast<std::int64_t>(rng.between(3'000, 100'000));
        out.push_back(std::move(one));
    }
    return out;
}

watch::Position position_of(const Mover& mover, Instant time) {
    const auto craft = mover.height ? watch::Craft::aircraft : watch::Craft::convoy;
    return {
        "bench",
        mover.name,
        craft,
        {time,
         {static_cast<std::int32_t>(std::lround(mover.lat * 1e7)), std::llround(mover.lng * 1e7)},
         mover.height},
        geo::AltitudeReference::w84};
}

struct Times {
    std::vector<double> ms;
    std::string row(const char* what) {
        std::sort(ms.begin(), ms.end());
        if (ms.empty()) return std::string("| ") + what + " | 0 | | | | |\n";
        const auto at = [&](double share) {
            return ms[static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1))];
        };
        char text[200];
        std::snprintf(text, sizeof(text), "| %s | %zu | %.2f | %.2f | %.2f | %.2f |\n", what,
                      ms.size(), at(0.5), at(0.99), at(0.999), ms.back());
        return text;
    }
};

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

class Bench {
  public:
    explicit Bench(const Options& options)
        : options_(options), world_(make_points({options.protections, 10'000, options.seed})),
          index_(index_of(world_)), movers_(movers_of(options, world_)) {
        const auto set = live_.set_boundaries(zones_of(options));
        if (!set) throw std::runtime_error(set.error().detail);
    }

    void run() {
        std::fprintf(stderr, "filling windows\n");
        row(options_.warm_up, "to fill the windows");
        std::fprintf(stderr, "at the pace of arrival, %d s\n", options_.seconds);
        at_pace();
        std::fprintf(stderr, "in a row\n");
        row(options_.seconds, "in a row");
    }

  private:
    /// Position number k is of mover k % tracks in second k / tracks.
    watch::Position next() {
        const std::size_t second = count_ / movers_.size();
        Mover& mover = movers_[count_ % movers_.size()];
        ++count_;
        mover.move();
        const auto part =
            static_cast<std::int64_t>(1000 * (count_ % movers_.size()) / movers_.size());
        return position_of(mover,
                           instant(begin_ms + 1000 * static_cast<std::int64_t>(second) + part));
    }
    watch::Taken take(const std::vector<watch::Position>& batch) {
        return live_.take(batch, batch.back().fix.time, protections_);
    }

    void at_pace() {
        const double gap = 1.0 / static_cast<double>(movers_.size());  // seconds
        const std::size_t total = movers_.size() * static_cast<std::size_t>(options_.seconds);
        Times all, alerts;
        std::size_t done = 0, batches = 0;
        const double cpu = cpu_seconds();
        const auto begin = Clock::now();
        const auto since = [&] {
            return std::chrono::duration<double>(Clock::now() - begin).count();
        };
        std::vector<watch::Position> batch;
        while (done < total) {
            batch.clear();
            const auto here = static_cast<std::size_t>(since() / gap);
            while (done + batch.size() < std::min({here, total, done + batch_max})) {
                batch.push_back(next());
            }
            if (batch.empty()) continue;  // nobody sleeps: the core is ours
            const watch::Taken taken = take(batch);
            const double now = since();
            // Of each alert the position is the newest of its track; in one batch a track has one.
            std::map<std::string, std::size_t> number;
            for (std::size_t i = 0; i < batch.size(); ++i) {
                all.ms.push_back(1000 * (now - static_cast<double>(done + i) * gap));
                if (!taken.alerts.empty()) number.try_emplace(batch[i].track, done + i);
            }
            for (const watch::Alert& one : taken.alerts) {
                const auto arrived = static_cast<double>(number.at(one.track)) * gap;
                alerts.ms.push_back(1000 * (now - arrived));
            }
            done += batch.size();
            ++batches;
        }
        const double used = cpu_seconds() - cpu;
        std::printf(
            "| %zu tracks, a position a second | count | p50 ms | p99 ms | p99.9 ms | max ms "
            "|\n|---|---:|---:|---:|---:|---:|\n",
            movers_.size());
        std::printf("%s%s", alerts.row("position to alert").c_str(),
                    all.row("position to worked off").c_str());
        std::printf(
            "\n%zu batches of %.1f positions; the wait for the next is part of the CPU time "
            "(%.1f s in %d s)\n\n",
            batches, static_cast<double>(total) / static_cast<double>(batches), used,
            options_.seconds);
    }

    void row(int seconds, const char* what) {
        const std::size_t total = movers_.size() * static_cast<std::size_t>(seconds);
        constexpr std::size_t at_once = 200;
        std::map<watch::AlertKind, std::size_t> kinds;
        double used = 0, most = 0;
        std::vector<watch::Position> batch;
        for (std::size_t done = 0; done < total; done += at_once) {
            batch.clear();
            for (std::size_t i = 0; i < at_once; ++i) batch.push_back(next());
            const double cpu = cpu_seconds();
            const watch::Taken taken = take(batch);
            const double one = cpu_seconds() - cpu;
            used += one;
            most = std::max(most, one);
            for (const watch::Alert& alert : taken.alerts) ++kinds[alert.kind];
        }
        std::printf(
            "%s: %zu positions in batches of %zu, %.0f a second of CPU time (%.1f µs each; "
            "the longest batch %.1f ms); alerts:",
            what, total, at_once, static_cast<double>(total) / used,
            1e6 * used / static_cast<double>(total), 1000 * most);
        for (const auto& [kind, count] : kinds) std::printf(" %s %zu", watch::name(kind), count);
        std::printf("\n\n");
        std::fflush(stdout);
    }

    Options options_;
    World world_;
    index::Index index_;
    std::vector<Mover> movers_;
    watch::Live live_;
    watch::Protections protections_{index_, [](auto, const auto&) { return true; },
                                    [](index::Slot slot) { return std::to_string(slot); }};
    std::size_t count_ = 0;
};

int run(int argc, char** argv) {
    Options options;
    CLI::App app("live tracks against protections and zones");
    app.add_option("--tracks", options.tracks, "tracks (10,000)");
    app.add_option("--protections", options.protections, "protections (1,000,000)");
    app.add_option("--zones", options.zones, "zones (10,000)");
    app.add_option("--seconds", options.seconds, "of each part (60)");
    app.add_option("--core", options.core, "the core to be pinned to (0)");
    try {
        app.parse(argc, argv);
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(static_cast<std::size_t>(options.core), &set);
        if (sched_setaffinity(0, sizeof(set), &set) != 0) throw std::runtime_error("no such core");
        Bench(options).run();
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        std::printf("peak memory %ld MiB\n", usage.ru_maxrss / 1024);
        return 0;
    } catch (const CLI::ParseError& error) {
        return app.exit(error);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "live_bench: %s\n", error.what());
        return 1;
    }
}

}  // namespace
}  // namespace entente::bench

int main(int argc, char** argv) { return entente::bench::run(argc, argv); }
