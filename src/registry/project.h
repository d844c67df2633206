// SPDX-License-Identifier: Apache-2.0
// What of one party's own records another one has been given, as a snapshot of its own: it is made
// of what was released and of nothing else, so whoever reads it cannot be shown more.
#pragma once

#include <map>

#include "registry/snapshot.h"

namespace entente::registry {

/// By the leaf hash of an entry: slots released, as bits (bit 0 the head, 1 coarse, 2 exact), and
/// taken_back_bit where others of it were recalled and are gone.
using Released = std::map<Hash, std::uint8_t>;
constexpr std::uint8_t taken_back_bit = 1u << 7;

/// As the reader's register has it: versions that were not released are not there, a place that was
/// released coarse is its coarse area, and where a newer version is withheld that shows.
Snapshot project(const Snapshot& own, const PartyId& reader, const Released& released);

}  // namespace entente::registry
