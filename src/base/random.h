// SPDX-License-Identifier: Apache-2.0
// Chance comes in as an argument. Secrets (salts, record secrets, keys) are drawn from a Random
// that an edge takes from the operating system; tests, benches and sim use Rng, whose output is
// the same everywhere (unlike std::uniform_int_distribution).
#pragma once

#include <cstdint>
#include <functional>

#include "base/bytes.h"

namespace entente {

/// Fills the given range with unpredictable bytes.
using Random = std::function<void(std::uint8_t* out, std::size_t size)>;

/// The operating system's generator (libsodium), for the edges. Thread-safe.
Random os_random();

/// splitmix64 (Steele, Lea, Flood 2014). Never for secrets.
class Rng {
  public:
    explicit Rng(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return z ^ (z >> 31);
    }
    /// Uniform in [0, n). Precondition: n > 0. The bias is below 2^-32 for n < 2^32.
    std::uint64_t below(std::uint64_t n) { return next() % n; }
    /// Uniform in [0, 1).
    double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
    double between(double low, double high) { return low + (high - low) * unit(); }
    /// A Random that draws from this generator, which must outlive it.
    Random bytes();

  private:
    std::uint64_t state_;
};

}  // namespace entente
