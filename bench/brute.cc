// SPDX-License-Identifier: Apache-2.0
// No index: every row is tested. The oracle of the ids, and the first rung of the ladder.
#include "bench/engine.h"
#include "bench/exact.h"

namespace entente::bench {
namespace {

class BruteForce final : public Engine {
  public:
    explicit BruteForce(const World& world) : world_(world) {
        rows_.reserve(world.points.size());
        for (std::size_t i = 0; i < world.points.size(); ++i) rows_.push_back(payload(world, i));
    }
    std::string name() const override { return "brute force"; }
    bool slow() const override { return true; }
    double bytes() const override { return static_cast<double>(rows_.size() * sizeof(Payload)); }
    void touching(std::size_t plan, std::vector<std::uint32_t>& ids) override {
        ids.clear();
        const Asked a = asked(world_.plans[plan]);
        for (const Payload& p : rows_) {
            if (touches(world_, a, p)) ids.push_back(p.id);
        }
    }

  private:
    const World& world_;
    std::vector<Payload> rows_;
};

}  // namespace

EnginePtr make_brute_force(const World& world) { return std::make_unique<BruteForce>(world); }

}  // namespace entente::bench
