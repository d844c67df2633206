// SPDX-License-Identifier: Apache-2.0
// What one register makes of all that the parties know, as a text: two that hold the same say the
// same, whatever the order in which it arrived.
#pragma once

#include <string>
#include <vector>

#include "registry/snapshot.h"

namespace entente::sim {

/// Whether the moments from which relaxations act are in it. They are each node's own: by those
/// cosignatures that it has heard (PROTOCOL 16).
enum class Ends : std::uint8_t { told, left_out };

/// The joins of these incidents with their time lines, how many lines corroborate each, and where
/// the parties stand. An incident that is not open there is left out.
std::string in_words(const registry::Snapshot& snapshot, const std::vector<RecordId>& incidents,
                     Instant now, Ends ends);

}  // namespace entente::sim
