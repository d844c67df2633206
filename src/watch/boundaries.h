// SPDX-License-Identifier: Apache-2.0
// Boundaries made ready to be asked by many legs: their volumes in an index of their own, each with
// its zone. For this room only. Immutable; safe from any thread with a Scratch of its own.
#pragma once

#include "watch/leg.h"
#include "watch/live.h"

namespace entente::watch {

class Boundaries {
  public:
    /// One volume of one boundary.
    struct Part {
        std::uint32_t boundary;  // as its owner numbers them
        Zone zone;
    };
    Boundaries() = default;
    /// `numbers`: of each boundary. Precondition: all volumes are valid.
    Boundaries(const std::vector<Boundary>& boundaries, const std::vector<std::uint32_t>& numbers);

    /// Numbers of parts that the volume may touch, ascending, none missing.
    void near(const geo::Volume4D& volume, index::Scratch& scratch,
              std::vector<std::uint32_t>& parts) const {
        index_.candidates({volume, {0}}, scratch, parts);
    }
    const Part& part(std::uint32_t number) const { return parts_[number]; }
    bool empty() const { return parts_.empty(); }

  private:
    std::vector<Part> parts_;
    index::Index index_;
};

}  // namespace entente::watch
