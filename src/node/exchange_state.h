// SPDX-License-Identifier: Apache-2.0
// The small values that an exchange keeps in Store::local, as text of one line or a few: what the
// slots of one's own newest beat hide, what another party's newest beat is and said, and up to
// which release a receipt was given. Internal to the exchange.
#pragma once

#include "node/exchange.h"

namespace entente::node {

/// How far another clock may be ahead of ours before what it says counts as of the future.
constexpr Duration clock_skew_max = std::chrono::minutes(2);

// Names of rows, each of one log: one's own with this number, or that of a Peer.
std::string own_beat_name(std::uint32_t number);
/// Not empty: what this node cosigned is not remembered (PROTOCOL 26); its peers know.
constexpr const char* cosigned_unknown_name = "cosigned/unknown";
/// What the slots of an own beat hide, kept of each beat that was the first to tell of releases.
std::string told_beat_name(std::uint32_t number, EntryIndex beat);
std::string peer_beat_name(const Peer& peer);
std::string receipted_name(const Peer& peer);
std::string fork_name(const Peer& peer);
/// That one's own log names this fork.
std::string fork_said_name(const Peer& peer);
/// The standing of the branch that is not the copy's.
std::string branch_name(const Peer& peer);

/// Bodies of its entries that are open here no more, by a recall.
std::pair<std::string, Bytes> closed_row(const Peer& peer,
                                         const std::map<EntryIndex, Slots>& closed);
Result<std::map<EntryIndex, Slots>> parse_closed(BytesView text);

/// What a stored cosignature's mark is for (seal/mark.h), and of which bytes it is: whose word this
/// line is, under which key, over which head.
constexpr BytesView cosignature_mark = "entente/vault/cosignature/v1\n";
Bytes verified_bytes(const tlog::Checkpoint& head, const tlog::CosignerKey& key, BytesView line);

/// A signature line as notes have it, alone, and its reading.
Bytes format_line(const tlog::NoteSignature& line);
Result<tlog::NoteSignature> parse_line(BytesView line);

Bytes format_own_beat(const OwnBeat& beat);
Result<OwnBeat> parse_own_beat(BytesView text);

struct PeerBeat {
    HeldBeat beat;
    std::optional<Explained> explained;
    bool operator==(const PeerBeat&) const = default;
};
Bytes format_peer_beat(const PeerBeat& beat);
Result<PeerBeat> parse_peer_beat(BytesView text);
/// The row of Store::local for what is known of this party's beats. Precondition: peer.beat.
std::pair<std::string, Bytes> beat_row(const Peer& peer);

/// What came of a release, for the receipt that is owed: a protection with this node's own reading.
DueReceipt due_of(const seal::Release& release, const registry::Understood& understood,
                  const std::optional<Bytes>& exact);

/// What is stored of a log that others keep; or of one's own, before it was followed like theirs.
Result<mirror::Standing> standing_of(const StoredHead& stored);

/// Decimal in its only spelling.
Result<std::uint64_t> parse_number(BytesView text);

struct Exchange::OwnStatement {
    RecordId record;
    Slots used = 0;
    std::string label;
    std::optional<statement::ReadBack> reading;
    std::shared_ptr<const statement::Recall> recall;
    Instant time;
    std::optional<HeardReceipt> receipt;  // one's own, where it is one
};
/// What is kept of a statement that is a receipt of one's own.
std::optional<HeardReceipt> receipt_in(const PartyId& self, const registry::Understood& said);

}  // namespace entente::node
