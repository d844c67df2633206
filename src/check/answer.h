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

#include <string>
#include <vector>

#include "index/index.h"
#include "view/view.h"

namespace entente::check {

/// Changes whenever equal inputs could give another answer; cited by every answer.
constexpr const char* rules_version = "entente/rules/1";

/// In order of weight: the greater one wins (PROTOCOL 21).
enum class Verdict : std::uint8_t { no_registered_conflict, caution, incomplete, conflict };
const char* name(Verdict verdict);

struct Question {
    std::vector<geo::Volume4D> volumes;  // valid (geo/valid.h), at least one
    Metres margin{0};
};

/// What the answer rests on.
struct AsOf {
    PartyId party;
    Origin origin;
    TreeSize size;
    Hash root;
    Duration age{0};  // of one's own log always 0 (PROTOCOL 8)
    Hash charter;
    Instant asked_at;  // the moment that the answer is for
};

/// Why the verdict is no better; all reasons are always listed.
struct Reason {
    Verdict weight;
    std::string code;  // for programs: touches, touches_not_understood, unplaced_entries, nearby
    std::string text;  // for people
    std::size_t count = 0;  // of what the reason speaks
};

/// A protection that the plan touches, or that lies within the policy distance of it.
struct Finding {
    view::Slot slot = 0;
    RecordId id;
    std::size_t volume = 0;  // which of the question's, from 0
    view::State state = view::State::in_force;
    bool earlier_place = false;  // where it was before a move that is not confirmed
    bool superseded = false;     // an earlier version that still protects
    geo::LatLng at;              // the middle of its place
    Metres distance;             // between the shapes, 0 if they overlap; buffers are not in it
    Degrees bearing;
    Metres buffer;
    Metres accuracy;
    bool accuracy_stated = false;
    bool buffer_stated = false;
    geo::Window time_overlap;
    geo::Band altitude_overlap;     // where references differ: the protection's band
    bool altitude_assumed = false;  // references differ, or one side states nothing
    std::string why;
};

struct Answer {
    Verdict verdict = Verdict::incomplete;
    std::vector<Reason> reasons;
    AsOf as_of;
    std::vector<Finding> findings;  // nearest first, at most limits::findings_listed_max
    std::size_t findings_total = 0;
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
