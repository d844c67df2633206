// SPDX-License-Identifier: Apache-2.0
// The blinded slots of a beat (PROTOCOL 10; doc/protocol/exchange.md, "Beats"): one 32-byte value
// for each other party, which only author and party can tell apart from chance, until one of them
// opens it to somebody else. Not the beat, and not trust in what it says.
//
//     Hash salt = slot_salt(own_secret.agree(their_key), author, beat);    // both sides
//     Hash slot = slot_hash(salt, format_slot(content));
//     TRY(content, open_slot(slot, {salt, bytes}));                        // anybody
#pragma once

#include "base/ed25519.h"
#include "base/ids.h"

namespace entente::seal {

/// How far one list of releases goes.
struct ListHead {
    TreeSize size;
    Hash root;  // of an empty list: SHA-256 of nothing
    bool operator==(const ListHead&) const = default;
    static ListHead empty();
};

/// What an author says to one party.
struct SlotContent {
    ListHead released = ListHead::empty();      // the author's releases to it
    ListHead acknowledged = ListHead::empty();  // of its releases to the author
    std::string rung = "offered";               // the highest that all of these have reached
    bool operator==(const SlotContent&) const = default;
};

/// "<released> <root>\n<acknowledged> <root> <rung>\n"
Bytes format_slot(const SlotContent& content);
/// Only what format_slot makes, within limits::slot_content_bytes_max: sizes below 2^63, the empty
/// root exactly at size 0, and a rung of 1 to 32 of a-z and '_' (which words there are is known to
/// those who read receipts).
Result<SlotContent> parse_slot(BytesView text);

/// SHA-256("entente/slot-salt/v1\n" || shared || author || beat as 8 bytes big-endian).
Hash slot_salt(const Secret& shared, const Origin& author, EntryIndex beat);
/// SHA-256("entente/slot/v1\n" || salt || content).
Hash slot_hash(const Hash& salt, BytesView content);

/// What is shown of a slot to somebody else; never the shared secret.
struct SlotOpening {
    Hash salt;
    Bytes content;
    bool operator==(const SlotOpening&) const = default;
};
/// Errc::bad_proof if it is not this slot's.
Result<SlotContent> open_slot(const Hash& slot, const SlotOpening& opening);

}  // namespace entente::seal
