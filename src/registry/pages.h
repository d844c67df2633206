// SPDX-License-Identifier: Apache-2.0
// What a writer changes one by one while readers keep the state that they were given: values by
// number, and values by record id. Copies share what they have in common: pages of 1,024 and 1,024
// sorted shards, each copied when it is written to while somebody else holds it too. One writer;
// copies are read from any thread.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/ids.h"

namespace entente::registry {

/// The pointer's own copy: made only if somebody else holds it too.
template <class T>
T& own(std::shared_ptr<T>& shared) {
    if (!shared) shared = std::make_shared<T>();
    if (shared.use_count() > 1) shared = std::make_shared<T>(*shared);
    return *shared;
}

/// Values by number from 0.
template <class T>
class Pages {
  public:
    std::size_t size() const { return size_; }
    /// Precondition: number < size().
    const T& at(std::size_t number) const {
        ASSERT(number < size_);
        return *(*pages_[number / page_size])[number % page_size];
    }
    /// Where at() will look; for prefetching.
    const std::shared_ptr<const T>* place(std::size_t number) const {
        return &(*pages_[number / page_size])[number % page_size];
    }
    /// The number it has from now on.
    std::size_t add(T value) {
        const std::size_t number = size_++;
        if (number / page_size == pages_.size()) pages_.emplace_back();
        replace(number, std::move(value));
        return number;
    }
    void replace(std::size_t number, T value) {
        own(pages_[number / page_size])[number % page_size] =
            std::make_shared<const T>(std::move(value));
    }

  private:
    static constexpr std::size_t page_size = 1024;
    using Page = std::array<std::shared_ptr<const T>, page_size>;

    std::size_t size_ = 0;
    std::vector<std::shared_ptr<Page>> pages_;
};

/// Small numbers in the order in which they were added; adding copies one page at most.
class Numbers {
  public:
    std::size_t size() const { return size_; }
    void add(std::uint32_t number) {
        if (size_ % page_size == 0) pages_.emplace_back();
        own(pages_.back())[size_++ % page_size] = number;
    }
    /// use(number) for each.
    template <class Use>
    void each(Use use) const {
        for (std::size_t i = 0; i < size_; ++i) use((*pages_[i / page_size])[i % page_size]);
    }

  private:
    static constexpr std::size_t page_size = 1024;

    std::size_t size_ = 0;
    std::vector<std::shared_ptr<std::array<std::uint32_t, page_size>>> pages_;
};

/// Values by record id.
template <class T>
class ById {
  public:
    ById() : shards_(shard_count) {}

    /// Null for an id that is not there; until the next change.
    const T* find(const RecordId& id) const {
        const auto& shard = shards_[shard_of(id)];
        if (!shard) return nullptr;
        const auto place = std::lower_bound(shard->begin(), shard->end(), id, before);
        return place == shard->end() || place->first != id ? nullptr : &place->second;
    }
    /// The value of this id, made where there is none; until the next change or copy.
    T& operator[](const RecordId& id) {
        Shard& shard = own(shards_[shard_of(id)]);
        auto place = std::lower_bound(shard.begin(), shard.end(), id, before);
        if (place == shard.end() || place->first != id) place = shard.insert(place, {id, T()});
        return place->second;
    }
    /// use(value) for each, in order of id.
    template <class Use>
    void each(Use use) const {
        for (const auto& shard : shards_) {  // shards and their entries are in order of id
            if (!shard) continue;
            for (const auto& [id, value] : *shard) use(value);
        }
    }

  private:
    static constexpr std::size_t shard_count = 1024;
    using Shard = std::vector<std::pair<RecordId, T>>;  // sorted by id

    static std::size_t shard_of(const RecordId& id) {
        return static_cast<std::size_t>(id.bytes[0]) << 2 | id.bytes[1] >> 6;
    }
    static bool before(const std::pair<RecordId, T>& entry, const RecordId& id) {
        return entry.first < id;
    }

    std::vector<std::shared_ptr<Shard>> shards_;
};

}  // namespace entente::registry
