// SPDX-License-Identifier: Apache-2.0
// A boundary or zone as a party asserts it, as a reader of the register sees it. What is in force
// of it is by its newest versions alone: whoever replaces one takes it back; earlier ones stay to
// be read. Like Seen it is a cheap value over a snapshot that outlives it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "registry/snapshot.h"

namespace entente::view {

enum class AirspaceState : std::uint8_t { in_force, withdrawn, not_understood };
const char* name(AirspaceState state);

/// One version, as far as it can be read here.
struct AirspaceVersion {
    const registry::DealingVersion* version;
    const statement::Airspace* airspace;  // null: withdrawn, or not open, or not understood
};

class SeenAirspace {
  public:
    /// Precondition: is_airspace(snapshot, slot).
    SeenAirspace(const registry::Snapshot& snapshot, registry::DealingSlot slot)
        : dealing_(&snapshot.dealings().at(slot)), log_(&snapshot.log(dealing_->log)) {}

    RecordId id() const { return dealing_->id; }
    const PartyId& party() const { return log_->party; }
    bool own() const { return log_->own; }
    /// Whether its entries are in the node's own log: then it goes on here.
    bool in_own_log() const { return dealing_->log == 0; }
    std::uint32_t version() const { return dealing_->versions.back().number; }
    const Hash& leaf() const { return dealing_->versions.back().position.leaf; }
    const registry::Dealing& dealing() const { return *dealing_; }
    /// All of them, in their order.
    std::vector<AirspaceVersion> versions() const;
    /// What was said last that is open here; null where nothing is.
    const statement::Airspace* airspace() const;
    AirspaceState state() const;
    /// The newest versions that assert something, several where a fork has several. Where the
    /// newest is not understood, the last one that is: what cannot be read takes nothing back.
    std::vector<AirspaceVersion> in_force() const;

  private:
    const registry::Dealing* dealing_;
    const registry::LogState* log_;
};

bool is_airspace(const registry::Snapshot& snapshot, registry::DealingSlot slot);
/// All of them, by slot.
std::vector<SeenAirspace> airspaces(const registry::Snapshot& snapshot);
/// Nothing for an id that never was, and for what is no airspace, alike.
std::optional<SeenAirspace> find_airspace(const registry::Snapshot& snapshot, const RecordId& id);

}  // namespace entente::view
