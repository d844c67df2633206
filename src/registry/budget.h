// SPDX-License-Identifier: Apache-2.0
// What the charter lets one party protect, by class (PROTOCOL 19): number of records, surface, and
// extent of a place; and of its STOPs, of whatever number, surface and extent. What is beyond is no
// less shown, and counts as a caution. One's own records have no budget. What is of other hours
// takes nothing of it: else areas of some days each would use it up for ever.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "registry/record.h"

namespace entente::registry {

/// A part of what one record takes.
struct Taken {
    bool counts = false;
    std::int64_t area =
        0;  // hectares, each place rounded up, so that any order adds up to the same
    std::int64_t across_m = 0;  // of its largest place
    /// From when on, and until when: of all its places together; always where one states no end.
    Instant from = Instant::max(), until = Instant::min();
    bool operator==(const Taken&) const = default;
};
/// What one record takes of its party's budget: by its places that nothing ends or is about to end.
/// A coarse area says nothing of a place's size, so only the record itself counts; but of a STOP,
/// which makes a conflict however much of it is shown, it is what counts. Objections are cautions
/// in any case: they take nothing of it, and are never over it.
struct Use {
    std::size_t class_index = 0;  // of one that is not known here, `other`'s
    Taken protects;
    Taken stops;
    bool operator==(const Use&) const = default;
};
Use use_of(const Record& record);

class Budget {
  public:
    explicit Budget(const statement::CharterTerms& terms) : terms_(&terms) {}

    /// Whether the charter limits anything at all.
    static bool any(const statement::CharterTerms& terms);
    /// Whether the record, asked in order of first entries, is over the budget beside those of its
    /// time; if not, it counts. Precondition: expect() of all that are asked, before the first.
    void expect(const Use& use);
    bool exceeds(const Use& use);
    /// The sum of all, over the budget or not, whenever: as long as fits(), no order matters.
    void add(const Use& use, std::int64_t times);
    bool fits() const;

  private:
    struct Sum {
        std::int64_t records = 0;
        std::int64_t area = 0;
        std::int64_t too_wide = 0;  // records with a place over the extent
    };
    /// What is counted together: a class, or with stops_index all STOPs.
    static constexpr std::size_t stops_index = statement::protection_class_count;
    bool within(std::size_t index, const Sum& sum) const;
    bool limits(std::size_t index) const;
    Sum of_its_time(std::size_t index, const Taken& taken) const;
    bool too_wide(std::size_t index, const Taken& taken) const;
    bool exceeds(std::size_t index, const Taken& taken);
    void add(std::size_t index, const Taken& taken, std::int64_t times);

    const statement::CharterTerms* terms_;  // outlives this
    static constexpr std::size_t indices = stops_index + 1;
    std::array<Sum, indices> sums_{};
    // Of what exceeds() counted, by the moment: what ends by then, and what begins before it
    // (P. Fenwick, A new data structure for cumulative frequency tables, 1994).
    using Tree = std::vector<Sum>;
    std::array<Tree, indices> ended_{}, begun_{};
    std::vector<Instant> moments_;  // at which any begins or ends; sorted, once one was asked
    bool sorted_ = false;

    static Sum below(const Tree& tree, std::size_t end);
    void put(Tree& tree, std::size_t at, const Taken& taken) const;
    std::size_t first_from(Instant moment) const;
};

}  // namespace entente::registry
