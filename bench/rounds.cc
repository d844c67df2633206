// SPDX-License-Identifier: Apache-2.0
#include "bench/rounds.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace entente::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double lap_seconds = 0.5;  // a fast engine repeats its pass until this is full
constexpr int passes_max = 40;

/// Precondition: sorted, not empty.
double quantile(const std::vector<float>& us, double share) {
    const auto last = static_cast<double>(us.size() - 1);
    return static_cast<double>(us[static_cast<std::size_t>(share * last)]);
}

double seconds(Clock::duration d) { return std::chrono::duration<double>(d).count(); }

/// One pass over the plans; the end of one plan's time is the start of the next one's.
double pass(Engine& engine, std::size_t plans, Asking asking, std::vector<float>& us) {
    std::vector<std::uint32_t> ids;
    std::size_t found = 0;
    const auto start = Clock::now();
    auto before = start;
    for (std::size_t i = 0; i < plans; ++i) {
        if (i % 128 == 0) stop_if_told();
        if (asking == Asking::ids) {
            engine.touching(i, ids);
            found += ids.size();
        } else {
            found += engine.touches_any(i) ? 1U : 0U;
        }
        const auto now = Clock::now();
        us.push_back(static_cast<float>(seconds(now - before) * 1e6));
        before = now;
    }
    asm volatile("" : : "r"(found));  // the ids were wanted
    return seconds(before - start);
}

Lap lap(Runner& r, Asking asking) {
    std::vector<float> us;
    // Each engine's pages, caches and branch predictor are its own again after a warm-up.
    pass(*r.engine, r.engine->slow() ? r.plans / 10 : r.plans, asking, us);
    us.clear();
    double taken = 0;
    int passes = 0;
    std::size_t last_pass = 0;
    do {
        taken += pass(*r.engine, r.plans, asking, us);
        ++passes;
        last_pass = us.size() - r.plans;
    } while (!r.engine->slow() && taken < lap_seconds && passes < passes_max);
    r.us.insert(r.us.end(), us.begin() + static_cast<std::ptrdiff_t>(last_pass), us.end());
    std::sort(us.begin(), us.end());
    return {quantile(us, 0.50), quantile(us, 0.99), static_cast<double>(us.size()) / taken};
}

struct Kind {
    const char* name;
    bool (*holds)(const geo::Shape&);
};

template <int low_m, int high_m>
bool circle(const geo::Shape& shape) {
    const auto* c = std::get_if<geo::Circle>(&shape);
    return c != nullptr && c->radius.v >= low_m * 10 && c->radius.v < high_m * 10;
}

const Kind kinds[] = {
    {"circle below 1 km", circle<0, 1'000>},
    {"circle of 1 to 3 km", circle<1'000, 3'000>},
    {"circle of 3 to 10 km", circle<3'000, 10'000>},
    {"circle of 10 to 20 km", circle<10'000, 100'000>},
    {"polygon", [](const geo::Shape& s) { return std::holds_alternative<geo::Area>(s); }},
    {"corridor", [](const geo::Shape& s) { return std::holds_alternative<geo::Corridor>(s); }},
};

std::vector<float> of_kind(const Runner& r, const World& world, const Kind& kind) {
    std::vector<float> us;
    for (std::size_t i = 0; i < r.us.size(); ++i) {
        if (kind.holds(world.plans[i % r.plans].shape)) us.push_back(r.us[i]);
    }
    std::sort(us.begin(), us.end());
    return us;
}

}  // namespace

void run_round(std::vector<Runner>& runners, std::size_t round, Asking asking) {
    for (std::size_t k = 0; k < runners.size(); ++k) {
        Runner& r = runners[(k + round) % runners.size()];
        std::fprintf(stderr, "  round %zu: %s ...", round + 1, r.engine->name().c_str());
        r.laps.push_back(lap(r, asking));
        const Lap& l = r.laps.back();
        std::fprintf(stderr, " p50 %.2f us, p99 %.1f us, %.0f/s\n", l.p50_us, l.p99_us,
                     l.per_second);
    }
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return n % 2 == 1 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

double median_of(const Runner& r, double Lap::*value) {
    std::vector<double> all;
    for (const Lap& l : r.laps) all.push_back(l.*value);
    return median(std::move(all));
}

double ratio(const Runner& r, const Runner& base, double Lap::*value) {
    std::vector<double> all;
    for (std::size_t i = 0; i < r.laps.size(); ++i) {
        all.push_back(value == &Lap::per_second ? r.laps[i].*value / (base.laps[i].*value)
                                                : base.laps[i].*value / (r.laps[i].*value));
    }
    return median(std::move(all));
}

double clock_ns() {
    constexpr int readings = 1'000'000;
    const auto start = Clock::now();
    auto last = start;
    for (int i = 0; i < readings; ++i) last = Clock::now();
    return seconds(last - start) * 1e9 / readings;
}

std::string table(const std::vector<Runner>& runners, std::span<const Base> bases,
                  std::size_t entries) {
    std::string out = "| who | p50 µs | p99 µs | checks/s | bytes/entry |";
    std::string line = "|---|---:|---:|---:|---:|";
    for (const Base& b : bases) {
        out += " × " + b.name + " (p50 / p99 / checks) |";
        line += "---:|";
    }
    out += " ids |\n" + line + "---|\n";
    char text[512];
    for (const Runner& r : runners) {
        std::snprintf(text, sizeof text, "| %s | %.2f | %.1f | %.0f | %.0f |",
                      r.engine->name().c_str(), median_of(r, &Lap::p50_us),
                      median_of(r, &Lap::p99_us), median_of(r, &Lap::per_second),
                      r.engine->bytes() / static_cast<double>(entries));
        out += text;
        for (const Base& b : bases) {
            const Runner& base = runners[b.position];
            std::snprintf(text, sizeof text, " %.3g / %.3g / %.3g |", ratio(r, base, &Lap::p50_us),
                          ratio(r, base, &Lap::p99_us), ratio(r, base, &Lap::per_second));
            out += r.plans == base.plans ? text : " other plans |";
        }
        out += " " + r.note + " |\n";
    }
    return out;
}

std::string table_by_kind(const std::vector<Runner>& runners, std::span<const Base> bases,
                          const World& world) {
    std::vector<const Runner*> shown{&runners.front()};
    for (const Base& b : bases) {
        if (b.position != 0) shown.push_back(&runners[b.position]);
    }
    std::string out = "| p50 / p99 µs by plan |";
    std::string line = "|---|";
    for (const Runner* r : shown) {
        out += " " + r->engine->name() + " |";
        line += "---:|";
    }
    out += "\n" + line + "\n";
    for (const Kind& kind : kinds) {
        std::string row = std::string("| ") + kind.name + " |";
        bool any = false;
        for (const Runner* r : shown) {
            const std::vector<float> us = of_kind(*r, world, kind);
            char text[64] = " |";
            if (!us.empty()) {
                any = true;
                std::snprintf(text, sizeof text, " %.2f / %.1f |", quantile(us, 0.5),
                              quantile(us, 0.99));
            }
            row += text;
        }
        if (any) out += row + "\n";
    }
    return out;
}

}  // namespace entente::bench
