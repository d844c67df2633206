// SPDX-License-Identifier: Apache-2.0
#include "index/index.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "index/base.h"
#include "index/delta.h"
#include "index/sort.h"

namespace entente::index {

Simd best_simd() {
    if (supported(Simd::avx512)) return Simd::avx512;
    return supported(Simd::avx2) ? Simd::avx2 : Simd::plain;
}

bool supported(Simd simd) {
#if defined(__x86_64__)
    const auto has = [](bool feature) { return feature; };
    switch (simd) {
        case Simd::plain: return true;
        case Simd::avx2:
            return has(__builtin_cpu_supports("avx2")) && has(__builtin_cpu_supports("fma")) &&
                   has(__builtin_cpu_supports("bmi2")) && has(__builtin_cpu_supports("popcnt"));
        case Simd::avx512:
            return supported(Simd::avx2) && has(__builtin_cpu_supports("avx512f")) &&
                   has(__builtin_cpu_supports("avx512bw")) &&
                   has(__builtin_cpu_supports("avx512vl")) &&
                   has(__builtin_cpu_supports("avx512dq"));
    }
#endif
    return simd == Simd::plain;
}

const char* name(Simd simd) {
    return simd == Simd::avx512 ? "avx512" : simd == Simd::avx2 ? "avx2" : "plain";
}

Scratch::Scratch(Simd simd) : state_(std::make_unique<State>(simd)) { ASSERT(supported(simd)); }
Scratch::~Scratch() = default;
Scratch::Scratch(Scratch&&) noexcept = default;
Scratch& Scratch::operator=(Scratch&&) noexcept = default;

Index::Index() : base_(std::make_shared<const Base>(std::vector<Source>())) {}

Index Index::build(std::vector<Item> items) {
    std::vector<Source> sources;
    sources.reserve(items.size());
    for (Item& item : items) {
        sources.push_back(source(item.slot, std::move(item.volume), item.reach));
    }
    items = {};
    Index index;
    index.base_ = std::make_shared<const Base>(sources);
    return index;
}

Index Index::with(std::span<const IndexChange> changes) const {
    Index next = *this;
    if (!changes.empty()) next.delta_ = Delta::after(delta_.get(), base_->time_base(), changes);
    return next;
}

std::size_t Index::delta_size() const { return delta_ ? delta_->hidden().size() : 0; }

Index Index::merged() const {
    if (!delta_) return *this;
    std::vector<Source> sources = base_->sources(delta_->hidden());
    delta_->sources(sources);
    Index next;
    next.base_ = std::make_shared<const Base>(sources);
    return next;
}

namespace {

/// All slots of both parts into state.slots, each once; `ordered` also sorts them.
void gather(const Base& base, const Delta* delta, const Question& question, Mode mode, bool ordered,
            Scratch::State& state) {
    state.slots_count = 0;
    const Plan plan(question, base.time_base(), state);
    base.search(plan, mode, nullptr, state);
    if (delta) {
        state.slots_count =
            delta->hidden().filter(state.slots.data(), 0, state.slots_count, state.simd);
        delta->search(plan, mode, state);
    }
    const bool repeats = base.repeats() || (delta && delta->repeats());
    if (!ordered && !repeats) return;
    sort_slots(state.slots, state.slots_count, state.sorting, state.simd);
    if (repeats) {
        Slot* slots = state.slots.data();
        state.slots_count =
            static_cast<std::size_t>(std::unique(slots, slots + state.slots_count) - slots);
    }
}

}  // namespace

void Index::touching(const Question& question, Scratch& scratch, std::vector<Slot>& out) const {
    Scratch::State& state = *scratch.state_;
    gather(*base_, delta_.get(), question, Mode::touching, true, state);
    out.assign(state.slots.data(), state.slots.data() + state.slots_count);
}

void Index::touching_unordered(const Question& question, Scratch& scratch,
                               std::vector<Slot>& out) const {
    Scratch::State& state = *scratch.state_;
    gather(*base_, delta_.get(), question, Mode::touching, false, state);
    out.assign(state.slots.data(), state.slots.data() + state.slots_count);
}

bool Index::touches_any(const Question& question, Scratch& scratch) const {
    Scratch::State& state = *scratch.state_;
    state.slots_count = 0;
    const Plan plan(question, base_->time_base(), state);
    const Hidden* hidden = delta_ ? &delta_->hidden() : nullptr;
    if (base_->search(plan, Mode::any, hidden, state)) return true;
    state.slots_count = 0;
    return delta_ && delta_->search(plan, Mode::any, state);
}

void Index::candidates(const Question& question, Scratch& scratch, std::vector<Slot>& out) const {
    Scratch::State& state = *scratch.state_;
    gather(*base_, delta_.get(), question, Mode::candidates, true, state);
    out.assign(state.slots.data(), state.slots.data() + state.slots_count);
}

Size Index::size() const {
    Size s = base_->size();
    if (delta_) s.cold_bytes += delta_->bytes();
    return s;
}

}  // namespace entente::index
