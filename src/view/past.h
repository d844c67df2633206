// SPDX-License-Identifier: Apache-2.0
// What a record protected in the past: each version with the time from which and until which it
// did, whether or not it still does. A check asks what protects at a moment from now on; who looks
// back at an incident asks this. It points into the snapshot that it was taken from.
#pragma once

#include <optional>
#include <vector>

#include "registry/snapshot.h"

namespace entente::view {

/// What each version protected, and for how long.
class Past {
  public:
    Past(const registry::Snapshot& snapshot, registry::Slot slot)
        : record_(&snapshot.at(slot)), log_(&snapshot.log(record_->log)) {}

    const registry::Record& record() const { return *record_; }
    const std::vector<registry::Version>& versions() const { return record_->versions; }
    /// When the version at this number stopped protecting: when a later one covered it, or a
    /// relaxation that ends it acted, whichever was first; registry::never while neither. By claims
    /// of its author, as its beginning (`time`): what of that is proven an evidence file says. What
    /// a successor log states once more has no end here: goes_on_in() says it.
    /// Takes time for each later version.
    Instant until(std::size_t version) const;
    /// When `by`, a record of a later log of the same party that goes on from this one, took over
    /// what this version protects; registry::never where it does not.
    Instant goes_on_in(const Past& by, std::size_t version) const;

  private:
    const registry::Record* record_;
    const registry::LogState* log_;
};

/// The records, each of an earlier log of its party, that this one goes on from (PROTOCOL 8),
/// newest first. What a party says to go on from another's is no end of that one.
std::vector<registry::Slot> earlier_records(const registry::Snapshot& snapshot,
                                            registry::Slot slot);

}  // namespace entente::view
