// SPDX-License-Identifier: Apache-2.0
// Joins incidents (evidence/join.h) to what this node holds: finds the records near by the index,
// and to whom each version had been given by the lists of releases and the receipts. What it read
// of those it keeps, and takes in what is new, so that a join costs what lies near the incident.
//
//     TRY(join, join_near({state, view, scratch}, incident, Metres{1000}));   // any thread
//     // The thread that owns the exchange:
//     while (!*joining.catch_up(10'000)) ...
//     joining.tell(join);
#pragma once

#include <map>
#include <set>
#include <vector>

#include "evidence/join.h"
#include "node/exchange.h"
#include "node/told.h"

namespace entente::node {

/// How far around an incident is looked where nobody says, and at most.
constexpr Metres join_within_default{1000};
constexpr Metres join_within_max{10'000};
/// Records that are joined to one incident.
constexpr std::size_t join_records_max = 100'000;

struct JoinOf {
    const State& state;
    const view::View& view;  // of that state
    index::Scratch& scratch;
};
/// Without who had been told. Errc::too_large where more than join_records_max lie near.
/// Precondition: scene_of(incident).
Result<evidence::Join> join_near(const JoinOf& of, const view::SeenStatement& incident,
                                 Metres within);

/// Slots of records with a place within `within` of the scene, and both sides' reach, at any height
/// and time. Ascending, each once.
std::vector<view::Slot> near_scene(const index::Index& index, index::Scratch& scratch,
                                   const evidence::Scene& scene, Metres within);

/// To whom versions were given, and how far each of them got. Owned by the thread that owns the
/// exchange.
class Joining {
  public:
    /// Null where the node stands alone: then nobody was told of anything. It outlives this.
    explicit Joining(const Exchange* exchange) : exchange_(exchange) {}

    /// Takes in what came since, at most about `most` releases; whether that was all of it.
    Result<bool> catch_up(std::size_t most);
    /// Fills in whom each version in a row was given to, and how far each had got when the incident
    /// may have begun. What is not caught up with is not in it.
    void tell(evidence::Join& join) const;

    /// Steps of one party with one version that are shown; how far it had got goes by all of them.
    static constexpr std::size_t steps_max = 64;

  private:
    /// The lists in which a log's party releases to another.
    struct Key {
        Origin author;
        PartyId recipient;
        auto operator<=>(const Key&) const = default;
    };
    struct Kept {
        ToldList list;
        bool heard = false;  // receipts for it are here
    };
    std::set<Key> keys() const;
    void hear(const Key& key, Kept& kept) const;
    const Peer* log_of(const Origin& origin) const;
    std::vector<evidence::Told> told(const RecordId& record, const Hash& leaf,
                                     const std::optional<Instant>& begin) const;

    const Exchange* exchange_;
    std::map<Key, Kept> lists_;
};

}  // namespace entente::node
