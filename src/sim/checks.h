// SPDX-License-Identifier: Apache-2.0
// What must hold in a world at every moment, and what when all is quiet. What honest nodes hold is
// compared with the book and with the logs as their authors have them.
#pragma once

#include <set>

#include "sim/world.h"

namespace entente::sim {

/// Places are two tenths of a degree apart: no coarse area of one holds another.
geo::LatLng place_of(int site, std::int64_t north_dm);

class Checks {
  public:
    explicit Checks(World& world) : world_(world) {}

    /// What is cheap, of one seat, after each step: copies are prefixes, nobody honest is accused,
    /// what waits is bounded.
    void after(World::Seat& seat);
    /// One question at one node, about a place that the book says is protected.
    void ask();
    /// The same about a leg of a movement (checks_roads.cc): whether it protects in its hours and
    /// no others, and how it stands in lists.
    void ask_road();
    /// What one node shows of one activity (checks_plans.cc): to whom it was not declared, nothing;
    /// to others what was meant.
    void ask_plan();
    /// What one node knows of one STOP (checks_stops.cc): of one that it has heard and that no log
    /// shows yet too, and nothing of one that was not said to it.
    void ask_stop();
    /// Whom it is to call next, as the register says: the same as the book.
    std::optional<node::NextCall> next_call(World::Seat& seat, const RecordId& record,
                                            node::Calling& calling);
    /// An attempt that is durable now, before the book has it: none was made of that instant.
    void called(const Book::Meaning& meaning);
    /// What it has just taken acts at once, and people are told.
    void taken(World::Seat& seat, const RecordId& record);
    /// What one node shows of one challenge, message or boundary (checks_talk.cc), and whether it
    /// calls a record contested that is.
    void ask_talk();
    /// What one node makes of a plan where a group is (checks_sides.cc).
    void ask_presence();
    /// What one node shows of an incident, a report or whom it says did it, and what it joins to an
    /// incident (checks_known.cc).
    void ask_known();
    /// Whether a log shows it this STOP, or it has been heard there.
    bool knows_stop(World::Seat& seat, const RecordId& record, const Hash& leaf) const;
    /// All that an answer about this record's places says, flags apart.
    std::string answer_about(World::Seat& seat, const RecordId& record);
    /// A reply that is durable now, before the book has it: no node says the same twice of one
    /// version, nor names what the activity's author was not given (PROTOCOL 14).
    void said_by_itself(const Answered& reply);
    /// What is dear: no body is where it was not released, none is lost, and no cosigner has
    /// contradicted itself.
    void thorough();
    /// After healing: everything that is owed is there, equal sets have equal hashes, relaxations
    /// act, forks are evidence.
    void at_the_end();
    /// Whether every honest party has acknowledged all that the others released to it.
    bool all_acknowledged();

    /// The words of a statement that means this.
    static node::Draft draft(const Book::Meaning& meaning);
    static node::Draft movement(const Book::Meaning& meaning);
    static node::Draft objection(const Book::Meaning& meaning);
    static node::Draft stop(const Book::Meaning& meaning);
    static std::vector<geo::Place> places_of(const std::vector<PlanVolume>& volumes);
    static geo::Place incident_place(int site);

