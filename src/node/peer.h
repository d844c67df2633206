// SPDX-License-Identifier: Apache-2.0
// What a node knows of one other party: the copy of its log, the lists of releases in both
// directions, its newest beat and what its slot for us says, and what it did wrong. Plain state;
// the exchange changes it. A log that the party kept before is a Peer of its own, with the copy,
// the list of what was released in it and what that log did; what lies between the party and us is
// with the log in force. So is one of our own that we kept before: we follow it as the others do.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/x25519.h"
#include "mirror/finality.h"
#include "mirror/mirror.h"
#include "node/head_book.h"
#include "node/heard.h"
#include "node/recall.h"
#include "registry/registry.h"
#include "seal/release.h"
#include "seal/slot.h"
#include "statement/receipt.h"

namespace entente::node {

/// How much of a record a party gets (DESIGN 3).
enum class Tier : std::uint8_t { none, head, coarse, exact };
const char* name(Tier tier);
/// `coarse` or `exact`; `head` is nobody's wish.
Result<Tier> parse_tier(std::string_view text);

/// Bodies as bits: 1 head, 2 coarse, 4 exact.
using Slots = std::uint8_t;
Slots slots_of(Tier tier);
Slots slots_of(const seal::SlotSet& set);
seal::SlotSet set_of(Slots slots);

/// The newest beat in the copy of a party's log.
struct HeldBeat {
    EntryIndex index;
    Instant time;      // its author's claim
    Instant received;  // when we first had it
    Hash slot;         // the one for us
    bool operator==(const HeldBeat&) const = default;
};

/// What a party's slot for us was seen to say, in the beat at `index`.
struct Explained {
    EntryIndex index;
    seal::SlotContent content;
    bool operator==(const Explained&) const = default;
};

/// A text of a version of the charter of which another is known here (PROTOCOL 8).
struct Rival {
    std::uint32_t version = 0;
    Hash hash;
    bool refused = false;  // what was given as it is none: not asked for before the next start
};

/// Something that a party did which an honest one does not, in words and with a code for programs.
struct Misdeed {
    std::string code;  // fork, wrong_hash, bad_parcel, wrong_acknowledgement, …
    std::string text;
    Instant at;  // Instant::min(): nobody knows when
    bool operator==(const Misdeed&) const = default;
};

/// A release that came in and is not receipted yet.
struct DueReceipt {
    EntryIndex entry;
    Hash leaf;
    bool opened = false;      // its bodies are its entry's own
    bool is_receipt = false;  // which is acknowledged in the slot alone
    std::optional<statement::ReadBack> read_back;
};

/// The other branch of a log that contradicted itself, as far as somebody showed it.
struct Branch {
    explicit Branch(tlog::VerifierKey log) : mirror(std::move(log)) {}
    mirror::Mirror mirror;
    std::vector<Hash> chunks;  // documents with its own entries, in order
    bool third = false;        // there is one more, of which nothing is held
};

/// What we released to it in a log of ours before this one: that list grows no more.
struct GivenBefore {
    std::uint32_t number = 1;  // of that log
    tlog::Tree list;
    TreeSize acknowledged;    // as far as it has been heard
    std::set<Hash> leaves{};  // of the statements in it
    HeardBook heard{};        // what receipts have said of it
};

struct Peer {
    /// Errors name the key of the charter that is none.
    static Result<std::unique_ptr<Peer>> make(const statement::CharterParty& party);
    /// The party goes on in this log: what lies between it and us comes along, the rest stays with
    /// `before`.
    void go_on_from(Peer& before);

    PartyId id;
    Origin origin;
    std::uint32_t number = 1;  // of this log among the party's (PROTOCOL 8)
    tlog::CosignerKey witness_key;
    tlog::CosignerKey mirror_key;
    SealingKey sealing;
    std::optional<Secret> shared;  // of the two sealing keys; absent where ours is not here

    registry::LogNumber log = 0;
    mirror::Mirror mirror;
    /// Of a log that its root ended: what is behind that head relaxes nothing (PROTOCOL 25).
    std::optional<statement::LogHead> last;
    std::optional<TreeSize> newest_seen;  // of a head that it signed, held or not
    HeadBook heads;
    mirror::Cosigned cosigned;  // who mirrors its log, since when
    std::optional<mirror::ForkProof> fork;
    bool fork_due = false;   // the store has not taken it yet
    bool fork_said = false;  // in our own log
    std::optional<Branch> branch;

