// SPDX-License-Identifier: Apache-2.0
// What was said to whom, kept beside the simulated parties and without their help: the oracle. It
// knows who may hold which body, and until when a place must go on protecting, from statements as
// they were meant and from cosignatures that it counts itself.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/party.h"
#include "sim/roads.h"

namespace entente::sim {

Bits bits_of(node::Tier tier);

/// One place that one version of a record said protects, and the entries that mean to end it.
struct Claim {
    std::size_t author;  // its seat
    RecordId record;
    EntryIndex entry;
    int site;  // the number of a place on the ground
    std::int64_t radius_dm;
    std::vector<EntryIndex> ended_by;
};

/// A statement of one's own.
struct Said {
    RecordId record;
    Bits used;                        // bodies that it has
    std::map<PartyId, Bits> allowed;  // who was released what of it
};

struct Told {
    std::size_t author;
    std::vector<EntryIndex> versions;
    std::map<PartyId, Bits> given;
    std::set<int> sites;  // now and earlier, since the last withdrawal or confirmed move
    int site = 0;         // now
    std::int64_t radius_dm = 0;
    bool withdrawn = false;
    bool newer = false;  // of a kind that nobody here understands: nothing follows it
    bool moves = false;  // its legs are in roads()
};

class Book {
  public:
    /// What the statement means; `record` is new for an add.
    struct Meaning {
        std::size_t author = 0;
        RecordId record;
        std::string act;
        std::string kind = "protection";
        int site = 0;
        std::int64_t radius_dm = 0;
        std::map<PartyId, node::Tier> audience = {};
        std::vector<RoadLeg> legs = {};  // of a movement: all that have not ended
        Instant time = {};               // of a movement: as its author claims
    };
    void say(const Meaning& meaning, EntryIndex entry);
    void release(const RecordId& record, const PartyId& to, node::Tier tier);

    const std::vector<Claim>& claims() const { return claims_; }
    const std::map<RecordId, Told>& records() const { return records_; }
    const std::map<RecordId, Road>& roads() const { return roads_; }
    /// Entries of this seat that mean to end something.
    std::set<EntryIndex> relaxations(std::size_t author) const;
    /// Of this seat's log; null for an entry that is no statement of the book.
    const Said* said(std::size_t author, EntryIndex entry) const;
    const std::map<EntryIndex, Said>& said_by(std::size_t author) { return said_[author]; }

  private:
    void place(const Meaning& meaning, EntryIndex entry);

    std::vector<Claim> claims_;
    std::map<RecordId, Told> records_;
    std::map<RecordId, Road> roads_;
    std::map<std::size_t, std::map<EntryIndex, Said>> said_;
};

/// What mirrors have said of one log, as their own stores have it: for each the times by size.
class Cosigners {
  public:
    void add(const PartyId& mirror, TreeSize size, Instant time) {
        seen_[mirror].emplace_back(size, time);
    }
    /// The k-th smallest of the parties' earliest times over heads that hold the entry.
    std::optional<Instant> final_at(EntryIndex entry, std::size_t k) const;

  private:
    std::map<PartyId, std::vector<std::pair<TreeSize, Instant>>> seen_;
};

}  // namespace entente::sim
