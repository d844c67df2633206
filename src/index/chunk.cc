// SPDX-License-Identifier: Apache-2.0
#include "index/chunk.h"

#include <algorithm>
#include <array>
#include <utility>

namespace entente::index {
namespace {

void copy_child(const Node& from, Node& to, std::size_t place) {
    to.x[place] = from.x[0];
    to.y[place] = from.y[0];
    to.z[place] = from.z[0];
    to.radius[place] = from.radius[0];
    to.height_lower[place] = from.height_lower[0];
    to.time_lower[place] = from.time_lower[0];
    to.height_upper[place] = from.height_upper[0];
    to.time_upper[place] = from.time_upper[0];
}

}  // namespace

Chunk::Chunk(std::vector<Member> in_order, ReachStep step)
    : members(std::move(in_order)), own(empty_node()), above(empty_node()) {
    std::array<Entry, members_max> entries;
    const std::size_t count = members.size();
    for (std::size_t i = 0; i < count; ++i) entries[i] = members[i].entry;
    for (std::size_t first = 0; first < count; first += fan) {
        build_leaf({entries.data() + first, std::min(fan, count - first)}, step,
                   leaves[first / fan], above, first / fan);
    }
    build_child({entries.data(), count}, own, 0);
}

void Chunk::fetch() const {
    const char* p = reinterpret_cast<const char*>(&above);
    const auto* end = reinterpret_cast<const char*>(leaves + (members.size() + fan - 1) / fan);
    for (; p < end; p += 64) __builtin_prefetch(p);
}

bool Chunk::holds(Slot slot) const {
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (leaves[i / fan].number[i % fan] == slot) return true;
    }
    return false;
}

void Chunks::add(Member member) {
    const ReachStep step = reach_step(reach_class_);
    const std::uint64_t key = member.key;
    const auto next =
        std::upper_bound(chunks_.begin(), chunks_.end(), key,
                         [](std::uint64_t k, const auto& c) { return k < c->members.front().key; });
    std::vector<Member> members;
    members.reserve(Chunk::members_max + 1);
    if (chunks_.empty()) {
        members.push_back(std::move(member));
        chunks_.push_back(std::make_shared<const Chunk>(std::move(members), step));
        return;
    }
    const auto chunk = next == chunks_.begin() ? next : next - 1;
    members.insert(members.end(), (*chunk)->members.begin(), (*chunk)->members.end());
    const auto place = std::upper_bound(members.begin(), members.end(), key,
                                        [](std::uint64_t k, const Member& m) { return k < m.key; });
    members.insert(place, std::move(member));
    if (members.size() <= Chunk::members_max) {
        *chunk = std::make_shared<const Chunk>(std::move(members), step);
        return;
    }
    const auto half = members.begin() + static_cast<std::ptrdiff_t>(members.size() / 2);
    std::vector<Member> upper(std::make_move_iterator(half),
                              std::make_move_iterator(members.end()));
    members.erase(half, members.end());
    *chunk = std::make_shared<const Chunk>(std::move(members), step);
    chunks_.insert(chunk + 1, std::make_shared<const Chunk>(std::move(upper), step));
}

void Chunks::remove(Slot slot) {
    for (auto& chunk : chunks_) {
        if (!chunk->holds(slot)) continue;
        std::vector<Member> left;
        for (const Member& m : chunk->members) {
            if (m.whole->slot != slot) left.push_back(m);
        }
        chunk = left.empty()
                    ? nullptr
                    : std::make_shared<const Chunk>(std::move(left), reach_step(reach_class_));
    }
    chunks_.erase(std::remove(chunks_.begin(), chunks_.end(), nullptr), chunks_.end());
}

void Chunks::renew_top() {
    top_.assign((chunks_.size() + fan - 1) / fan, empty_node());
    for (std::size_t i = 0; i < chunks_.size(); ++i) {
        copy_child(chunks_[i]->own, top_[i / fan], i % fan);
    }
}

void Chunks::search(const Plan& plan, Mode mode, Scratch::State& state) const {
    if (chunks_.empty()) return;
    const ReachStep step = reach_step(reach_class_);
    const Aim aim = plan.aim(step, step.longest(), reference_, points_);
    state.all_nodes.resize(top_.size());
    for (std::size_t i = 0; i < top_.size(); ++i) {
        state.all_nodes[i] = static_cast<std::uint32_t>(i);
    }
    std::size_t count = top_.size();
    const Frontier near =
        reached(top_.data(), state.all_nodes.data(), count, aim, Below{}, state, 0);
    for (std::size_t i = 0; i < count; ++i) chunks_[near.index[i]]->fetch();
    constexpr std::uint32_t only = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const Chunk& chunk = *chunks_[near.index[i]];
        std::size_t leaves = 1;
        const Frontier inside = reached(&chunk.above, &only, leaves, aim, Below{}, state, 1);
        search_leaves(chunk.leaves, aim, inside, 0, leaves, state);
        for (std::size_t p = 0; p < state.places_count; ++p) {
            state.wholes.push_back(chunk.members[state.places.data()[p]].whole.get());
        }
        if (mode == Mode::any && state.slots_count > 0) return;
    }
}

std::size_t Chunks::bytes() const {
    return chunks_.size() * (sizeof(Chunk) + Chunk::members_max * sizeof(Member)) +
           top_.size() * sizeof(Node);
}

}  // namespace entente::index
