// SPDX-License-Identifier: Apache-2.0
// What a recall takes away of what had been said of groups (PROTOCOL 12, 17): a presence that was
// none may be a conflict by that, for nobody's word protects less than silence does. Afterwards it
// is known no more what was said, so what it was to the presences is noted before, durably with the
// recall, until who is alarmed by it was told. Pure.
#pragma once

#include <vector>

#include "view/view.h"

namespace entente::node {

/// Of one entry of which the body was destroyed or closed.
struct Forgotten {
    Origin origin;
    registry::Position entry;
    std::vector<RecordId> cautions;  // presences that were no conflict before
    bool operator==(const Forgotten&) const = default;
};

/// The row of Store::local with those of which nobody was told yet. A presence stands in it once.
constexpr const char* forgotten_name = "notices/forgotten";
/// Adds what is new of it; whether anything is.
bool add_forgotten(std::vector<Forgotten>& all, Forgotten what);
Bytes encode_forgotten(const std::vector<Forgotten>& all);
/// An empty row: none.
Result<std::vector<Forgotten>> decode_forgotten(BytesView bytes);

struct Forgetting {
    Forgotten what;
    std::vector<registry::Slot> presences;  // of the groups that it was about
};

/// What is known of this version, before it is forgotten.
Forgetting before_forgetting(const registry::Snapshot& snapshot, registry::DealingSlot dealing,
                             const registry::Position& entry, Instant now);

/// What the versions of a record say of presences, as far as they may protect still.
std::vector<const statement::Presence*> presences_said(const registry::Record& record,
                                                       const registry::LogState& log, Instant now);
/// Whether one of the record's presences is a conflict now; as it was without what is `unheard`.
bool is_conflict(const registry::Snapshot& snapshot, registry::Slot presence, Instant now,
                 const view::Unheard& unheard = {});

}  // namespace entente::node
