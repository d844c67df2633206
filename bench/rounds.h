// SPDX-License-Identifier: Apache-2.0
// Timing in interleaved rounds: in each round every engine answers all plans in turn, so that a
// noisy neighbour meets all of them; ratios are medians of the per-round ratios.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "bench/engine.h"

namespace entente::bench {

enum class Asking : std::uint8_t { ids, any };

/// One engine's round.
struct Lap {
    double p50_us;
    double p99_us;
    double per_second;  // plans over the time of all of them
};

struct Runner {
    EnginePtr engine;
    std::size_t plans = 0;  // of the world's; fewer for brute force
    std::vector<Lap> laps;  // one a round
    std::string note;       // of the comparison of ids
    std::vector<float> us;  // the last pass of each lap: plan after plan, round after round
};

/// Adds one lap to each runner. The order turns by one engine from round to round.
void run_round(std::vector<Runner>& runners, std::size_t round, Asking asking);

/// An engine that others are divided by.
struct Base {
    std::size_t position;  // among the runners
    std::string name;
};

double median(std::vector<double> values);

/// The median over rounds of a lap's value, and of the ratio to another runner's.
double median_of(const Runner& r, double Lap::*value);
double ratio(const Runner& r, const Runner& base, double Lap::*value);

/// p50 and p99 by kind and size of plan, of the first engine and of the bases, as Markdown.
std::string table_by_kind(const std::vector<Runner>& runners, std::span<const Base> bases,
                          const World& world);

/// The time that one reading of the clock takes; it is inside every plan's time once.
double clock_ns();

/// A Markdown table. `bases`: the engines that the others are divided by.
std::string table(const std::vector<Runner>& runners, std::span<const Base> bases,
                  std::size_t entries);

}  // namespace entente::bench
