// SPDX-License-Identifier: Apache-2.0
// An index over everything in a snapshot. Under a second for 1,000,000 points.
#pragma once

#include "index/index.h"
#include "registry/snapshot.h"
#include "view/statement.h"

namespace entente::node {

index::Index index_of(const registry::Snapshot& all);
/// The same over its activities: the slots are those of dealings.
index::Index activities_of(const registry::Snapshot& all);
/// The same over incidents: where and when they were, as far as it is open here.
index::Index incidents_of(const registry::Snapshot& all);
/// What that holds for one dealing: nothing for what is no incident, and for one that is withdrawn.
std::vector<index::Item> incident_items(registry::DealingSlot slot,
                                        const view::SeenStatement& seen);

}  // namespace entente::node