  private:
    using Seat = World::Seat;
    void copy(const Seat& seat, const node::Peer& peer);
    void bodies(Seat& seat, const Origin& origin, std::size_t founder);
    void body(Seat& seat, const Origin& origin, const node::StoredEntry& row);
    void cosignatures(Seat& seat);
    void words(Seat& seat, const Origin& origin, std::size_t founder);
    void protects(Seat& seat, const Claim& claim, Instant at);
    void all_there(Seat& seat);
    void told_the_same();
    void status(Seat& seat);
    bool heard_enough(Seat& seat, const Claim& claim);
    bool heard_enough(Seat& seat, const Seat& author, EntryIndex last);
    bool may_be_over_limit(const Claim& claim) const;
    void settled(Seat& seat, const Claim& claim);
    std::optional<Reading> reading(Seat& seat, const Road& road);
    void leg(Seat& seat, const RecordId& record, std::size_t version, const RoadLeg& leg,
             const Reading& reading, Instant at);
    void outside_its_hours(Seat& seat, const RecordId& record, const RoadLeg& leg,
                           const Reading& reading, Instant at);
    void lists(Seat& seat, const RecordId& record, const Reading& reading, Instant at);
    void duty_lists(Seat& seat, const RecordId& record, const std::set<std::uint32_t>& legs,
                    Instant at);
    void settled(Seat& seat, const RecordId& record, const Road& road);
    void activity(Seat& seat, const RecordId& record, const Plan& plan, Instant at);
    void version(Seat& seat, const Said& said, const registry::DealingVersion& shown,
                 const Plan& plan);
    void replies(Seat& seat, const view::SeenActivity& seen);
    void plans(Seat& seat);
    void agree(Seat& seat, const RecordId& record, const Plan& plan);
    void replied(Seat& seat, const RecordId& record, const Plan& plan);
    void boxes(Seat& seat);
    void heard(Seat& seat);
    void acts(Seat& seat, const RecordId& record, const StopSaid& stop);
    std::vector<StopAnswer> answers(Seat& seat, const RecordId& record, const StopSaid& stop);
    bool has_reply(const Seat& seat, const Hash& leaf) const;
    void stopped(Seat& seat);
    void replied_to_stop(const Answered& reply);
    bool shows(Seat& seat, const RecordId& record, std::size_t author, bool seen);
    void contest(Seat& seat, const RecordId& record, const Contest& contest, Instant at);
    void contested(Seat& seat, const RecordId& record);
    bool is_contested(const Seat& seat, const RecordId& record) const;
    void message(Seat& seat, const RecordId& record, const MessageSaid& message);
    void zone(Seat& seat, const RecordId& record, const Zone& zone);
    void talk(Seat& seat);
    struct Sides;
    Sides sides_of(const Seat& seat, const RecordId& group) const;
    bool later_withheld(const Seat& seat, const registry::Dealing& dealing, std::size_t author,
                        std::size_t newest) const;
    bool differs(const Seat& seat, const view::Seen& seen, const RecordId& record) const;
    void presence(Seat& seat, const RecordId& record, const Told& told);
    void sides(Seat& seat);
    void joined(Seat& seat, const view::SeenStatement& seen, const KnownSaid& said);
    bool shown(const Seat& seat, const RecordId& record) const;
    std::pair<std::size_t, std::size_t> lines_about(const Seat& seat,
                                                    const RecordId& incident) const;
    void known(Seat& seat);
    void alike(const std::vector<std::size_t>& seats);
    bool has_named(const Seat& seat, const PlanVersion& version, const RecordId& record,
                   const Told& told, bool held) const;
    bool holds(const Seat& seat, const RecordId& record) const;
    bool has_newest(const Seat& seat, const RecordId& record, std::size_t author,
                    std::size_t versions);
    bool objected(Seat& seat, const Claim& claim, std::int64_t north_dm, Instant at);
    struct Cause;
    std::vector<Cause> causes(Seat& seat);
    bool is_told(const Seat& seat, Cause& cause) const;
    bool heeds(const node::Notice& notice, const PartyId& party) const;
    bool was_overdue(const Seat& seat, const node::Notice& notice) const;
    void overdue_told(Seat& seat);
    bool came_urgently(const Seat& seat, const node::Notice& notice) const;
    void told(Seat& seat);
    void told(Seat& seat, const std::string& stream, const std::vector<Cause>& causes);
    void forks();
    std::optional<node::StoredEntry> row(Seat& seat, const Origin& origin, EntryIndex entry);
    bool behind_its_store(Seat& seat, const Seat& author);
    Bits opened(Seat& seat, const Claim& claim);
    Bits open_bits(Seat& seat, Seat& author, EntryIndex entry);
    Bits released(Seat& seat, const Origin& origin, std::size_t founder,
                  const node::StoredEntry& here);
    bool honest(const PartyId& party) const;
    Cosigners cosigners(const Seat& author);
    std::optional<Instant> end_of(const Claim& claim);
    bool finds(Seat& seat, const Claim& claim, std::int64_t north_dm, Instant at);
    bool finds(Seat& seat, const RecordId& record, const geo::Volume4D& volume, Instant at);
    Origin origin_of(const Seat& seat) const;
    bool in_some_branch(std::size_t founder, TreeSize size, const Hash& root, bool& all_up);
    void failed(const Seat& seat, const std::string& what);

    World& world_;
    std::set<std::string> may_be_told_;  // ids of the board's notices
};

}  // namespace entente::sim
