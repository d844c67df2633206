// SPDX-License-Identifier: Apache-2.0
// A beat (PROTOCOL 10, 27): the open entry by which a log shows that its party lives, with one
// blinded slot for each other party, and at intervals the others' newest heads. What a slot hides
// and how it is blinded is made elsewhere; here it is 32 bytes.
//
//     const Bytes entry = encode_beat({now, slots, heads});
//     TRY(beat, decode_beat(open_entry));
//
// On the wire a party's id is a key of an object: its '-' is written '_', which no id holds.
#pragma once

#include <map>

#include "base/time.h"
#include "statement/entry.h"

namespace entente::statement {

/// Size and root of somebody's log.
struct LogHead {
    TreeSize size;
    Hash root;
    bool operator==(const LogHead&) const = default;
};

struct Beat {
    Instant time;                      // the author's claim
    std::map<PartyId, Hash> slots;     // one for each other party, used or not
    std::map<PartyId, LogHead> heads;  // absent where empty
    bool operator==(const Beat&) const = default;
};

constexpr const char* beat_kind = "beat";

/// The canonical entry. Precondition: at most parties_max of each, sizes up to 2^53-1. It may be
/// larger than an entry may be: move heads into the next beat until it fits (beat_fits).
Bytes encode_beat(const Beat& beat);
bool beat_fits(const Beat& beat);
/// Form and limits; whether the slots are those of the charter's parties is the reader's to judge.
/// Members that are not known are passed over.
Result<Beat> decode_beat(const OpenEntry& entry);

/// `{"root":…,"size":…}`, as in beats, receipts and key entries.
canon::Object encode_log_head(const LogHead& head);
Result<LogHead> decode_log_head(const canon::Object& object);

}  // namespace entente::statement
