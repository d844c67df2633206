// SPDX-License-Identifier: Apache-2.0
// What others replied to an activity, a challenge, a message, an objection or a STOP. Points into
// the snapshot.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "registry/snapshot.h"

namespace entente::view {

using registry::DealingSlot;

/// What another party, or this one's own node, said of it.
struct SeenReply {
    PartyId party;
    Hash leaf;  // of the entry that says it
    Instant time;
    std::string actor;
    const statement::Reply* reply;
    bool newest;  // it is about the newest version
};

/// What was replied to any version of a record, in order of the times that the replies claim.
/// `newest`: leaf hashes of the version that counts.
std::vector<SeenReply> replies_to(const registry::Snapshot& snapshot, const RecordId& record,
                                  std::span<const Hash> newest);
/// The same of a dealing.
std::vector<SeenReply> replies_to(const registry::Snapshot& snapshot,
                                  const registry::Dealing& dealing);

/// Whether one of its versions says that it is of this kind: else a record of two kinds would be
/// one that nobody can look at.
bool is_of_kind(const registry::Dealing& dealing, const char* kind);

}  // namespace entente::view
