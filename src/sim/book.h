// SPDX-License-Identifier: Apache-2.0
// What was said to whom, kept beside the simulated parties and without their help: the oracle. It
// knows who may hold which body, until when a place must go on protecting, and what was replied to
// whom, from statements as they were meant and from cosignatures that it counts itself.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/known.h"
#include "sim/party.h"
#include "sim/plans.h"
#include "sim/roads.h"
#include "sim/sides.h"
#include "sim/stops.h"
#include "sim/talk.h"

namespace entente::sim {

Bits bits_of(node::Tier tier);

/// A kind that nobody here understands.
constexpr const char* newer_kind = "enclave";

/// One place that one version of a record said protects, and the entries that mean to end it.
struct Claim {
    std::size_t author;  // its seat
    RecordId record;
    EntryIndex entry;
    int site;  // the number of a place on the ground
    std::int64_t radius_dm;
    std::vector<EntryIndex> ended_by;
    /// Of a volume that is objected to, which has one: until it is lifted, whoever holds it is
    /// cautioned there in these hours.
    std::optional<PlanVolume> objects = {};
    bool stops = false;  // and it is one in which all is to stop: a conflict
};

/// A statement of one's own.
struct Said {
    std::size_t author;
    RecordId record;
    Hash leaf;                        // of the entry
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
    std::string kind;     // what there is of it beside: see the maps of Book
    std::string contact;  // the desk to be asked
    bool allows = false;  // that others' activities are answered by its coarse area
    std::vector<PlanVolume> volumes = {};  // of an objection
    RecordId activity = {};                // to which it is
    RecordId group = {};                   // of a presence: whose,
    std::optional<PartyId> sponsor = {};   // by whose word,
    Instant from = {};                     // and since when
    bool is(const char* its) const { return kind == its; }
    bool moves() const { return is(statement::movement_kind); }
    bool deals() const { return statement::is_dealing(kind); }
    bool stops() const { return is(statement::stop_kind); }
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
        Hash leaf = {};                  // of the entry that says it
        std::string contact = {};
        bool allows = false;
        std::vector<PlanVolume> volumes = {};    // of an activity or an objection
        RecordId activity = {};                  // of an objection
        std::optional<Instant> started = {};     // of an activity
        std::optional<Answered> answered = {};   // of a reply
        std::optional<StopSaid> stop = {};       // of a STOP that is said
        std::optional<StopCall> call = {};       // of an attempt
        RecordId contests = {};                  // of a challenge: the record
        Instant answer_by = {};                  // and its clock
        std::string text = {};                   // of a challenge or a message
        RecordId group = {};                     // of a position or a presence
        statement::Stand stand = {};             // of a position
        std::optional<PartyId> sponsor = {};     // of a presence, which is there since `time`
        std::optional<KnownVersion> known = {};  // of what a party knows
    };
    void say(const Meaning& meaning, EntryIndex entry);
    void release(const RecordId& record, const PartyId& to, node::Tier tier);

    const std::vector<Claim>& claims() const { return claims_; }
    const std::map<RecordId, Told>& records() const { return records_; }
    const std::map<RecordId, Road>& roads() const { return roads_; }
    const std::map<RecordId, Plan>& plans() const { return plans_; }
    /// Replies, by the leaf of the entry that says each.
    const std::map<Hash, Answered>& answered() const { return answered_; }
    const std::map<RecordId, StopSaid>& stops() const { return stops_; }
    const std::map<RecordId, Contest>& contests() const { return contests_; }
    const std::map<RecordId, MessageSaid>& messages() const { return messages_; }
    const std::map<RecordId, Zone>& zones() const { return zones_; }
    const std::map<RecordId, GroupSaid>& groups() const { return groups_; }
    const std::map<RecordId, StandSaid>& stands() const { return stands_; }
    const std::map<RecordId, KnownSaid>& known() const { return known_; }
    /// The STOP of which this entry says an attempt; nothing for any other entry.
    std::optional<RecordId> called_by(const Hash& leaf) const;
    /// What stands in the entry with this leaf; null where nothing in this book does.
    const Said* with_leaf(const Hash& leaf) const;
    /// Whether this record is, or ever was, at the place with this number.
    bool was_at(const RecordId& record, int site) const;
    /// What one seat has said by itself to this version, in these words: all that it named. Nothing
    /// where it has not said so.
    std::optional<std::set<Hash>> said_before(const Answered& reply) const;
    /// Entries of this seat that mean to end something.
    std::set<EntryIndex> relaxations(std::size_t author) const;
    /// Of this seat's log; null for an entry that is no statement of the book.
    const Said* said(std::size_t author, EntryIndex entry) const;
    const std::map<EntryIndex, Said>& said_by(std::size_t author) { return said_[author]; }

  private:
    void place(const Meaning& meaning, EntryIndex entry);
    void object(const Meaning& meaning, EntryIndex entry);
    void stop(const Meaning& meaning, EntryIndex entry);
    void talk(const Meaning& meaning);

    std::vector<Claim> claims_;
    std::map<RecordId, Plan> plans_;
    std::map<Hash, Answered> answered_;
    std::map<RecordId, StopSaid> stops_;
    std::map<Hash, RecordId> called_;  // by the leaf of the attempt
    std::map<RecordId, Contest> contests_;
    std::map<RecordId, MessageSaid> messages_;
    std::map<RecordId, Zone> zones_;
    std::map<RecordId, GroupSaid> groups_;
    std::map<RecordId, StandSaid> stands_;
    std::map<RecordId, KnownSaid> known_;
    std::map<Hash, std::pair<std::size_t, EntryIndex>> leaves_;  // to author and entry
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
