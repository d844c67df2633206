// SPDX-License-Identifier: Apache-2.0
// One list of releases, with what its recipient acknowledged of it: to whom a version was given and
// how far that party got with it. Kept, it takes in what is new and nothing else, so that one
// record is asked about without a pass over all of the list.
//
//     ToldList list(author, recipient);
//     TRYV(list.read(store));                    // what the store has beyond what was read
//     list.hear(exchange.heard(), counts);       // the same of receipts
//     for (const LadderStep& step : list.steps_for(record, version, compare)) …
#pragma once

#include <functional>
#include <map>
#include <unordered_map>
#include <vector>

#include "node/ladder.h"
#include "node/ports.h"
#include "registry/record.h"

namespace entente::node {

/// A statement in the list.
struct Listed {
    using Number = std::uint32_t;        // of a receipt
    std::uint64_t number = 0;            // where it stood first
    Slots slots = 0;                     // that were given by now
    Slots first = 0;                     // that were given then
    std::uint64_t whole_since = number;  // where it stood with all of these
    std::vector<Number> named{};         // receipts that name it
};

/// What came back of a record, beside what was said; nothing where there is nothing to compare.
using Compare = std::function<std::optional<LoadedAt>(const statement::ReadBack&, statement::Rung)>;

class ToldList {
  public:
    ToldList(Origin author, PartyId recipient)
        : author_(std::move(author)), recipient_(std::move(recipient)) {}

    const PartyId& recipient() const { return recipient_; }
    /// At most `most` releases; whether that was all of them.
    Result<bool> read(Store& store, std::size_t most = SIZE_MAX);
    /// After read(): a receipt names what had been released. `all` only grows, is always the same
    /// vector, and outlives the list.
    void hear(const std::vector<HeardReceipt>& all,
              const std::function<bool(const HeardReceipt&)>& counts);

    /// Null for a statement that the list does not have; until the next read().
    const Listed* find(const Hash& leaf) const;
    /// Receipts that name this statement.
    std::size_t naming(const Hash& leaf) const {
        const Listed* found = find(leaf);
        return found == nullptr ? 0 : found->named.size();
    }
    /// Receipts for one version, lowest rung first. What was acknowledged before more of it was
    /// released was acknowledged of less: of an area, and not of the place. `first`: what was
    /// acknowledged of what it was given first.
    std::vector<LadderStep> steps_for(const registry::Record& record,
                                      const registry::Version& version, const Compare& compare,
                                      bool first = false) const;

  private:
    using Number = Listed::Number;  // in all_
    const HeardReceipt& receipt(Number number) const { return (*all_)[number]; }
    std::vector<Number> for_list(std::uint64_t number,
                                 const std::vector<registry::Version>& versions) const;
    EntryIndex held_from(std::uint64_t number) const;

    Origin author_;
    PartyId recipient_;
    std::uint64_t next_ = 0;  // of the list, to be read
    struct ByLeaf {
        std::size_t operator()(const Hash& leaf) const;
    };
    std::unordered_map<Hash, Listed, ByLeaf> listed_;
    const std::vector<HeardReceipt>* all_ = nullptr;
    Number heard_ = 0;  // of all_, taken in
    /// For whole lists, by rung and unit, the smallest list first.
    std::map<std::pair<statement::Rung, std::string>, std::vector<Number>> lists_;
};

/// What came back here from the system that another's record was loaded into, beside what it says.
/// The record outlives it.
Compare loaded_here(const registry::Record& record);

}  // namespace entente::node
