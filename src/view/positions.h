// SPDX-License-Identifier: Apache-2.0
// Where the parties stand: groups and points of the charter by parties, each party's own word
// beside the others', with who has not spoken (DESIGN 3). Nothing is averaged and nobody overruled.
//
// A group is protected as soon as one party of the charter says so; what a party says later to
// protect it no more is a relaxation (PROTOCOL 15), which does not act here before its own `until`.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "view/statement.h"

namespace entente::view {

/// What one party says of one group or point.
struct Stands {
    RecordId id;
    Hash leaf;
    Instant time;
    statement::Stand
        stand;  // of its newest version that can be read here; no_position if withdrawn
    /// An earlier word of it that protects goes on: what ends that waits.
    bool protects_still = false;
    bool newer_withheld = false;  // its log has a later word of it that was not released here
    /// Whether it counts now: it has begun, and does not stand behind a fork (acts()). One that
    /// does not is no word of its party yet, save that what protects does at once.
    bool acts = true;
    const statement::Position* said;  // null where it is withdrawn
};

/// Whether the parties that hold a position hold the same. Who says that it has none holds none.
enum class Accord : std::uint8_t { nobody, one, agree, differ };
const char* name(Accord accord);

struct Standing {
    std::vector<RecordId> groups;  // records of one group, in order of id; empty for a point
    /// Of the group: the first that this party's own records of it have, else any; or the point.
    std::string name;
    bool of_charter = false;  // a point that the charter in force has
    std::map<PartyId, std::vector<Stands>>
        by_party;                 // more than one where a party contradicts itself
    std::vector<PartyId> silent;  // parties of the charter that have not spoken yet
    Accord accord = Accord::nobody;
    bool is_protected = false;  // by any party; of a group
};

/// Groups that may be seen here, in order of their first record, each once however many records
/// name it (`same`); then points of the charter, and others that somebody took a position on.
std::vector<Standing> standings(const registry::Snapshot& snapshot, Instant now);

/// Of the group that this record is of, where it or a position on it may be seen here.
std::optional<Standing> standing_of(const registry::Snapshot& snapshot, const RecordId& group,
                                    Instant now);

}  // namespace entente::view
