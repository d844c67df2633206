// SPDX-License-Identifier: Apache-2.0
// The ladder of receipts (PROTOCOL 11) where persons climb it: what somebody here did with what
// another party released (loaded into a system, passed to a unit, confirmed by it, refused), and
// how far the other parties got with what this one released. The rungs below are the nodes' own.
//
//     TRY(given, exchange.acknowledge({.records = {id}, .rung = Rung::passed, .unit = "TACC"},
//                                     "a.liaison", now));
//     TRY(ladders, exchange.ladders({}, now));          // of one's own records
//
// A receipt is for one version: the next one voids it, and the ladder begins again.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "geo/gazetteer.h"
#include "node/peer.h"

namespace entente::node {

/// What is said of another party's records, or of all that it released so far.
struct Acknowledgement {
    std::vector<RecordId> records;  // its newest versions; all of one party
    /// Of each record the leaf of the version that is meant: Errc::stale, naming the record, where
    /// that is not its newest any more. Empty: whichever is.
    std::vector<Hash> versions;
    std::optional<PartyId> all_of;  // instead of them
    std::vector<RecordId> except;   // then all but these
    statement::Rung rung = statement::Rung::loaded;
    std::string unit;
    std::string voice;
    std::string reason;
    /// As they came back from the system that the records were loaded into, one for each record.
    std::vector<geo::LatLng> coordinates;
};

/// Coordinates that came back, beside what is held here.
struct LoadedAt {
    RecordId record;
    Metres apart;
    bool differs = false;  // by more than a grid reference rounds
};

struct Acknowledged {
    PartyId to;
    EntryIndex entry;
    std::size_t statements = 0;  // named one by one
    std::vector<LoadedAt> loaded;
};

/// Coordinates out of another system are the same place up to here: an MGRS reference of eight
/// digits names the corner of a square of 10 m, whose other corner is 14.2 m away.
constexpr Metres loaded_apart_max{15};
/// A node's own reading, in 1e-7 degrees, is good to a centimetre.
constexpr Metres read_back_apart_max{1};

/// Where the nearest named place is looked up; asked when a point is read back. None, or null where
/// there is no gazetteer: then no place is named.
using NamedPlaces = std::function<const geo::Gazetteer*()>;
void name_place(const NamedPlaces& places, statement::ReadBack& reading);

/// A receipt of another party's, addressed to us; or of one's own to another.
struct HeardReceipt {
    PartyId from;
    registry::Position position;  // in its log
    Instant time;                 // its claim
    statement::Receipt receipt;
    std::string actor;  // who gave it there, or "node"
};

/// One receipt as it bears on one version of one record.
struct LadderStep {
    statement::Rung rung;
    std::string unit;
    std::string voice;
    std::string reason;
    std::string actor;
    Instant time;  // the other party's claim
    Hash leaf;     // of the receipt's entry in its log
    std::optional<LoadedAt> at;
    std::optional<statement::ReadBack> read;  // what it read back of this version, where it did
};

/// How far one party got with one leg of a movement: receipts for every version in which the leg is
/// the same count, so that an amended leg voids those for it and no others.
struct LegLadder {
    std::uint32_t leg;  // its number
    statement::Rung rung = statement::Rung::offered;
    bool refused = false;
    bool differs = false;            // what came back lies elsewhere than what was said
    std::vector<std::string> units;  // that confirmed, each once
};

/// How far one party got with the newest version of one record: another party with one's own, or
/// this party with another's.
struct Ladder {
    RecordId record;
    std::uint32_t version = 0;
    Hash leaf;      // of that version
    PartyId party;  // the other one
    Slots slots = 0;
    std::vector<LadderStep> steps;  // lowest rung first, of one rung in order of time
    std::size_t voided = 0;         // receipts for versions before this one
    Instant due;                    // `received` or `missing` is owed by then
    bool overdue = false;
    std::vector<LegLadder> legs;  // of a movement: those that have not ended
    /// Of what is no record of the register: the party's node says that it holds the list as far.
    bool held = false;

    /// The highest rung; `offered` where nothing was acknowledged. Never `refused`.
    statement::Rung rung() const;
    /// Whether a unit refused it, or a place came back that lies elsewhere, and the same unit has
    /// not said otherwise since.
    bool refused() const;
    bool differs() const;
};

}  // namespace entente::node
