// SPDX-License-Identifier: Apache-2.0
// The whole items of a base in the order of the map, each with a short record and an outline beside
// it, so that most questions are decided without reading the item itself.
#pragma once

#include <vector>

#include "index/flat.h"
#include "index/plane.h"
#include "index/record.h"
#include "index/search.h"

namespace entente::index {

class Outlines {
  public:
    /// In the order in which they are to be numbered.
    explicit Outlines(std::vector<WholePtr> wholes);
    Outlines() = default;

    const std::vector<WholePtr>& wholes() const { return wholes_; }
    Slot slot(std::uint32_t number) const { return records_[number].slot; }
    bool touches(std::uint32_t number, const Plan& plan) const;
    /// Reads ahead what touches() will read.
    void fetch_record(std::uint32_t number) const { __builtin_prefetch(&records_[number]); }
    void fetch_points(std::uint32_t number) const;
    std::size_t bytes() const;

  private:
    struct alignas(64) Record {
        double reach;                 // own radius or half-width, and the item's reach
        std::int64_t start, end;      // open: the smallest, the largest number
        std::int32_t lower, upper;    // the same
        std::int32_t lat_e7, lng_e7;  // of the anchor
        float extent;
        std::uint32_t first;  // of its points
        std::uint32_t count;  // 0: only geo can say
        Slot slot;
        std::uint8_t reference;
        bool ring;
    };
    static_assert(sizeof(Record) == 64);
    void add(Record& record, const Whole& whole);

    std::vector<WholePtr> wholes_;
    Flat<Record> records_;
    std::vector<std::int32_t> lat_, lng_;  // of all outlines, and outline_spare more
};

}  // namespace entente::index
