// SPDX-License-Identifier: Apache-2.0
// How long to wait after a failure: twice as long as after the one before, up to some minutes, and
// a random part of that, so that nodes that lost each other in one moment do not come back in one
// (and a link that is bad is not made worse).
#pragma once

#include <algorithm>

#include "base/random.h"
#include "base/time.h"

namespace entente::net {

class Backoff {
  public:
    Backoff(Duration least, Duration most, Rng rng) : least_(least), most_(most), rng_(rng) {}

    /// Between half of and all of the present time, which then doubles.
    Duration failed() {
        const unsigned doublings = std::min(failures_++, 30u);
        const auto whole = std::min<std::int64_t>(most_.count(), least_.count() << doublings);
        return part_of(Duration(whole));
    }
    void succeeded() { failures_ = 0; }
    /// In a row.
    unsigned failures() const { return failures_; }

    /// Between half of and all of a pause.
    Duration part_of(Duration whole) {
        const auto half = static_cast<std::uint64_t>(whole.count() / 2);
        return Duration(static_cast<std::int64_t>(half + rng_.below(half + 1)));
    }

  private:
    Duration least_;
    Duration most_;
    Rng rng_;
    unsigned failures_ = 0;
};

}  // namespace entente::net
