// SPDX-License-Identifier: Apache-2.0
// What is measured: an engine that has been loaded with a world and answers its plans, one at a
// time, on the calling thread. All engines are asked the same: every id that the plan touches, in
// any order; or only whether there is one. What an engine must compute from the plan to ask its
// own question (vectors, rectangles, coverings, the wire's bytes) is inside the time that is taken.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/world.h"
#include "index/index.h"

namespace entente::bench {

class Engine {
  public:
    virtual ~Engine() = default;
    virtual std::string name() const = 0;
    /// Puts the ids that this plan of the world touches into `ids`, whose old content is dropped.
    virtual void touching(std::size_t plan, std::vector<std::uint32_t>& ids) = 0;
    virtual bool touches_any(std::size_t plan) {
        touching(plan, scratch_);
        return !scratch_.empty();
    }
    /// All memory (or table and index) that the answers need.
    virtual double bytes() const = 0;
    /// Whether one pass over the plans takes so long that it is not repeated within a round.
    virtual bool slow() const { return false; }

  private:
    std::vector<std::uint32_t> scratch_;
};
using EnginePtr = std::unique_ptr<Engine>;

/// Stops the program: a benchmark that cannot go on says why.
[[noreturn]] void stop(const std::string& why);
/// Stops if a signal has asked for it.
void stop_if_told();

// The index under test, for either kind of world; null where the processor lacks the code.
enum class Order : std::uint8_t { ascending, any };
EnginePtr make_ours(const World& world, index::Simd simd, Order order);

// The peers for worlds of points. All decide exactly on the ellipsoid (bench/exact.h).
EnginePtr make_brute_force(const World& world);
EnginePtr make_boost_best(const World& world);   // packed, payload in the value
EnginePtr make_boost_usual(const World& world);  // box -> position in a vector
EnginePtr make_s2_best(const World& world);      // covering of 8 cells over a sorted payload
EnginePtr make_s2_usual(const World& world);     // S2ClosestPointQuery with a distance limit
EnginePtr make_sqlite(const World& world);       // R*Tree module, 4-D, auxiliary columns, memory

// The peers for worlds of shapes. The exact test is geo's in both.
EnginePtr make_boost_shapes(const World& world);
EnginePtr make_brute_shapes(const World& world);

}  // namespace entente::bench