    tlog::Tree given;                       // what we released to it
    std::vector<GivenBefore> given_before;  // in logs of ours before this one
    std::map<RecordId, Slots> given_slots;
    /// Sizes of `given` since the start and when they came about, for what is due soon.
    std::deque<std::pair<TreeSize, Instant>> given_at;
    std::optional<TreeSize> misses;  // it said that from here on what we released is missing
    tlog::Tree received;             // what it released to us
    std::optional<HeldBeat> beat;
    std::optional<Explained> explained;
    // While what we released is not all known here (node/lost.h): whether this party has told, and
    // what of its answer has come.
    bool list_known = false;
    bool list_wanted = false;
    std::vector<Bytes> list_parts;

    std::vector<DueReceipt> due;           // of the newest releases received
    std::vector<bool> has_bodies;          // by entry: while the store is being read
    std::optional<Instant> lacking_since;  // what its slot speaks of is not all here
    bool said_missing = false;             // and our log says so
    HeardBook heard;                       // what its receipts have said

    // Recalls (PROTOCOL 12) that we made to it, by leaf of the recall; and what no parcel to it
    // carries any more, by leaf of the entry.
    std::map<Hash, MadeRecall> made_recalls;
    std::map<Hash, Slots> taken_back;
    // Those that it made to us, which of them wait for an answer, and the bodies that are purged
    // or held for one: open no more.
    std::map<Hash, std::shared_ptr<const statement::Recall>> heard_recalls;
    std::set<Hash> recalls_due;
    std::map<Hash, std::set<Hash>> given_again;  // by recall that is due: entries released since
    std::map<EntryIndex, Slots> closed;
    std::uint32_t adopted = 0;      // the newest version of the charter that its log adopts
    Hash adopted_hash;              // its hash, where there is one
    std::uint32_t bad_charter = 0;  // a version that it gave and that does not follow from ours
    std::optional<Rival> rival;     // what its log adopts beside a version that is known here

    std::vector<Misdeed> misdeeds;  // the newest misdeeds_max
    static constexpr std::size_t misdeeds_max = 100;

    /// When this release was told to it, if that was not long ago.
    std::optional<Instant> told_at(std::uint64_t release) const {
        for (const auto& [size, at] : given_at) {
            if (size.v > release) return at;
        }
        return std::nullopt;
    }
    static constexpr Duration given_at_kept = std::chrono::hours(48);
    /// Whether this was once the list that we release to it: in this log, or in one before.
    bool was_given(const seal::ListHead& list) const;
    /// Whether it may be one that we released in a log before this one: of such a log others may
    /// know more than we do.
    bool may_be_before(const seal::ListHead& list) const;
    /// What it says to have of a list in a log before this one.
    void note_before(const seal::ListHead& list);
    /// How much of the list in this log the party is known to hold.
    TreeSize acknowledged() const;
    /// What our next beat acknowledges to it.
    seal::ListHead owed() const { return {received.size(), received.root()}; }
    /// Whether its newest beat's slot is one that we can explain, and we hold all it speaks of.
    bool complete() const;

  private:
    Peer(const statement::CharterParty& party, tlog::VerifierKey log_key, tlog::CosignerKey witness,
         tlog::CosignerKey mirror, const SealingKey& sealing);
};

/// A head of another log that is newer than what is held, and worth fetching from who showed it.
struct Wanted {
    Origin origin;
    TreeSize size;
    Bytes note;
    bool branch = false;  // of the branch that is not the copy's
};
/// What came of the heads that a party showed.
struct HeadsTaken {
    std::vector<Wanted> wanted;
    std::string mark;   // what to name for what comes after; empty: nothing, ask for all again
    bool news = false;  // cosignatures or heads that were not known
    TreeSize own;       // the newest head of its own log that it shows; 0 for none
};

/// One line of `peer status`.
struct PeerStatus {
    PartyId party;
    Origin origin;
    TreeSize newest;  // of the newest head that was seen
    TreeSize held;
    TreeSize final_size;          // of its log
    std::optional<Instant> beat;  // the newest beat's time
    std::optional<Duration> age;  // PROTOCOL 23
    TreeSize given;               // releases to it
    TreeSize acknowledged;        // of those
    std::string rung;             // how far
    TreeSize received;            // releases from it
    std::uint32_t adopted = 0;    // version of the charter; 0: its log is not here
    /// What is not here, and why: a reason code and a sentence.
    std::vector<std::pair<std::string, std::string>> missing;
    std::vector<Misdeed> misdeeds;
    std::vector<RecallState> recalls;  // that we made to it
};

}  // namespace entente::node
