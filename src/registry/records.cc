// SPDX-License-Identifier: Apache-2.0
#include "registry/records.h"

#include <algorithm>

#include "base/assert.h"

namespace entente::registry {
namespace {

std::size_t shard_of(const RecordId& id) {
    return static_cast<std::size_t>(id.bytes[0]) << 2 | id.bytes[1] >> 6;
}

/// The pointer's own copy: made only if somebody else holds it too.
template <class T>
T& own(std::shared_ptr<T>& shared) {
    if (!shared) shared = std::make_shared<T>();
    if (shared.use_count() > 1) shared = std::make_shared<T>(*shared);
    return *shared;
}

bool before(const std::pair<RecordId, Slot>& entry, const RecordId& id) { return entry.first < id; }

/// Starts to bring the whole object into the cache, if there is one.
template <class T>
void fetch(const T* object) {
    if (object == nullptr) return;  // of an empty vector
    constexpr std::size_t line = 64;
    const char* bytes = reinterpret_cast<const char*>(object);
    for (std::size_t i = 0; i < sizeof(T); i += line) __builtin_prefetch(bytes + i);
}

}  // namespace

const Record& Records::at(Slot slot) const {
    ASSERT(slot < size_);
    return *(*pages_[slot / page_size])[slot % page_size];
}

void Records::prefetch(std::span<const Slot> slots) const {
    // Each pass reads what the one before it fetched.
    for (Slot slot : slots) fetch(&(*pages_[slot / page_size])[slot % page_size]);
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
    const auto& shard = shards_[shard_of(id)];
    if (!shard) return std::nullopt;
    const auto place = std::lower_bound(shard->begin(), shard->end(), id, before);
    if (place == shard->end() || place->first != id) return std::nullopt;
    return place->second;
}

Slot Records::add(Record record) {
    ASSERT(!record.versions.empty());
    auto& shard = own(shards_[shard_of(record.id)]);
    const auto place = std::lower_bound(shard.begin(), shard.end(), record.id, before);
    ASSERT(place == shard.end() || place->first != record.id);
    const Slot slot = static_cast<Slot>(size_++);
    shard.insert(place, {record.id, slot});
    if (slot / page_size == pages_.size()) pages_.emplace_back();
    replace(slot, std::move(record));
    return slot;
}

void Records::replace(Slot slot, Record record) {
    own(pages_[slot / page_size])[slot % page_size] =
        std::make_shared<const Record>(std::move(record));
}

}  // namespace entente::registry
