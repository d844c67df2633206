// SPDX-License-Identifier: Apache-2.0
// Which receipts of one party are worth keeping: of each rung, unit and voice the first that says
// it of a release, and every one that reads coordinates back.
// Receipts repeat, and whoever gives them may give any number; what they can say that is new is
// bounded by what was released to him, and by a cap where he invents units.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "statement/receipt.h"

namespace entente::node {

class HeardBook {
  public:
    /// Statements, exceptions and readings of receipts that were kept, at most.
    static constexpr std::size_t weight_max = 1'000'000;

    /// Whether it says something that no earlier one did; then that counts as said. `given`: how
    /// many releases were made to its author; `released`: whether this leaf is a statement that
    /// somebody was released.
    bool news(const statement::Receipt& receipt, TreeSize given,
              const std::function<bool(const Hash&)>& released);

  private:
    using Step = std::pair<statement::Rung, std::string>;  // unit, voice, reason
    struct Listed {
        TreeSize size;
        std::size_t exceptions = 0;
    };
    std::map<Step, Listed> lists_;
    std::set<std::pair<Step, Hash>> entries_;
    std::size_t weight_ = 0;
};

}  // namespace entente::node
