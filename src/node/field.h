// SPDX-License-Identifier: Apache-2.0
// Field packs (PROTOCOL 29, doc/protocol/field.md): what this register holds around a place, for a
// crew that checks on a device without any line. Sealed to the device, signed with the channel key
// of its party, and logged as a statement of one's own before it is given away. The device trusts
// its party's node, and nothing else; it holds the statements themselves, so that its answers are
// worked out by the same rules.
//
//     TRY(file, make_field_pack(exchange, wish, actor, now, random));    // on the node
//
//     TRY(field, open_field_pack(file, charter_file, party, secret));    // on the device
//     check::Answer a = check_field(field, scratch, question, now, highest_seen);
//
// What the pack does not reach (area, window, margin), or that the device's clock is behind a time
// that it has seen, makes the answer incomplete; and so does age, as everywhere.
#pragma once

#include "node/exchange.h"

namespace entente::node {

constexpr std::size_t field_records_max = 20'000;        // of one field pack
constexpr std::size_t field_lines_max = 100'000;         // entries that one holds
constexpr std::int64_t field_radius_dm_max = 5'000'000;  // 500 km

struct FieldWish {
    std::string device;  // its name, at most statement::device_name_bytes_max
    SealingKey key;
    geo::Circle area;    // at most field_radius_dm_max
    geo::Window window;  // both ends
    Decimetres margin;   // the most that a question on the device may ask for
};

/// Errc::too_large beyond field_records_max or field_lines_max: ask for a smaller area.
/// Errc::refused for a register without other parties: it has no channel key.
Result<Bytes> make_field_pack(Exchange& exchange, const FieldWish& wish, const std::string& actor,
                              Instant now, const Random& random);

/// An opened pack. Read by any number of threads.
struct Field {
    FieldWish given;           // what it was made for
    Instant made;              // by the clock of the node
    std::size_t unplaced = 0;  // entries that may protect something and show no place
    registry::Snapshot snapshot;
    index::Index index;
    check::AsOf as_of;
};

/// Errc::refused for a pack of another party, charter or version of it, or for another device;
/// bad_signature for one that the party's channel key did not sign.
Result<Field> open_field_pack(BytesView file, std::string_view charter_file, const PartyId& party,
                              const SealingSecret& device);

/// `now` is the device's clock, `highest_seen` the highest time that it has ever had or been told.
check::Answer check_field(const Field& field, index::Scratch& scratch,
                          const check::Question& question, Instant now, Instant highest_seen);

/// By what name a pack calls a device: `device-` and 16 base32 characters of its key's hash.
PartyId device_id(const SealingKey& key);

}  // namespace entente::node
