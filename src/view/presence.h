// SPDX-License-Identifier: Apache-2.0
// What the parties' positions say of one group at the moments of a plan: what decides whether a
// presence of it is a conflict (check/presence.h). As standings() has it for now, but by the few
// statements that name the group instead of all, and with what cannot be read here.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "view/statement.h"

namespace entente::view {

/// What one position record says of a group.
struct GroupWord {
    PartyId party;
    RecordId id;
    Hash leaf;  // of its newest version
    /// What its newest version says now; no_position where it says nothing of the group any more.
    statement::Stand stand = statement::Stand::no_position;
    bool speaks = false;  // its newest version is on the group, and not withdrawn
    /// And on the very record that was asked for, or on one that its party itself says to be the
    /// same: what others say to be one makes nobody speak.
    bool meant = false;
    bool protects = false;  // it, or an earlier word of it that goes on, at some moment asked about
    bool operator==(const GroupWord&) const = default;
};

struct GroupStands {
    std::vector<RecordId> groups;  // records that mean this group, the one asked for among them
    /// Each once: those of the record asked for, then those that this party's own records of the
    /// group have. What others call it names nothing.
    std::vector<std::string> names;
    std::vector<GroupWord> words;  // by party, then by id
    bool known = false;            // the record asked for is here, and says that it is a group
    bool unread = false;  // more was said of it than can be read here, or than is looked at

    bool is_protected() const;
    /// Whether this party holds a position, whichever, and meant this group by it.
    bool speaks(const PartyId& party) const;
    /// Whether one party protects it and another says that it does not.
    bool differ() const;
};

/// Whether what a position says in this version counts now. What has not begun has not been said
/// yet; nor does it relax what was said after its log forked (PROTOCOL 25).
bool acts(const statement::Position& said, const registry::DealingVersion& version,
          const registry::LogState& log, Instant now);

/// Records that are looked at for one group; beyond them it is not known what is said of it.
constexpr std::size_t groups_of_one_max = 256;

/// What has just come, to tell what it changes: versions by number, and dealings of which it is
/// that their log has more of them than was released.
struct Unheard {
    std::set<std::pair<DealingSlot, std::uint32_t>> versions;
    std::set<DealingSlot> withheld;
};

/// Of the group of this record, at `now` and at any moment from `earliest` on; as it was without
/// what is `unheard`.
GroupStands group_stands(const registry::Snapshot& snapshot, const RecordId& group, Instant now,
                         Instant earliest, const Unheard& unheard = {});

/// Groups that a dealing is, or that it takes or took a position on, with all that mean the same.
std::set<RecordId> groups_by(const registry::Snapshot& snapshot, DealingSlot slot);
/// Presences of one of these groups, by any of their versions, ascending.
std::vector<registry::Slot> presences_of(const registry::Snapshot& snapshot,
                                         const std::set<RecordId>& groups);

}  // namespace entente::view
