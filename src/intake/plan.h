// SPDX-License-Identifier: Apache-2.0
// What an import would do to the register, before anything is done: every row is added, unchanged,
// a duplicate, a proposed amendment or refused, and the five add up to the rows read. Pure: the
// register comes in as a lookup. A row that is gone from the file changes nothing.
//
//     Planner planner("WHO 2019");
//     planner.set_mapping(mapping);           // again for each further layer of the file
//     for (const Row& row : rows) planner.add(row);
//     ImportPlan plan = std::move(planner).finish(lookup);
//
// The key of a row is (source, ref). Rows that share one with the same content are duplicates of
// the first; with other content all of them are refused, because nothing says which is right.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "intake/changes.h"
#include "intake/row.h"

namespace entente::intake {

/// What the register has under a key (source, ref).
struct Known {
    RecordId id;
    statement::Protection protection;
};
using Lookup =
    std::function<std::optional<Known>(const std::string& source, const std::string& ref)>;

struct RowAt {
    std::uint64_t number = 0;
    std::string layer;
};

struct Refusal {
    RowAt row;
    std::string name;  // of the place, where the row has one
    std::string reason;
    /// `row 17 "Hospital X": no coordinates: ...`
    std::string text() const;
};

struct Addition {
    RowAt row;
    statement::Protection protection;
};

struct Amendment {
    RowAt row;
    RecordId record;
    statement::Protection before;
    statement::Protection after;  // what the mapping does not give stays as it was
    std::vector<FieldChange> changes;
};

struct ImportPlan {
    std::vector<Addition> additions;    // in order of the file, as are the others
    std::vector<Amendment> amendments;  // proposed, shown, made only when asked
    std::vector<Refusal> refusals;
    std::vector<std::string> warnings;  // pile-ups on one point, places at 0,0
    std::uint64_t rows = 0;             // = additions + amendments + refusals + the next two
    std::uint64_t unchanged = 0;
    std::uint64_t duplicates = 0;  // rows that repeat an earlier row of the file
};

/// Takes rows one by one. Not thread-safe.
class Planner {
  public:
    explicit Planner(std::string source);
    ~Planner();
    Planner(Planner&&) noexcept;
    Planner& operator=(Planner&&) noexcept;

    /// How the rows that follow are read. Comes before the first row.
    void set_mapping(Mapping mapping);
    void add(const Row& row);
    /// Rows of a layer that cannot be mapped at all are refused one by one with this reason.
    void refuse(const Row& row, std::string reason);
    ImportPlan finish(const Lookup& lookup) &&;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace entente::intake
