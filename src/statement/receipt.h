// SPDX-License-Identifier: Apache-2.0
// The exact body of a receipt (PROTOCOL 11, doc/protocol/exchange.md): a step of the ladder from
// "offered" to "confirmed by the unit", for all that was released up to a size of a list, or for
// single statements. A receipt protects nothing; its entry uses slots 1 and 3, and it is version 1
// of a record of its own.
//
//     TRYV(validate(receipt));                       // before it is said
//     const Bytes body = encode_receipt(receipt);
//     TRY(read, decode_receipt(bytes));
#pragma once

#include <optional>

#include "statement/beat.h"
#include "statement/body.h"

namespace entente::statement {

constexpr const char* receipt_kind = "receipt";

/// In order upward; `refused` stands beside them. The words are on the wire and never change.
enum class Rung : std::uint8_t {
    offered,
    received,
    opened,
    read_back,
    loaded,
    passed,
    confirmed,
    refused,
};
constexpr std::size_t rung_count = 8;
const char* name(Rung rung);
/// An unknown one is an error that lists the known ones.
Result<Rung> parse_rung(std::string_view text);

/// What the receiver's own decoding of one statement came to; the sender compares.
struct ReadBack {
    Hash entry;           // leaf hash of the statement
    Hash body;            // SHA-256 of the exact body
    geo::LatLng at;       // the point that a person would be shown
    std::string near;     // the nearest named place, with
    Decimetres distance;  // how far `at` is from it, and
    int bearing = 0;      // in which direction from it, whole degrees from true north, 0 to 359
    bool operator==(const ReadBack&) const = default;
};
/// "4.3 km SW of Damascus, SY"; empty where no place is named.
std::string near_text(const ReadBack& read);

/// That a sealed parcel to a third party waits here (PROTOCOL 11): the receipt's `list` is then of
/// the releases to that party, `received` says since when, `passed` when that party fetched it.
struct HeldFor {
    PartyId recipient;
    Instant at;
    Hash hash;  // SHA-256 of what is held
    bool operator==(const HeldFor&) const = default;
};

struct Receipt {
    BodyKeys keys;
    PartyId to;  // whose releases are acknowledged
    Rung rung = Rung::received;
    std::optional<LogHead> list;         // what was held of its list: for all of it, but for
    std::vector<EntryIndex> exceptions;  // these entries of its log, ascending
    std::vector<Hash> entries;           // leaf hashes: then for these statements only
    std::string unit;                    // the role it was passed to, or that confirmed
    std::string voice;                   // who passed the word, where it came by voice
    std::string reason;                  // of a refusal, or of what is missing
    std::vector<ReadBack> read_back;
    std::optional<HeldFor> held;
    bool operator==(const Receipt&) const = default;
};

/// Whether it may be said: texts and counts within limits, a list or entries, a unit with `passed`
/// and `confirmed`, a reason with `refused`, and all of it within a body's size.
Result<void> validate(const Receipt& receipt);

Bytes encode_receipt(const Receipt& receipt);
/// Form and limits. Members that are not known are passed over.
Result<Receipt> decode_receipt(BytesView bytes);

}  // namespace entente::statement
