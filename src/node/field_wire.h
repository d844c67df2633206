// SPDX-License-Identifier: Apache-2.0
// What lies in a field pack, under which path (doc/protocol/field.md): what it is for and rests on,
// as one canonical object, and the entries with their bodies, as lines. Form and limits only.
// Internal to field packs.
#pragma once

#include "node/field.h"

namespace entente::node {

inline const std::string field_path = "/field/v1/about";
inline const std::string field_entries_path = "/field/v1/entries/";  // then a number from 0

/// A log that entries come from; the first is the party's own.
struct FieldLog {
    Origin origin;
    PartyId party;
    std::vector<registry::Finality::Step> finality;
    std::optional<TreeSize> forked;
    bool operator==(const FieldLog&) const = default;
};

struct FieldAbout {
    FieldWish given;
    Instant made;
    std::size_t unplaced = 0;
    check::AsOf as_of;
    std::vector<FieldLog> logs;
};

Bytes encode_field_about(const FieldAbout& about);
Result<FieldAbout> decode_field_about(BytesView bytes);

struct FieldEntry {
    registry::LogNumber log = 0;  // place among FieldAbout::logs
    EntryIndex index;
    Bytes entry;
    seal::Bodies bodies;  // those that are open
};

/// Precondition: neither the entry nor a body holds a newline; no canonical bytes do.
void append_field_entry(Bytes& out, const FieldEntry& entry);
Result<std::vector<FieldEntry>> parse_field_entries(BytesView bytes);

}  // namespace entente::node
