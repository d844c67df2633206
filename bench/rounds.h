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
    std::size_t plans;      // of the world's; fewer for brute force
    std::vector<Lap> laps;  // one a round
    std::string note;       // of the comparison of ids
};

/// Adds one lap to each runner. The order turns by one engine from round to round.
void run_round(std::vector<Runner>& runners, std::size_t round, Asking asking);

double median(std::vector<double> values);

/// The median over rounds of a lap's value, and of the ratio to another runner's.
double median_of(const Runner& r, double Lap::*value);
double ratio(const Runner& r, const Runner& base, double Lap::*value);

/// The time that one reading of the clock takes; it is inside every plan's time once.
double clock_ns();

/// A Markdown table. `bases`: the engines that the others are divided by (position, short name).
struct Base {
    std::size_t position;
    std::string name;
};
std::string table(const std::vector<Runner>& runners, std::span<const Base> bases,
                  std::size_t entries);

}  // namespace entente::bench
