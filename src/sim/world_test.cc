// SPDX-License-Identifier: Apache-2.0
// Worlds out of seeds. A seed that fails prints itself; SIM_SEED=n runs one alone, and seeds.txt
// holds those that failed once. ENTENTE_LONG=1 runs 10,000.
#include "sim/world.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace entente::sim {
namespace {

/// Of the world: what ./test has time for.
constexpr std::uint64_t sample = 20, whole = 10'000;

std::optional<std::uint64_t> number_in(const char* variable) {
    const char* text = std::getenv(variable);
    if (text == nullptr || *text == '\0') return std::nullopt;
    return std::strtoull(text, nullptr, 10);
}

void expect_well(std::uint64_t seed) {
    const Outcome out = World(seed).run();
    EXPECT_TRUE(out.failure.empty())
        << "seed " << seed << ", step " << out.step << ": " << out.failure
        << "\nagain: SIM_SEED=" << seed << " sim_test --gtest_filter='World.*'";
    if (!out.failure.empty()) return;
    EXPECT_GE(out.delivered, 2000u) << seed;
    EXPECT_GE(out.crashes, 5u) << seed;
    EXPECT_GE(out.partitions, 1u) << seed;
    EXPECT_GT(out.statements, 10u) << seed;
    EXPECT_GT(out.asked, 100u) << seed;
    if (number_in("SIM_SEED")) {
        std::printf(
            "delivered %llu, crashes %llu, partitions %llu, statements %llu, asked %llu, "
            "relaxed %llu, forks %llu, lies %llu\n",
            static_cast<unsigned long long>(out.delivered),
            static_cast<unsigned long long>(out.crashes),
            static_cast<unsigned long long>(out.partitions),
            static_cast<unsigned long long>(out.statements),
            static_cast<unsigned long long>(out.asked),
            static_cast<unsigned long long>(out.relaxed),
            static_cast<unsigned long long>(out.forks), static_cast<unsigned long long>(out.lies));
    }
}

TEST(World, EverySeedHolds) {
    if (const auto seed = number_in("SIM_SEED")) return expect_well(*seed);
    const std::uint64_t count =
        number_in("SIM_SEEDS").value_or(number_in("ENTENTE_LONG") ? whole : sample);
    const std::uint64_t first = number_in("SIM_FIRST").value_or(1);
    for (std::uint64_t seed = first; seed < first + count; ++seed) expect_well(seed);
}

TEST(World, SeedsThatFailedOnceHold) {
    if (number_in("SIM_SEED")) return;
    std::ifstream file("src/sim/seeds.txt");
    ASSERT_TRUE(file) << "src/sim/seeds.txt";
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.front() == '#') continue;
        expect_well(std::strtoull(line.c_str(), nullptr, 10));
    }
}

TEST(World, OneSeedIsOneWorld) {
    const Outcome once = World(7).run(), again = World(7).run();
    EXPECT_EQ(once.step, again.step);
    EXPECT_EQ(once.delivered, again.delivered);
    EXPECT_EQ(once.failure, again.failure);
}

}  // namespace
}  // namespace entente::sim
