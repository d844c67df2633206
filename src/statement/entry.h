// SPDX-License-Identifier: Apache-2.0
// A log entry (PROTOCOL 1): sealed (`{"c":[D1,D2,D3],"tag":T,"v":1}`, three commitments and a tag,
// always of one size) or open (a kind that has nothing to hide). Also the ids that tie sealed
// entries to records (PROTOCOL 4).
#pragma once

#include <array>
#include <string>
#include <variant>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"
#include "statement/canon.h"

namespace entente::statement {

/// The three bodies of a sealed entry, by position in `c`; on the wire slots count from 1.
enum class Slot : std::uint8_t { head = 0, coarse = 1, exact = 2 };
constexpr std::size_t slot_count = 3;

struct SealedEntry {
    std::array<Hash, slot_count> commitments;
    Hash tag;
    bool operator==(const SealedEntry&) const = default;
};

/// beat, charter, key, fork, leave; kept as it came, whatever its version.
struct OpenEntry {
    std::string kind;
    canon::Object fields;
    bool operator==(const OpenEntry&) const = default;
};

using Entry = std::variant<SealedEntry, OpenEntry>;

Bytes encode_entry(const SealedEntry& entry);
/// Precondition: `fields` holds neither "kind" nor "v".
Bytes encode_entry(const OpenEntry& entry);
/// An entry that does not decode is void but stays in the log (PROTOCOL 16).
Result<Entry> decode_entry(BytesView bytes);

RecordId record_id(const Origin& origin, const Hash& secret);
/// Versions count from 1.
Hash version_tag(const Hash& secret, std::uint32_t version);

}  // namespace entente::statement
