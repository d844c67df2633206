// SPDX-License-Identifier: Apache-2.0
#include "registry/dealings.h"

#include <tuple>

#include "base/assert.h"

namespace entente::registry {
namespace {

constexpr std::uint8_t exact_bit = 4;

DealingVersion version_of(const Understood& u) {
    const statement::Head& head = *u.head;
    return {u.position, head.keys.version, u.opened,   head.time,
            head.kind,  head.act,          head.actor, u.dealt};
}

bool before(const DealingVersion& a, const DealingVersion& b) {
    return std::tie(a.number, a.position.index, a.position.leaf) <
           std::tie(b.number, b.position.index, b.position.leaf);
}

/// Whether it made a difference.
bool merge(Dealing& dealing, DealingVersion version, bool replaces) {
    auto& all = dealing.versions;
    const auto place = std::lower_bound(all.begin(), all.end(), version, before);
    if (place == all.end() || place->position != version.position) {
        all.insert(place, std::move(version));
        return true;
    }
    if (!replaces && (version.opened & ~place->opened) == 0) return false;
    *place = std::move(version);
    return true;
}

}  // namespace

std::span<const DealingVersion> Dealing::newest() const {
    ASSERT(!versions.empty());
    auto first = versions.end() - 1;
    while (first != versions.begin() && (first - 1)->number == first->number) --first;
    return {first, versions.end()};
}

const statement::Dealt* Dealing::said() const {
    for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
        if (version->said) return version->said.get();
    }
    return nullptr;
}

std::optional<DealingSlot> Dealings::find(const RecordId& id) const {
    const DealingSlot* slot = slots_.find(id);
    return slot == nullptr ? std::nullopt : std::optional(*slot);
}

std::span<const DealingSlot> Dealings::about(const RecordId& id) const {
    const auto* slots = about_.find(id);
    if (slots == nullptr) return {};
    return *slots;
}

void Dealings::note_about(const Dealing& dealing, DealingSlot slot) {
    for (const DealingVersion& version : dealing.versions) {
        const auto of = version.said ? statement::about(*version.said) : std::nullopt;
        if (!of) continue;
        auto& slots = about_[*of];
        const auto place = std::lower_bound(slots.begin(), slots.end(), slot);
        if (place == slots.end() || *place != slot) slots.insert(place, slot);
    }
}

std::optional<DealingSlot> Dealings::add(LogNumber log, const Understood& u) {
    ASSERT(u.head);
    DealingVersion version = version_of(u);
    std::uint8_t& closed = closed_[u.position.leaf];
    closed = static_cast<std::uint8_t>(closed | u.closed);
    const bool shut = closed != 0;
    if (!shut) closed_.erase(u.position.leaf);
    if (shut && u.closed == 0 && (version.opened & closed_.at(u.position.leaf)) != 0) {
        return std::nullopt;  // what was said of it with the mark is what is left of it
    }
    if ((u.closed & exact_bit) != 0) version.said.reset();
    const auto known = find(u.head->keys.record);
    if (!known) {
        put({u.head->keys.record, log, u.head->secret, {std::move(version)}});
        return static_cast<DealingSlot>(size() - 1);
    }
    Dealing dealing = at(*known);
    if (!merge(dealing, std::move(version), u.closed != 0)) return std::nullopt;
    note_about(dealing, *known);
    pages_.replace(*known, std::move(dealing));
    return known;
}

void Dealings::reopen(const Hash& leaf, std::uint8_t slots) {
    const auto closed = closed_.find(leaf);
    if (closed == closed_.end()) return;
    closed->second = static_cast<std::uint8_t>(closed->second & ~slots);
    if (closed->second == 0) closed_.erase(closed);
}

void Dealings::put(Dealing dealing) {
    ASSERT(!dealing.versions.empty() && !find(dealing.id));
    const RecordId id = dealing.id;
    const auto slot = static_cast<DealingSlot>(pages_.add(std::move(dealing)));
    slots_[id] = slot;
    note_about(at(slot), slot);
}

}  // namespace entente::registry
