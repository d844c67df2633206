// SPDX-License-Identifier: Apache-2.0
// Joins incidents (evidence/join.h) to what this node holds: finds the records near by the index,
// and to whom each version had been given by the lists of releases and the receipts. What it read
// of those it keeps, and takes in what is new, so that a join costs what lies near the incident.
//
//     Joining joining(exchange);
//     TRY(join, joining.join({state, view, scratch}, incident, Metres{1000}));
//
// Owned by the thread that owns the exchange.
#pragma once

#include <map>
#include <vector>

#include "evidence/join.h"
#include "node/exchange.h"
#include "node/told.h"

namespace entente::node {

class Joining {
  public:
    /// Null where the node stands alone: then nobody was told of anything. It outlives this.
    explicit Joining(const Exchange* exchange) : exchange_(exchange) {}

    struct Where {
        const State& state;
        const view::View& view;  // of that state
        index::Scratch& scratch;
    };
    /// Errc::too_large where more than records_max lie near. Precondition: scene_of(incident).
    Result<evidence::Join> join(const Where& where, const view::SeenStatement& incident,
                                Metres within);
    static constexpr std::size_t records_max = 100'000;

    /// How far around an incident is looked where nobody says.
    static constexpr Metres within_default{1000};
    static constexpr Metres within_max{100'000};

  private:
    struct Key {
        Origin author;
        PartyId recipient;
        auto operator<=>(const Key&) const = default;
    };
    Result<void> catch_up();
    Result<void> catch_up_with(const Peer& peer);
    ToldList& list(const Origin& author, const PartyId& recipient);
    std::vector<evidence::Told> told(const RecordId& record, const Hash& leaf) const;

    const Exchange* exchange_;
    std::map<Key, ToldList> lists_;
};

/// Slots of records with a place within `within` of the scene, and both sides' reach, at any height
/// and time. Ascending, each once.
std::vector<view::Slot> near_scene(const index::Index& index, index::Scratch& scratch,
                                   const evidence::Scene& scene, Metres within);

}  // namespace entente::node
