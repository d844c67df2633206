// SPDX-License-Identifier: Apache-2.0
// Activities as their authors meant them, and what was replied to each version: the oracle's own
// reading of doc/protocol/dealings.md. It knows no register and no view.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/time.h"

namespace entente::sim {

/// A circle at a place on the ground, in [start, end).
struct PlanVolume {
    int site = 0;
    std::int64_t radius_dm = 0;
    Instant start, end;
    /// Whether it takes in all of `other`.
    bool holds(const PlanVolume& other) const {
        return site == other.site && radius_dm >= other.radius_dm && start <= other.start &&
               end >= other.end;
    }
    bool operator==(const PlanVolume&) const = default;
};

struct PlanVersion {
    EntryIndex entry;
    Hash leaf;
    std::string act;
    std::vector<PlanVolume> volumes;  // none: it was ended or cancelled
    std::optional<Instant> started;
    bool at_site(int site) const;
};

/// One activity.
struct Plan {
    std::size_t author = 0;  // its seat
    std::vector<PlanVersion> versions;
    bool over() const { return versions.back().volumes.empty(); }
    /// The number of the version with this leaf, from 1; 0: it has none such.
    std::uint32_t number_of(const Hash& leaf) const;
};

/// When it is over, unless its author says so before: a day late where it was started.
Instant lapses_at(const PlanVersion& version);
/// How an activity stands whose newest version is this one: as view/activity.h names it.
std::string standing(const PlanVersion& newest, Instant now);
/// Whether what stands so may still happen.
bool may_happen(const std::string& standing);

/// What a node or a person said to a version of an activity.
struct Answered {
    std::size_t by = 0;  // its seat
    PartyId to;          // the activity's author
    RecordId of;
    Hash version;  // leaf of the version
    std::string word;
    std::string contact;
    std::set<Hash> entries;
    bool automatic = false;
    Instant time = {};  // as who says it claims
};

}  // namespace entente::sim
