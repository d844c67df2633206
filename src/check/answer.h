// SPDX-License-Identifier: Apache-2.0
// Question -> Answer: which protections a plan touches, in what it may see, as of which heads.
// Pure: the same view, index, question and moment give the same answer, so that it can be replayed
// from what it cites (PROTOCOL 22). It restrains; its best verdict is no_registered_conflict.
//
//     Answer a = check::answer(view, index, scratch, {volumes, margin}, as_of, now);
//
// Distances are WGS84 geodesics in metres between shapes; bearings in degrees from north, from the
// plan's nearest point. Safe from any thread with a Scratch of its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "check/presence.h"
#include "index/index.h"
#include "view/view.h"

namespace entente::check {

/// Changes whenever equal inputs could give another answer; cited by every answer.
constexpr const char* rules_version = "entente/rules/7";

/// In order of weight: the greater one wins (PROTOCOL 21).
enum class Verdict : std::uint8_t { no_registered_conflict, caution, incomplete, conflict };
const char* name(Verdict verdict);

struct Question {
    std::vector<geo::Volume4D> volumes;  // valid (geo/valid.h), at least one
    Metres margin{0};
};

/// What the view of one other party rests on (PROTOCOL 22, 23).
/// STOPs of a party that came urgently and that its log does not show yet (PROTOCOL 28).
struct Unlogged {
    std::vector<std::vector<geo::Place>> stops;  // where all is to stop
    std::size_t unread = 0;                      // and those of which that cannot be read here
    std::size_t count() const { return stops.size() + unread; }
    bool operator==(const Unlogged&) const = default;
};

struct Source {
    PartyId party;
    Origin origin;
    TreeSize size;  // of its log, as verified here; 0: nothing of it was ever received
    Hash root;
    std::optional<Instant> beat;      // the time that its newest beat claims
    std::optional<Instant> received;  // when that beat came here
    TreeSize released;                // of its releases to this party, as held here
    Hash released_root;
    std::size_t missing = 0;  // releases that are known to exist and are not here; at least 1 where
                              // a slot says other than what is held
    std::string missing_code = {};  // why, for programs; empty: releases_missing
    Unlogged unlogged = {};
    bool forked = false;
    bool absent = false;  // marked so by the quorum: its records stand, its silence is said
    bool left = false;    // it ended its log with a leave, which is here: nothing more comes of it
};

/// Whose view was asked instead of one's own: what was released to it, and how much of that it has.
struct ShownTo {
    PartyId party;
    TreeSize given;
    TreeSize acknowledged;
};

/// What the answer rests on.
struct AsOf {
    PartyId party;
    Origin origin;
    TreeSize size;
    Hash root;
    Duration age{0};  // of one's own log always 0 (PROTOCOL 8)
    Hash charter;
    Instant asked_at;                    // the moment that the answer is for
    std::optional<Instant> packed = {};  // out of a field pack of this moment, by a device's clock
    std::vector<Source> sources = {};    // the other parties, in order of the charter
    /// Then nothing is said of how far others' word can be relied on: that is the other's to know.
    std::optional<ShownTo> shown_to = {};
};

/// How old the view of this party is: since its newest beat was said or received, whichever is
/// longer ago. Nothing where none came.
std::optional<Duration> age(const Source& source, Instant now);

/// Why the verdict is no better; all reasons are always listed.
struct Reason {
    Verdict weight;
    std::string code;       // for programs; doc/protocol/answers.md lists them
    std::string text;       // for people
    std::size_t count = 0;  // of what the reason speaks
    PartyId party = {};     // whose word it speaks of; empty: of no one party's
};

/// A protection that the plan touches, or that lies within the policy distance of it.
struct Finding {
    view::Slot slot = 0;
    RecordId id;
    std::size_t volume = 0;              // which of the question's, from 0
    Verdict weight = Verdict::conflict;  // what it makes of the answer at least
    view::State state = view::State::in_force;
    view::Flags flags;                    // all that is to be said of its standing
    view::Tier tier = view::Tier::exact;  // of the place that was found
    PartyId party;                        // whose word it is
    Hash leaf;                            // of the entry that says so
    std::uint32_t leg = 0;                // of a movement, its number; 0: it does not move
    bool objects = false;                 // a volume that is objected to, and no protected place
    bool stops = false;                   // and of these, one in which all is to stop
    bool earlier_place = false;           // where it was before a move that is not confirmed
    bool superseded = false;              // an earlier version that still protects
    geo::LatLng at;                       // the middle of its place
    Metres distance;  // between the shapes, 0 if they overlap; buffers are not in it
    Degrees bearing;
    Metres buffer;
    Metres accuracy;
    bool accuracy_stated = false;
    bool buffer_stated = false;
    geo::Window time_overlap;
    geo::Band altitude_overlap;                  // where references differ: the protection's band
    bool altitude_assumed = false;               // references differ, or one side states nothing
    std::optional<PresenceFound> presence = {};  // of an exact area where a group is
    std::string why;
};

/// PROTOCOL 21 to 23. An exact place that is touched is a conflict whatever its flags, but for
/// another party's that is over its budget, and a presence of a group that nobody protects
/// (check/presence.h); a coarse area that is touched is a caution, and wholly inside a volume a
/// conflict. An open objection is a caution, whatever is inside, and an open STOP
/// a conflict: a flood of them hides no place, as they are listed apart, and counted whole. A party
/// whose view is too old, missing or out of joint makes the answer incomplete; one that is marked
/// absent a caution.
struct Answer {
    Verdict verdict = Verdict::incomplete;
    std::vector<Reason> reasons;
    AsOf as_of;
    std::vector<Finding> findings;  // nearest first, at most limits::findings_listed_max
    std::size_t findings_total = 0;
    std::vector<Finding>
        objections;  // and STOPs, touched: the nearest of each party's, as many as
                     // limits::objections_listed_max, and findings_listed_max in all
    std::size_t objections_total = 0;
    std::vector<Finding> nearby;  // outside the plan, within the charter's policy distance
    std::size_t nearby_total = 0;
};

/// Preconditions: the index holds index_items() of every record of the view; volumes are valid.
Answer answer(const view::View& view, const index::Index& index, index::Scratch& scratch,
              const Question& question, const AsOf& as_of, Instant now);

/// What the index must hold for a record: every place that protects at any moment.
std::vector<index::Item> index_items(view::Slot slot, const view::Seen& seen);

/// That absence is not clearance, in one sentence; every answer carries it.
extern const char* const standing_notice;

}  // namespace entente::check
