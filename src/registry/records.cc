// SPDX-License-Identifier: Apache-2.0
#include "registry/records.h"

#include "base/assert.h"

namespace entente::registry {
namespace {

/// Starts to bring the whole object into the cache, if there is one.
template <class T>
void fetch(const T* object) {
    if (object == nullptr) return;  // of an empty vector
    constexpr std::size_t line = 64;
    const char* bytes = reinterpret_cast<const char*>(object);
    for (std::size_t i = 0; i < sizeof(T); i += line) __builtin_prefetch(bytes + i);
}

}  // namespace

void Records::prefetch(std::span<const Slot> slots) const {
    // Each pass reads what the one before it fetched.
    for (Slot slot : slots) fetch(pages_.place(slot));
    for (Slot slot : slots) fetch(&at(slot));
    for (Slot slot : slots) fetch(&at(slot).newest());
    for (Slot slot : slots) {
        const Version& newest = at(slot).newest();
        fetch(newest.places.data());
        fetch(newest.content.get());
    }
    for (Slot slot : slots) {
        const Version& newest = at(slot).newest();
        if (newest.content) fetch(newest.content->protection.names.data());
    }
    for (Slot slot : slots) {
        const Version& newest = at(slot).newest();
        if (newest.content == nullptr) continue;
        for (const auto& name : newest.content->protection.names) fetch(name.text.data());
    }
}

std::optional<Slot> Records::find(const RecordId& id) const {
    const Slot* slot = slots_.find(id);
    return slot == nullptr ? std::nullopt : std::optional(*slot);
}

Slot Records::add(Record record) {
    ASSERT(!record.versions.empty() && slots_.find(record.id) == nullptr);
    const RecordId id = record.id;
    const Slot slot = static_cast<Slot>(pages_.add(std::move(record)));
    slots_[id] = slot;
    return slot;
}

}  // namespace entente::registry
