// SPDX-License-Identifier: Apache-2.0
// Since when the entries of one log have been final (PROTOCOL 16): from enough mirrors'
// cosignatures, which somebody else has verified and counted; here they are a step function of the
// entry's index. It is no part of the register's hash, and only relaxations wait for it.
//
//     Finality finality({{TreeSize{812}, noon}});   // entries 0 .. 811 are final since noon
//     finality.of(EntryIndex{811});                 // noon; nothing for 812
#pragma once

#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/time.h"

namespace entente::registry {

class Finality {
  public:
    /// Entries below `size` have been final since `at`.
    struct Step {
        TreeSize size;
        Instant at;
        bool operator==(const Step&) const = default;
    };

    /// Nothing is final yet.
    Finality() = default;
    /// In any order; of several steps that hold an entry the earliest counts.
    explicit Finality(std::vector<Step> steps);

    std::optional<Instant> of(EntryIndex index) const;
    /// Sizes and times ascending, none that says nothing new.
    const std::vector<Step>& steps() const { return steps_; }
    bool operator==(const Finality&) const = default;

  private:
    std::vector<Step> steps_;
};

}  // namespace entente::registry
