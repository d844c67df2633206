// SPDX-License-Identifier: Apache-2.0
// The changes since the base: the items that came, and the slots whose items in the base no longer
// count. Immutable like the base; a change copies what it touches and shares the rest (chunk.h):
// microseconds.
#pragma once

#include <memory>
#include <vector>

#include "index/chunk.h"

namespace entente::index {

class Delta {
  public:
    /// The delta after the changes, made in order. `before` may be null.
    static std::shared_ptr<const Delta> after(const Delta* before, std::int64_t time_base,
                                              std::span<const IndexChange> changes);

    const Hidden& hidden() const { return hidden_; }
    /// Whether a slot may have several items here.
    bool repeats() const { return repeats_; }
    /// As Base::search, for what is here.
    bool search(const Plan& plan, Mode mode, Scratch::State& state) const;
    /// Appends what is here.
    void sources(std::vector<Source>& all) const;
    std::size_t bytes() const;

  private:
    void change(const IndexChange& change, std::int64_t time_base);
    void add(const WholePtr& whole, bool point, std::int64_t time_base);
    Chunks& group(geo::AltitudeReference reference, std::size_t reach_class, bool points);

    std::vector<Chunks> groups_;
    Hidden hidden_;
    bool repeats_ = false;
};

}  // namespace entente::index
