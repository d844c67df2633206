// SPDX-License-Identifier: Apache-2.0
// An evidence file (DESIGN 6; doc/protocol/evidence.md): of the logs that matter for one record a
// head each, the entries, what of their bodies the holder shows, opened slots of beats, and
// releases under them. Form and limits are checked here; what it proves is verify.h's.
//
//     entente/evidence/v1 <base64 SHA-256 of all that follows this line>
//     {"at":…,"author":…,"by":…,"charter":{…},"logs":[…],"record":…}
//
//     Bytes bytes = format_file(file);
//     TRY(file, parse_file(bytes));           // format_file gives the same bytes again
#pragma once

#include <vector>

#include "base/time.h"
#include "seal/slot.h"
#include "statement/entry.h"
#include "tlog/merkle.h"

namespace entente::evidence {

/// A body with the salt that opens its commitment.
struct ShownBody {
    statement::Slot slot = statement::Slot::head;
    Hash salt;
    Bytes body;
    bool operator==(const ShownBody&) const = default;
};

/// An earlier state of a list or log, and how the later one grows out of it.
struct Earlier {
    TreeSize size;
    Hash root;
    tlog::Proof growth;
    bool operator==(const Earlier&) const = default;
};

/// An earlier head of a log, with what others signed over it. Of its own log it needs no signature:
/// the later head has it inside.
struct EarlierHead {
    Earlier head;
    Bytes lines;  // cosignature lines as a note has them; empty where it is only quoted
    bool operator==(const EarlierHead&) const = default;
};

/// One release under the list of an opened slot.
struct ShownRelease {
    std::uint64_t number = 0;
    Bytes leaf;
    tlog::Proof proof;
    bool operator==(const ShownRelease&) const = default;
};

/// A beat's slot for one party, opened.
struct OpenedSlot {
    PartyId party;
    seal::SlotOpening opening;
    std::vector<Earlier> lists;  // earlier states of the list that the slot says was released
    std::vector<ShownRelease> releases;
    bool operator==(const OpenedSlot&) const = default;
};

struct ShownEntry {
    EntryIndex index;
    Bytes entry;
    tlog::Proof proof;  // under the log's head
    std::vector<ShownBody> bodies;
    std::vector<OpenedSlot> slots;
    bool operator==(const ShownEntry&) const = default;
};

struct ShownLog {
    Origin origin;
    Bytes head;  // a note: signed by the log, and cosigned
    std::vector<EarlierHead> earlier;
    std::vector<ShownEntry> entries;
    bool operator==(const ShownLog&) const = default;
};

struct File {
    std::string charter;  // its id
    Hash charter_hash;
    RecordId record;
    Origin author;  // of the record
    PartyId by;     // who made the file, and when: nobody signs that
    Instant at;
    std::vector<ShownLog> logs;
    bool operator==(const File&) const = default;
};

/// The one form. Preconditions: lists are in order (logs by origin, heads and lists by size,
/// entries by index, slots by party, releases by number, bodies by slot), texts are UTF-8.
Bytes format_file(const File& file);
/// Errc::bad_proof where the first line's hash is not that of the rest: a byte was changed.
Result<File> parse_file(BytesView bytes);

}  // namespace entente::evidence
