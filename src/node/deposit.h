// SPDX-License-Identifier: Apache-2.0
// Parcels that wait at a third party (PROTOCOL 11; doc/protocol/exchange.md, "Deposits"): what an
// author could not bring to a recipient within the charter's time lies, sealed to the recipient,
// with another party, which signs since when it holds it and when it was fetched. Plain state; the
// exchange changes it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "registry/understand.h"
#include "statement/receipt.h"

namespace entente::node {

/// Author and recipient.
using Pair = std::pair<PartyId, PartyId>;

/// What a recipient has not acknowledged in time, and with whom it may wait: one party at first, so
/// that few learn of it, and one more each time the charter's time has passed again.
struct Waiting {
    TreeSize from;  // what it acknowledged
    Instant since;
    std::set<PartyId> keepers;
};

/// A parcel that this node holds for somebody. The bytes lie in the store.
struct HeldParcel {
    TreeSize listed;          // how many releases its author spoke of when it was fetched
    statement::LogHead list;  // up to where the parcel leads, by its context
    Hash hash;                // SHA-256 of the whole frame
    std::uint64_t bytes = 0;
    Instant held;
    std::optional<Instant> fetched;
    bool said_held = false;  // in one's own log
    bool said_fetched = false;
    bool operator==(const HeldParcel&) const = default;
};

/// All of them together, at most. What passes it is not taken; nothing that is held goes for it.
constexpr std::uint64_t held_bytes_max = 256u * 1024 * 1024;

/// A receipt of a third party for a parcel of ours.
struct CustodyWord {
    bool fetched = false;  // else that it is held
    TreeSize list;         // up to where the parcel leads
    registry::Position at;
    bool operator==(const CustodyWord&) const = default;
};

/// What a third party has signed about parcels of ours.
struct Custody {
    PartyId with;
    PartyId recipient;
    statement::LogHead list;
    Hash hash;
    Instant held;
    std::optional<Instant> fetched;
    Hash leaf;                       // of the newest of its receipts, in its log
    std::vector<CustodyWord> words;  // as they came, those that lead farther than before
    bool operator==(const Custody&) const = default;
};

Bytes format_held(const HeldParcel& parcel);
Result<HeldParcel> parse_held(BytesView text);

/// `entente/deposits/v1\n`, then per recipient `<party> <size>\n`: to whom something waits, and how
/// much was released to it.
Bytes format_deposits(const std::map<PartyId, TreeSize>& waiting);
Result<std::map<PartyId, TreeSize>> parse_deposits(BytesView text);
constexpr std::size_t deposits_bytes_max = 64 * 1024;

}  // namespace entente::node
