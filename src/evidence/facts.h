// SPDX-License-Identifier: Apache-2.0
// What an evidence file proves by keys and hashes alone, before anybody asks what it means: charter
// signatures, log signatures, cosignatures, inclusion, commitments, record ids, tags, slots and
// releases are checked here, every one that is in the file. A file in which one thing does not hold
// is refused as a whole: nobody should have to find out which half of it was good.
//
//     TRY(facts, check(file, charters));
//
// Cost: one Ed25519 verification a cosignature, one hash a node of a proof. Pure.
#pragma once

#include <map>
#include <optional>
#include <span>

#include "evidence/file.h"
#include "seal/release.h"
#include "statement/beat.h"
#include "statement/body.h"
#include "statement/charter.h"
#include "statement/dealing.h"
#include "statement/receipt.h"

namespace entente::evidence {

/// A cosignature that holds: all entries below `size` were there at `time` by the cosigner's clock.
struct CosignedAt {
    TreeSize size;
    Instant time;
    std::string cosigner;          // the key's name
    std::optional<PartyId> party;  // whose; none: an outside witness
};

struct ProvenRelease {
    std::uint64_t number = 0;
    seal::Release release;
};

/// What a beat's author told one party in its slot.
struct ProvenSlot {
    PartyId party;
    seal::SlotContent content;
    std::vector<seal::ListHead> lists;  // states of the list of releases, `content.released` last
    std::vector<ProvenRelease> releases;

    bool has_list(const seal::ListHead& list) const;
};

/// An entry that is in its log, with what of it is shown.
struct ProvenEntry {
    EntryIndex index;
    Hash leaf;
    std::optional<statement::OpenEntry> open;
    std::optional<statement::SealedEntry> sealed;
    std::optional<statement::Beat> beat;
    std::optional<statement::Head> head;
    std::optional<statement::Exact> exact;
    std::optional<statement::Coarse> coarse;  // shown, or opened by the exact body
    /// Whether the coarse area surely holds the exact place with buffer and accuracy (PROTOCOL 13).
    std::optional<bool> coarse_covers;
    std::optional<statement::Receipt> receipt;
    std::optional<statement::Dealt> dealt;  // a call, an answer
    std::array<bool, statement::slot_count> shown{};
    std::vector<std::string> approved_by;  // officers whose keys are proven, `root`
    std::size_t approvals_unknown = 0;     // by keys that are not shown to be an officer's
    std::vector<ProvenSlot> slots;

    const ProvenSlot* slot_for(const PartyId& party) const;
};

struct ProvenLog {
    PartyId party;
    Origin origin;
    std::string key;                        // its verifier key
    std::vector<statement::LogHead> heads;  // proven states, the signed one last
    std::vector<CosignedAt> cosigned;
    std::vector<ProvenEntry> entries;
    std::optional<std::uint32_t> adopted;  // the charter version that its entry 0 adopts

    bool has_head(const statement::LogHead& head) const;
};

struct Facts {
    statement::Charter charter;
    std::vector<ProvenLog> logs;  // of a party that went on in another perhaps more than one
};

/// `charters`: the files of versions 1 to the one that the evidence names, or to a later one.
/// Errors say which log, entry and thing does not hold.
Result<Facts> check(const File& file, std::span<const std::string> charters);

}  // namespace entente::evidence
