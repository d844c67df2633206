// SPDX-License-Identifier: Apache-2.0
// A record: all versions of one protection that its author's log holds, and for each how long its
// places go on protecting. Restraint is immediate, relaxation is slow (PROTOCOL 15): a version that
// protects at least as much replaces the earlier one at once, any other only later, and until then
// old and new both protect. Plain values without `now`: whoever asks brings the moment.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "registry/understand.h"
#include "statement/charter.h"

namespace entente::registry {

/// When an earlier place stops protecting. `at_once` and `never` are the ends of the scale, so that
/// "still protects at t" is always `t < until`.
constexpr Instant at_once = Instant::min();
constexpr Instant never = Instant::max();

/// A place with its reach worked out from the charter (PROTOCOL 21: an absent buffer or accuracy is
/// the class's default). The shape is valid: a stranger's invalid one has become its padded box.
struct Reached {
    geo::Place place;
    Metres buffer;
    Metres accuracy;
    Metres reach() const { return buffer + accuracy; }
    bool operator==(const Reached&) const = default;
};

struct Version {
    std::uint32_t number = 1;
    Position position;
    Instant time;  // the author's claim
    std::string act;
    std::string actor;
    bool withdraws = false;
    bool understood = true;  // false: kind or version unknown here; protects all the same
    bool approved = false;   // enough officers, or the root, signed it
    std::shared_ptr<const Content> content;  // absent on a withdrawal or where only coarse is open
    std::vector<Reached> places;
    Instant acts = at_once;  // as a relaxation: when; `never` without the needed signatures
    Instant until = never;   // when its own places stop protecting
    bool coarse_only = false;
};

struct Record {
    RecordId id;
    PartyId party;
    Hash secret;
    std::vector<Version> versions;  // by position in the log

    const Version& newest() const { return versions.back(); }
    /// The newest content that was stated, which a withdrawal leaves readable.
    const Content* content() const;
};

/// Who may sign relaxations of this log, from its root-signed key entries (PROTOCOL 7).
struct Authority {
    PublicKey root;
    int officers_needed = 1;
    struct Officer {
        PublicKey key;
        std::uint64_t from = 0;  // first entry index it may approve, always after its key entry
    };
    std::vector<Officer> officers;

    bool root_approves(const Understood& u) const;
    bool officers_approve(const Understood& u) const;
};

/// Places of a version with their reach. Precondition: u.head. A shape without any point is no
/// place: then there are fewer than places_stated().
std::vector<Reached> reached(const Understood& u, const statement::CharterTerms& terms);

std::size_t places_stated(const Understood& u);

/// Whether `now`'s places surely protect all that `old`'s do.
bool covers(const std::vector<Reached>& now, const std::vector<Reached>& old);

/// The record with one more version at its place in log order; every `until` worked out anew.
Record with_version(const Record& record, Version version);

}  // namespace entente::registry
