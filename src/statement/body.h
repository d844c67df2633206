// SPDX-License-Identifier: Apache-2.0
// The bodies of a sealed entry (PROTOCOL 1 to 4): head (who, what kind, which record and version,
// the record's secret, approvals), coarse (class, contact desk and an area that covers the place)
// and exact (everything). Each carries the keys that tie it to its entry, so that nothing can be
// copied or replayed elsewhere.
//
// encode_* writes canonical bytes; decode_* reads a log's bytes: form and limits are checked,
// unknown members are passed over (they stay in the bytes), geometry is not judged.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "statement/entry.h"
#include "statement/protection.h"

namespace entente::statement {

/// What every body of one version repeats: `charter`, `origin`, `record`, `version`.
struct BodyKeys {
    std::string charter;  // the charter's id
    Origin origin;
    RecordId record;
    std::uint32_t version = 1;
    bool operator==(const BodyKeys&) const = default;
};

/// An officer's or the root's signature over seal::approval_message.
struct Approval {
    Bytes key;        // Ed25519 public key, 32 bytes
    Bytes signature;  // 64 bytes
    bool operator==(const Approval&) const = default;
};

/// What a version does to its record. A reader may meet others; they are kept as text.
namespace act {
constexpr const char* add = "add";
constexpr const char* amend = "amend";
constexpr const char* confirm = "confirm";            // a new reconfirm-by date
constexpr const char* confirm_move = "confirm_move";  // ends the earlier places
constexpr const char* withdraw = "withdraw";
// Of a movement, beside add and amend:
constexpr const char* start = "start";    // a leg has set out
constexpr const char* end = "end";        // a leg has ended, or the last of them: then all has
constexpr const char* cancel = "cancel";  // of all that is left
// Of an objection or a STOP, beside add and amend:
constexpr const char* lift = "lift";
}  // namespace act

struct Head {
    BodyKeys keys;
    std::string kind;  // protection_kind, movement_kind, objection_kind, stop_kind …
    std::string act;
    bool protects = true;
    Hash secret;                          // the record's
    std::array<bool, slot_count> used{};  // which commitments hold a body
    std::optional<Hash> follows;          // leaf hash of the version before; absent in version 1
    Instant time;                         // the author's claim
    std::string actor;                    // who typed it
    std::string label;                    // canonical bytes of one (label.h), or none
    std::vector<Approval> approvals;
    /// The record, of another log, that this one states once more under an id of its own: after
    /// joining, to adopt what a leaver protected, in a successor log (PROTOCOL 8). In version 1
    /// only.
    std::optional<RecordId> was = {};
    bool operator==(const Head&) const = default;
};

struct Coarse {
    BodyKeys keys;
    std::string protection_class;  // text: a reader may not know it yet
    std::string contact;
    std::vector<geo::Place> where;
    bool operator==(const Coarse&) const = default;
};

/// The opening of the coarse body's commitment: with the exact body's own members it yields the
/// coarse body's bytes, so that who has the exact one can verify that the coarse one covers it.
struct CoarseOpening {
    Hash salt;
    std::vector<geo::Place> where;
    bool operator==(const CoarseOpening&) const = default;
};

struct Exact {
    BodyKeys keys;
    Protection protection;
    CoarseOpening coarse;
    bool operator==(const Exact&) const = default;
};

Bytes encode_head(const Head& head);
/// The bytes that approvals sign the hash of: the head without `approvals`.
Bytes encode_head_unapproved(const Head& head);
/// The same from a log's bytes, where members that are not known here are signed too.
Result<Bytes> unapproved_head(BytesView head);
Result<Head> decode_head(BytesView bytes);

Bytes encode_coarse(const Coarse& coarse);
Result<Coarse> decode_coarse(BytesView bytes);
/// The coarse body that `exact` opens.
Coarse coarse_of(const Exact& exact);

Bytes encode_exact(const Exact& exact);
/// Errc::malformed also for a class this version does not know: see decode_unknown.
Result<Exact> decode_exact(BytesView bytes);

/// What a shape body of a kind or version that is not understood still says: its keys and `where`.
struct NotUnderstood {
    BodyKeys keys;
    std::vector<geo::Place> where;
};
Result<NotUnderstood> decode_unknown(BytesView bytes, Slot slot);

/// Whether a protection may be stated: limits on texts and counts, known or x_* text fields, valid
/// geometry. Everything that a person or an import makes passes here (PROTOCOL 3: unknown keys are
/// refused when one makes a statement).
Result<void> validate(const Protection& protection);

/// The content alone, canonical: equal bytes mean that nothing was changed.
Bytes content(const Protection& protection);

}  // namespace entente::statement
