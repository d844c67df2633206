// SPDX-License-Identifier: Apache-2.0
// What a node lacks that was put back to an earlier time and has fetched its own log again from the
// others' copies (PROTOCOL 26): the entries are there, and what stood beside them is not. Two small
// values of Store::local, written in the transaction that brought the entries.
#pragma once

#include "base/ids.h"
#include "node/ports.h"

namespace entente::node {

/// Entries [begin, end) of one's own log whose bodies are in no copy of it.
struct EntryRange {
    EntryIndex begin;
    EntryIndex end;
    bool operator==(const EntryRange&) const = default;
};
using LostBodies = std::vector<EntryRange>;  // ascending, apart from each other

constexpr const char* lost_bodies_name = "own/lost_bodies";
Bytes format_lost(const LostBodies& lost);
Result<LostBodies> parse_lost(BytesView text);
/// `name`: own_row() of lost_bodies_name (succession.h).
Result<LostBodies> read_lost(Store& store, const std::string& name);
bool is_lost(const LostBodies& lost, EntryIndex entry);

/// Not empty: what was released since the backup is not known here; recipients know.
constexpr const char* lost_lists_name = "own/lost_lists";

}  // namespace entente::node
