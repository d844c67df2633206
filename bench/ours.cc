// SPDX-License-Identifier: Apache-2.0
// The index under test. All engines of one world share one built index; each has its own working
// memory and vector code.
#include <map>

#include "bench/engine.h"

namespace entente::bench {
namespace {

index::Index build(const World& world) {
    std::vector<index::Item> items;
    items.reserve(world.size());
    for (std::size_t i = 0; i < world.size(); ++i) {
        geo::Place p = place(world, i);
        const Metres reach = metres(*p.buffer + *p.accuracy);
        items.push_back({static_cast<index::Slot>(i), std::move(p.volume), reach});
    }
    return index::Index::build(std::move(items));
}

const index::Index& shared(const World& world) {
    static std::map<const World*, index::Index> built;
    auto it = built.find(&world);
    if (it == built.end()) it = built.emplace(&world, build(world)).first;
    return it->second;
}

class Ours final : public Engine {
  public:
    Ours(const World& world, index::Simd simd, Order order)
        : index_(shared(world)), scratch_(simd), simd_(simd), order_(order) {
        for (const auto& plan : world.plans) questions_.push_back({plan, Metres{0}});
    }
    std::string name() const override {
        return std::string("entente, ") + index::name(simd_) +
               (order_ == Order::ascending ? ", ids sorted" : "");
    }
    double bytes() const override {
        const index::Size s = index_.size();
        return static_cast<double>(s.hot_bytes + s.cold_bytes);
    }
    void touching(std::size_t plan, std::vector<std::uint32_t>& ids) override {
        if (order_ == Order::ascending) {
            index_.touching(questions_[plan], scratch_, ids);
        } else {
            index_.touching_unordered(questions_[plan], scratch_, ids);
        }
    }
    bool touches_any(std::size_t plan) override {
        return index_.touches_any(questions_[plan], scratch_);
    }

  private:
    index::Index index_;
    index::Scratch scratch_;
    index::Simd simd_;
    Order order_;
    std::vector<index::Question> questions_;
};

}  // namespace

EnginePtr make_ours(const World& world, index::Simd simd, Order order) {
    if (!index::supported(simd)) return nullptr;
    return std::make_unique<Ours>(world, simd, order);
}

}  // namespace entente::bench
