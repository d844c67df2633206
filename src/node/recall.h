// SPDX-License-Identifier: Apache-2.0
// Recalls as a node keeps them (PROTOCOL 12): those that it made and what came of them, those that
// it was sent, and what people have said must be kept. Plain values; exchange_recall.cc acts.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "statement/recall.h"

namespace entente::node {

/// What somebody wants back.
struct RecallWish {
    std::vector<RecordId> records;  // one's own
    PartyId from;
    bool coarse = false;  // leave or give the coarse area instead of the exact one
    std::string reason;
    std::string actor = "node";
};

/// A recall that was made, and the answer.
struct MadeRecall {
    RecordId of;
    Instant time;
    std::optional<Hash> answered;  // leaf hash of the purge, in the other's log
    statement::Outcome worst = statement::Outcome::purged;  // of all its versions
    std::string reason;
    std::uint8_t slots = 0;  // that it names, as bits
    std::vector<Hash> gone;  // entries of which it destroyed them, or shows them no more
    bool operator==(const MadeRecall&) const = default;
};

/// One line of `peer status` about it.
struct RecallState {
    RecordId record;
    Instant said;
    std::string outcome;  // awaited, purged, held, refused
    std::string reason;
    std::optional<Hash> answered;
};

/// Why a person says that bodies must not be destroyed.
struct Hold {
    std::string cause;  // incident, dispute, activity; or refusal, which keeps them in use
    std::string text;   // what it is, for the author of the recall
    bool operator==(const Hold&) const = default;
};
/// Errc::malformed for another cause, a text that is missing or no single line.
Result<void> validate(const Hold& hold);

/// The rows of Store::local.
std::string hold_name(const RecordId& record);
Bytes format_hold(const Hold& hold);
/// Nothing of an empty row: it was lifted.
Result<std::optional<Hold>> parse_hold(BytesView bytes);

}  // namespace entente::node
