// SPDX-License-Identifier: Apache-2.0
// Very many volumes, and which of them a volume touches. Not a register: it knows slots (numbers
// that its owner gives out), not records, parties or states.
//
//     index::Index index = index::Index::build(std::move(items));
//     index::Scratch scratch;                       // one a thread, kept
//     std::vector<index::Slot> slots;
//     index.touching(question, scratch, slots);     // exact, ascending, unique
//     index = index.with(changes);                  // a new value; the old one still answers
//
// A question touches an item when the geodesic distance between their shapes is at most reach +
// margin (ends included), their altitude bands overlap and their windows overlap (DESIGN 4): the
// same answers as a double loop with geo::within and geo::overlap over everything.
//
// A base that never changes (flat packed ball trees in WGS84 Cartesian coordinates: tree.h) and a
// delta of changes (delta.h), both shared between values. An Index is immutable and cheap to copy;
// const members are safe from any thread, each thread with its own Scratch. Volumes must be valid
// (geo/valid.h), reach and margin finite and not negative: the index does not check them again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/units.h"
#include "geo/shape.h"

namespace entente::index {

/// Whatever its owner numbers. Small numbers close together are best, but not required.
using Slot = std::uint32_t;

/// One volume of a slot. A slot may have several (an old and a new place).
struct Item {
    Slot slot = 0;
    geo::Volume4D volume;
    Metres reach;  // buffer + accuracy
};

/// Replaces all items of the slot; none removes it. The items' own slot is ignored.
struct IndexChange {
    Slot slot = 0;
    std::vector<Item> items;
};

struct Question {
    geo::Volume4D volume;
    Metres margin;
};

/// Which vector code answers. All three give the same answers.
enum class Simd : std::uint8_t { plain, avx2, avx512 };
/// The best that this processor has.
Simd best_simd();
bool supported(Simd simd);
const char* name(Simd simd);

/// Working memory of one thread; holds no answers between questions.
class Scratch {
  public:
    /// Precondition: supported(simd).
    explicit Scratch(Simd simd = best_simd());
    ~Scratch();
    Scratch(Scratch&&) noexcept;
    Scratch& operator=(Scratch&&) noexcept;
    struct State;

  private:
    friend class Index;
    std::unique_ptr<State> state_;
};

/// What an index occupies, without what malloc adds.
struct Size {
    std::size_t items = 0;       // in the base
    std::size_t hot_bytes = 0;   // what nearly every question reads: nodes and leaves
    std::size_t cold_bytes = 0;  // what only borderline cases read
};

class Base;
class Delta;

class Index {
  public:
    /// Empty.
    Index();
    /// Under a second for 1,000,000 points.
    static Index build(std::vector<Item> items);

    /// This index with the changes made in order: microseconds each, not a rebuild.
    Index with(std::span<const IndexChange> changes) const;
    /// How many slots differ from the base.
    std::size_t delta_size() const;
    /// Whether the delta has reached delta_max and merged() should run. Answers stay right past it.
    bool merge_due() const { return delta_size() >= delta_max; }
    static constexpr std::size_t delta_max = 4096;
    /// The same answers with the delta folded into a new base. Takes as long as build: a job for
    /// another thread, whose owner then makes again the changes that came in meanwhile.
    Index merged() const;

    /// All slots with an item that the question touches: exact, ascending, unique. `out` is
    /// replaced, here and below.
    void touching(const Question& question, Scratch& scratch, std::vector<Slot>& out) const;
    /// The same set in no stated order, unique: what does not need the order need not pay for it.
    void touching_unordered(const Question& question, Scratch& scratch,
                            std::vector<Slot>& out) const;
    /// Whether touching() would give any.
    bool touches_any(const Question& question, Scratch& scratch) const;
    /// A superset of touching(), without exact tests: ascending, unique.
    void candidates(const Question& question, Scratch& scratch, std::vector<Slot>& out) const;

    Size size() const;

  private:
    std::shared_ptr<const Base> base_;
    std::shared_ptr<const Delta> delta_;  // null: no changes
};

}  // namespace entente::index
