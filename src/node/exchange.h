// SPDX-License-Identifier: Apache-2.0
// A node among others: verified copies of the other parties' logs, cosignatures, what was released
// to whom and by whom, and what is acknowledged. It stands around a Node: what is said goes through
// it, so that what is owed to others is released in the same commit; what arrives from others goes
// through it into the register. Sans-IO: bytes and moments come in, bytes and values go out. A solo
// charter has no others, and then it only passes on to the Node.
//
//     TRY(exchange, Exchange::open(node, store, cosign_state, keys, vault, random));
//     TRY(receipt, exchange->log(batch, audience, now));       // statements, releases, beat
//     TRY(bytes, exchange->answer(asker, "/peer/v1/heads"));   // what another node asks
//     TRY(taken, exchange->take_heads(from, bytes, now));      // what another node answered
//
// Everything from outside is checked here: signatures, consistency, slots, commitments. Owned by
// the thread that owns the Node.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "mirror/mirror.h"
#include "mirror/witness.h"
#include "node/cosign_state.h"
#include "node/deposit.h"
#include "node/forgotten.h"
#include "node/ladder.h"
#include "node/node.h"
#include "node/outside.h"
#include "node/peer.h"
#include "node/peer_wire.h"
#include "node/succession.h"
#include "registry/project.h"
#include "seal/mark.h"
#include "seal/parcel.h"

namespace entente::node {

/// The online keys of a party, beside the log's.
struct ExchangeKeys {
    tlog::CosignerSecret witness;
    tlog::CosignerSecret mirror;
    SealingSecret sealing;
    SecretKey channel;                   // signs packs
    std::optional<SecretKey> duty = {};  // signs what is urgent; absent: nothing is sent so
};

/// A beat of one's own: what its slots hide, so that they can be opened.
struct OwnBeat {
    EntryIndex index;
    Instant time;
    std::map<PartyId, seal::SlotContent> contents;
    bool operator==(const OwnBeat&) const = default;
};

class Giving;

/// Who gets what of a statement at its birth (DESIGN 3). Absent parties get nothing.
using Audience = std::map<PartyId, Tier>;

/// What another party can read of one's own statements (exchange_shown.cc).
struct ShownTo {
    PartyId party;
    registry::Released bodies;  // for view::View::as
    seal::ListHead given;       // of the list that this is made of
    TreeSize acknowledged;      // how much of it that party has said to hold
};
/// A version of the charter newer than ours, which another party's log adopts: validly chained and
/// signed, and waiting for people to adopt it here.
struct Proposal {
    std::uint32_t version;
    Hash hash;
    Bytes file;
};

class Exchange {
  public:
    /// Reads the others' logs, lists and cosignatures out of the store and verifies them. All
    /// arguments outlive it. Errors name the log and the row.
    static Result<std::unique_ptr<Exchange>> open(Node& node, Store& store, CosignState& cosigned,
                                                  const ExchangeKeys* keys,
                                                  const seal::Vault& vault, Random random);

    const PartyId& self() const { return self_; }
    bool solo() const { return peers_.empty(); }
    const std::vector<std::unique_ptr<Peer>>& peers() const { return peers_; }
    /// Logs that these parties, or we, kept before those in force (PROTOCOL 25).
    const std::vector<std::unique_ptr<Peer>>& former() const { return former_; }
    const Peer* peer(const PartyId& party) const;
    /// The copy of another party's log; null for a log of nobody in this charter.
    const mirror::Mirror* copy_of(const Origin& origin) const;
    /// The copy that a head is wanted for: that, or the one of its other branch.
    const mirror::Mirror* copy_of(const Wanted& wanted) const;

    // ---- saying (exchange_say.cc) ----
    /// Logs statements; releases each to who is in the audience, and each next version to everybody
    /// who has an earlier one (PROTOCOL 4), with a beat, all under one head.
    Result<Receipt> log(Batch batch, const std::vector<Audience>& audiences, Instant now);
    /// Releases every version of these records. Errc::not_found for a record that is not one's own,
    /// Errc::refused for a tier that the party has already, or to oneself.
    Result<Receipt> release(const std::vector<RecordId>& records, const PartyId& to, Tier tier,
                            Instant now);
    /// Asks a party to destroy bodies that it was given (exchange_recall.cc). Errc::not_found and
    /// refused as release(); refused also for a protection in force without coarse replacement.
    Result<Receipt> recall(const RecallWish& wish, Instant now);
    /// Bodies of this record of another party's are kept if it recalls them; or, with nothing, not
    /// any longer: then its recalls are answered anew.
    Result<void> hold(const RecordId& record, const std::optional<Hold>& hold);
    Result<std::optional<Hold>> hold_of(const RecordId& record) const;
    /// Says what persons here did with what was released to us: its receipt (PROTOCOL 11).
    /// Errc::not_found for a record that is not here, Errc::refused for one's own.
    Result<Acknowledged> acknowledge(const Acknowledgement& given, const std::string& actor,
                                     Instant now);
    /// Several in one commit: all or none.
    Result<std::vector<Acknowledged>> acknowledge_all(std::span<const Acknowledgement> given,
                                                      const std::string& actor, Instant now);
    /// Where the newest version of another party's record stands that a receipt would be for.
    /// Errors as acknowledge().
    Result<registry::Position> newest_of(const RecordId& id) const;
    /// What is due by the clock: a beat, receipts, answers to recalls. Nothing if nothing is.
    Result<void> tick(Instant now);

    // ---- answering others (exchange_answer.cc) ----
    /// A path of doc/protocol/exchange.md, for a party whose channel key was verified.
    Result<Bytes> answer(const PartyId& asker, std::string_view path_and_query) const;
    /// The same files for anybody: `checkpoint` and tiles of a mirrored log (C2SP tlog-tiles).
    Result<Bytes> mirror_file(const Hash& origin_hash, std::string_view path) const;
    /// A C2SP tlog-witness request about another party's log.
    mirror::WitnessAnswer add_checkpoint(BytesView body, Instant now);

    // ---- taking in (exchange_heads.cc, exchange_entries.cc, exchange_releases.cc) ----
    Result<HeadsTaken> take_heads(const PartyId& from, BytesView frame, Instant now);
    /// What mirror::Pull made of a source's answers: verifies, stores, folds, and cosigns a head
    /// that is whole.
    Result<void> take_entries(const PartyId& from, const Origin& origin, const mirror::Chunk& chunk,
                              Instant now);
    /// The same of the branch that is not the copy's, after begin_branch().
    void begin_branch(const Origin& origin);
    Result<void> take_branch(const Origin& origin, const mirror::Chunk& chunk);
    /// Errc::stale where the frame speaks of entries that are not held yet: fetch the log first.
    Result<void> take_releases(const PartyId& from, BytesView frame, Instant now);
    /// One's own releases, back from who received them, for a node that was put back to an earlier
    /// time (exchange_received.cc); from which number on to ask, and whether to.
    bool wants_received(const PartyId& from) const;
    std::uint64_t received_after(const PartyId& from) const;
    Result<void> take_received(const PartyId& from, BytesView frame, Instant now);
    // ---- parcels that wait at a third party (exchange_deposit.cc) ----
    /// A party's list of whom something of its waits for: the recipients whose parcels to fetch.
    Result<std::vector<PartyId>> take_deposits(const PartyId& from, BytesView list, Instant now);
    /// Errc::too_large where others' parcels fill what there is room for.
    Result<void> take_deposit(const PartyId& from, const PartyId& recipient, BytesView frame,
                              Instant now);
    /// Parties of whose releases something has not been here for longer than the charter allows.
    std::vector<PartyId> lacking(Instant now) const;
    /// What one of them left with `from` for us.
    Result<void> take_held(const PartyId& from, const PartyId& of, BytesView frame, Instant now);
    /// What third parties signed about parcels of ours.
    std::vector<Custody> custody() const;

    /// Whether there may be releases that are not held: then ask.
    bool wants_releases(const PartyId& from) const;
    // ---- releases in logs before those in force (exchange_former.cc) ----
    /// The logs that it kept before, by number, in which it released what is not all here.
    std::vector<std::uint32_t> wants_former(const PartyId& from) const;
    TreeSize former_received(const PartyId& from, std::uint32_t number) const;
    Result<void> take_former(const PartyId& from, std::uint32_t number, BytesView frame,
                             Instant now);
    // ---- the charter among nodes (exchange_charter.cc) ----
    /// The version of the charter to ask it for, if it has one that is newer than what is here.
    std::optional<std::uint32_t> wants_charter(const PartyId& from) const;
    /// It does not give that version: not asked for again before the next start.
    void no_charter(const PartyId& from);
    Result<void> take_charter(const PartyId& from, BytesView file, Instant now);
    /// Newer versions that wait to be adopted, oldest first.
    const std::vector<Proposal>& proposals() const { return proposals_; }
    /// Texts that others adopted beside those that are known here, by hash.
    const std::map<Hash, Bytes>& rivals() const { return rivals_; }
    // ---- successor logs (exchange_successor.cc) ----
    /// Whether it knows logs of a party that none is known here to go on in: then ask.
    bool wants_successors(const PartyId& from) const { return unknown_logs_.contains(from); }
    /// It does not say who they are: not asked for these again before the next start.
    void no_successors(const PartyId& from);
    /// What a party's root signed is followed from here on; the log before stays, and what it says
    /// behind the head that the root names relaxes nothing.
    Result<void> take_successors(const PartyId& from, BytesView frame, Instant now);
    const Successions& successions() const { return successions_; }
    /// Whether a root-signed key entry, and no version of the charter, opened this log.
    bool is_successor(const Origin& origin) const;
    /// Puts what a source did on its account.
    void refuse(const PartyId& from, const Origin& of, const mirror::Fault& fault, Instant now);
    /// On its account, where `peer status` shows it.
    void accuse(const PartyId& party, std::string code, std::string text, Instant now);
    /// The records that changed since the last call: an edge tells who listens.
    std::vector<registry::Slot> take_changed() { return std::move(changed_); }
    /// How often since the start recalls have taken away what had been said of groups, by which a
    /// presence may be a conflict now (node/forgotten.h has the row).
    std::size_t forgotten() const { return forgotten_; }

    // ---- outside witnesses of one's own log (exchange_outside.cc) ----
    /// What to post to `add-checkpoint` of the one with this name; nothing once it has cosigned the
    /// newest head, and while nothing may be signed.
    std::optional<Bytes> ask_witness(const std::string& name);
    /// Its answer, or why there is none; keeps a cosignature that verifies. Errors say what is
    /// wrong and stand in its status: what no key signed halts nothing.
    Result<void> take_witness(const std::string& name, Result<WitnessResponse> response,
                              Instant now);
    std::vector<WitnessStatus> witnesses() const;

    // ---- telling (exchange_status.cc) ----
    std::vector<PeerStatus> status(Instant now) const;
    /// What an answer cites of the other parties: for check::AsOf::sources, and to be taken in the
    /// same breath as the Node's state().
    std::vector<check::Source> sources() const;
    /// What came urgently and no log shows yet (node/urgent.h), for sources().
    void note_unlogged(std::map<PartyId, check::Unlogged> all) { unlogged_ = std::move(all); }
    /// How much of this log the party is known to hold: what it signed as a mirror (PROTOCOL 16).
    TreeSize stored_by(const PartyId& party, const Origin& of) const;
    /// The node's newest state, with what it rests on.
    State state() const;
    /// Who has bodies of one's own record, as bits.
    std::map<PartyId, Slots> readers(const RecordId& record) const;
    /// The same as whom to tell, when it is stated anew.
    Audience audience_of(const RecordId& record) const;
    /// Errc::malformed, naming who there is, for a party that is no other one of this charter.
    /// Takes a pass over the list of releases.
    Result<ShownTo> shown_to(const PartyId& party) const;
    const Node& node() const { return node_; }
    /// Whence read-backs take the nearest named place; without this call they name none.
    void name_places(NamedPlaces places) { places_ = std::move(places); }
    const NamedPlaces& places() const { return places_; }
    Store& store() const { return store_; }
    const seal::Vault& vault() const { return vault_; }
    const Random& random() const { return random_; }
    Author author() const {
        return {node_.origin(), node_.charter().id, &node_.charter().terms, &vault_, nullptr,
                nullptr};
    }
    /// Null where they are not here: for who only reads.
    const ExchangeKeys* keys() const { return keys_; }
    /// What other parties acknowledged one by one and for whole lists, as it came, without what
    /// says nothing new (node/heard.h).
    const std::vector<HeardReceipt>& heard() const { return heard_; }
    /// Whether this receipt reads the version with this leaf back as another place than was said.
    bool differs(const statement::Receipt& receipt, const Hash& leaf) const;
    /// The record and number of a version of one's own that was released to somebody.
    std::optional<std::pair<RecordId, std::uint32_t>> own_version(const Hash& leaf) const;
    /// As heard(), of lists in logs of ours before this one; and what this party said to others'.
    const std::vector<HeardReceipt>& heard_before() const { return heard_before_; }
    const std::vector<HeardReceipt>& said() const { return said_; }
    /// How far others got with the newest versions of one's own records, or of one of them; by
    /// party and record. Takes a pass over the lists of releases.
    Result<std::vector<Ladder>> ladders(const std::optional<RecordId>& only, Instant now) const;
    /// How far this party got itself with the newest versions of the others' records, by its own
    /// receipts; `party` is their author. Takes a pass over the register as well.
    Result<std::vector<Ladder>> ladders_here(Instant now) const;

  private:
    Exchange(Node& node, Store& store, CosignState& cosigned, const ExchangeKeys* keys,
             const seal::Vault& vault, Random random);

    /// What a commit gave: to be remembered once it is durable.
    struct Given {
        Peer* to;
        RecordId record;
        Slots slots;
        registry::Position at;
        std::optional<HeardReceipt> said = {};  // of a receipt
    };
    void list_logs();
    Peer* peer_of(const Origin& origin) const;
    Peer* peer_of(const PartyId& party);
    static void misdeed(Peer& peer, Instant at, std::string code, std::string text);

    Result<void> meet_witnesses();
    OutsideWitness* outside(const std::string& name);
    Result<void> take_cosignature(OutsideWitness& witness, const WitnessResponse& response,
                                  Instant now);
    /// A stored entry with what of it is open here.
    struct Read {
        Arrived arrived;
        std::optional<Bytes> exact;  // the exact body's bytes, if it is open and the entry's own
        Slots own = 0;               // of a release: the bodies that came and are the entry's own
    };
    Result<void> meet_former();
    Result<void> load();
    Result<void> load_fork(Peer& peer);
    void note_unknown(const PartyId& from, const Origin& origin, HeadsTaken& out);
    Result<void> hear_succession(const statement::Succession& said, BytesView entry, Instant now);
    Result<void> hear_rival(KnownSuccession& known, BytesView entry, Instant now);
    void judge_own();
    Result<void> follow_successor(Peer& peer, const statement::Succession& said);
    Result<void> load_log(Peer& peer);
    Result<void> load_own_before(const statement::CharterParty& card);
    Result<void> load_given(Peer& peer);
    Result<void> load_given_row(Peer& peer, const StoredRelease& row);
    Result<void> load_given_before(Peer& peer, const Peer& own);
    Result<Bytes> received_frame(const PartyId& asker, std::uint64_t after) const;
    std::optional<PartyId> waits_for_list() const;
    void compare_lists(Peer& peer, const seal::SlotContent& content);
    Result<void> settle_lists();
    Result<Hash> own_slot(const Peer& peer, EntryIndex beat) const;
    Result<void> load_received(Peer& peer);
    Result<void> load_cosignatures(Peer* of);
    Result<void> load_marks();
    Result<void> load_beat(Peer& peer);
    Result<Read> load_release(Peer& peer, const StoredRelease& row);
    Result<void> catch_up_entries(Peer& peer);
    Result<void> catch_up_releases(Peer& peer, Instant now);
    Result<Read> read_entry(const registry::Context& context, registry::LogNumber log,
                            const StoredEntry& stored) const;
    /// A statement of one's own log, or of one before it, out of the store.
    struct OwnStatement;
    Result<OwnStatement> own_statement(EntryIndex index, const Peer* before = nullptr) const;

    Result<Slots> may_recall(const Peer& peer, const RecordId& id, bool coarse, Instant now) const;
    static void note_recalled(Peer& peer, const Hash& leaf, const statement::Recall& recall,
                              Instant time);
    static void note_given(Peer& peer, const Hash& leaf, Slots slots);
    struct Recalled;
    void hear_recall(Peer& log, Peer& peer, const registry::Understood& said, Instant now);
    static void due_again(Peer& peer, const RecordId& record);
    Result<statement::Purge> carry_out(Peer& peer, const Hash& leaf,
                                       const statement::Recall& recall, Instant now);
    Result<void> store_recalled(Peer& peer, const std::vector<Recalled>& judged,
                                const std::optional<Forgetting>& forgotten);
    Result<void> close(Peer& peer, const Recalled& one);
    static void reopen(Peer& peer, EntryIndex entry, Slots slots, Additions& additions);
    Result<void> answer_recalls(Peer& peer, Batch& batch, std::vector<Audience>& audiences,
                                Instant now);
    Result<void> load_closed(Peer& peer);
    Slots closed_of(registry::LogNumber log, EntryIndex index) const;
    void note_said(const HeardReceipt& said);

    Result<Receipt> commit(Batch batch, Giving& giving, const std::vector<Given>& given,
                           Instant now);
    bool beat_due(Instant now) const;
    Bytes make_beat(OwnBeat& own);
    Result<void> add_receipts(const Peer& peer, Batch& batch, std::vector<Audience>& audiences,
                              Instant now) const;

    Bytes heads_frame(std::string_view after) const;
    Result<Bytes> charter_file(std::string_view path) const;
    Result<void> load_charters();
    bool names_us(std::uint32_t version) const;
    const Hash* known_charter(std::uint32_t version) const;
    Result<Bytes> known_charter_file(std::uint32_t version) const;
    Result<void> take_rival(Peer& peer, BytesView file, Instant now);
    Result<void> name_rivals(BytesView rival, Instant now);
    void see_adoption(Peer& peer, const statement::OpenEntry& entry, Instant now);
    Result<Bytes> log_file(const Hash& origin_hash, std::string_view path) const;
    Result<Bytes> releases_frame(const PartyId& asker, std::uint64_t after) const;
    /// One of our lists of releases to a party: in the log in force, or in one before.
    struct OwnList {
        Origin origin;
        const tlog::Tree* list;
    };
    Result<Bytes> parcel_to(const Peer& peer, const OwnList& from, std::uint64_t after,
                            TreeSize& end) const;
    Result<Bytes> former_frame(const PartyId& asker, std::string_view query) const;
    Peer* former_of(const PartyId& party, std::uint32_t number) const;

    void find_waiting(Instant now);
    void find_keepers(const Peer& recipient, Waiting& waiting, Instant now) const;
    Result<Bytes> deposits_for(const PartyId& asker) const;
    Result<Bytes> deposit_for(const PartyId& asker, const PartyId& recipient) const;
    void hear_custody(const Peer& from, const registry::Understood& said);
    Result<Bytes> held_for(const PartyId& asker, const PartyId& author) const;
    Result<std::map<Pair, HeldParcel>> say_held(Batch& batch, std::vector<Audience>& audiences,
                                                Instant now);
    Result<void> load_held();
    void find_lacking(Instant now);
    bool lacks_long(const Peer& peer, Instant now) const;
    Result<std::vector<Peer*>> say_missing(Batch& batch, std::vector<Audience>& audiences,
                                           Instant now);
    Result<Hash> slot_at(const Peer& peer, EntryIndex index) const;

    tl::unexpected<Error> lie(const PartyId& from, Error error, Instant now);
    std::vector<tlog::CosignerKey> cosigners_of(const Origin& origin) const;
    struct Hearing;  // one frame of heads, while it is read
    Result<void> read_heads(const PartyId& from, const HeadsFrame& frame, Hearing& hearing,
                            Instant now);
    Result<void> take_own_head(const PartyId& from, const tlog::Note& note,
                               const tlog::Checkpoint& checkpoint, Hearing& hearing, Instant now);
    Result<void> take_head(const PartyId& from, Peer& peer, const tlog::Note& note,
                           const tlog::Checkpoint& checkpoint, Hearing& hearing, Instant now);
    Result<void> take_cosignatures(const PartyId& from, const Peer* of, const tlog::Note& note,
                                   const tlog::Checkpoint& checkpoint, Hearing& hearing,
                                   Instant now);
    Result<void> keep_heard(Hearing& hearing);
    void keep_cosignature(Peer* of, const tlog::Checkpoint& checkpoint,
                          const tlog::Cosignature& line);
    /// As it is stored, with this node's mark that this key's word over this head was verified.
    StoredCosignature row_of(const tlog::Checkpoint& head, const tlog::CosignerKey& key,
                             const tlog::Cosignature& line) const;
    std::optional<PartyId> mirror_party(const tlog::Cosignature& line) const;
    void tell_finality(Peer* of);
    /// What it signed or cosigned is not remembered here, and its peers have not all told yet.
    bool forgets() const { return node_.waits_for_peers() || cosigned_unknown_; }
    Result<void> all_told();
    Result<void> heard_from(const PartyId& from, std::span<const tlog::Note> notes);
    void convict(Peer& peer, const mirror::ForkProof& proof, Instant now);
    void keep_fork(Peer& peer);
    void note_forks(std::span<const Arrived> arrived);
    void hear_forks();
    void hear_fork(Peer& from, const statement::OpenEntry& entry);
    void say_forks(Batch& batch) const;

    static bool in_branch(const Peer& peer, const tlog::Checkpoint& head);
    void want_branch(Peer& peer, const tlog::SignedCheckpoint& head, const Bytes& note,
                     HeadsTaken& out);
    void no_common(Peer& peer);
    Result<void> take_branch(Peer& peer, const mirror::Chunk& chunk);
    void judge_fork(Peer& peer);
    static TreeSize common_of(const Peer& peer);
    Result<void> load_branch(Peer& peer);

    Result<void> store_entries(const Peer& peer, const mirror::Advance& step, bool adopts);
    void fold_entries(Peer& peer, std::span<const mirror::VerifiedEntry> entries);
    void fold(std::vector<Arrived> arrived);
    void see_open(Peer& peer, std::span<const mirror::VerifiedEntry> entries, Instant now);
    bool explain(Peer& peer, const seal::SlotContent& content);
    Result<void> cosign(Peer& peer, Instant now);

    Result<void> check_acknowledged(Peer& peer, const seal::SlotContent& content, Instant now);
    Result<void> take_parcel(Peer& peer, Peer* account, const ReleasesFrame& frame,
                             const seal::ListHead& said, Instant now);
    static Result<std::size_t> known_of(const seal::Parcel& parcel, const Peer& peer, Peer* account,
                                        Instant now);
    Result<Read> take_item(Peer& peer, Peer* account, const seal::Delivered& item,
                           Additions& additions, Instant now);
    static std::pair<Slots, std::optional<Error>> own_bodies(BytesView entry,
                                                             const seal::Delivered& item);
    static void say_void(Read& read);
    static Result<void> check_list(const Peer& peer, const seal::ListHead& said,
                                   std::span<const Hash> proof);
    void hear(Peer& log, const Read& read, Instant now);
    void hear_before(Peer& peer, const registry::Understood& said);
    static void owe(Peer& peer, const seal::Release& release, const registry::Understood& said,
                    const std::optional<Bytes>& exact);
    void compare(Peer& peer, const statement::Receipt& receipt, Instant now);
    /// Another party's record, and where its newest version stands.
    struct Theirs {
        const Peer* from;
        registry::Position at;
    };
    Result<Theirs> theirs(const RecordId& id) const;
    /// The receipt, with `out` filled but for the entry.
    Result<statement::Receipt> receipt_of(const Acknowledgement& given, Acknowledged& out) const;
    Result<const Peer*> all_of(const Acknowledgement& given, statement::Receipt& receipt) const;
    Result<statement::ReadBack> reading_of(const Theirs& of, const RecordId& id) const;
    std::optional<LoadedAt> compared(const statement::ReadBack& theirs, statement::Rung rung) const;

    Node& node_;
    Store& store_;
    CosignState& cosign_state_;
    const ExchangeKeys* keys_;
    const seal::Vault& vault_;
    seal::Marker marker_;  // of cosignatures that were verified
    Random random_;
    NamedPlaces places_;
    PartyId self_;
    /// Ours as the charter names them: also who only reads counts what this node has cosigned.
    std::optional<tlog::CosignerKey> own_witness_, own_mirror_;
    std::vector<std::unique_ptr<Peer>> peers_;
    std::vector<std::unique_ptr<Peer>> former_;  // of a party that left there is none
    std::vector<Peer*> logs_;                    // the logs in force, then those before
    Successions successions_;
    std::map<PartyId, std::set<Origin>> unknown_logs_;       // by who showed them
    std::set<std::pair<PartyId, Origin>> unexplained_logs_;  // that it did not explain
    std::vector<OutsideWitness> outside_;
    HeadBook own_heads_;
    std::string life_;         // of this object: the turns of another mean nothing
    HeadBook::Turn turn_ = 0;  // of the newest change to any of the books
    mirror::Cosigned own_cosigned_;
    std::optional<OwnBeat> own_beat_;
    bool lists_lost_ = false;                // node/lost.h: until all parties have told
    std::optional<Instant> started_;         // the first moment that it was told
    std::optional<Instant> own_heads_said_;  // when a beat last told the others' heads
    std::map<Hash, EntryIndex> released_;    // leaves of one's own statements that somebody has
    std::vector<HeardReceipt> heard_, heard_before_;
    std::vector<HeardReceipt> said_;  // one's own that are not readings of the node's
    std::vector<std::pair<registry::LogNumber, statement::OpenEntry>>
        forks_named_;                          // not yet heard
    std::map<PartyId, Waiting> waiting_;       // who has not acknowledged in time, and from where
    std::map<Pair, HeldParcel> held_parcels_;  // by author and recipient
    mutable std::set<Pair> handed_;            // of those: given to the recipient since the start
    std::map<Pair, Custody> custody_;          // of our parcels, by who holds it and for whom
    bool cosigned_unknown_ = false;            // until all parties have told: nothing is cosigned
    std::set<PartyId> told_;  // meanwhile, or while the node waits for them: who has
    std::vector<Proposal> proposals_;
    std::map<Hash, Bytes> rivals_;  // files of texts beside those that are known
    std::vector<bool> named_in_;    // by versions from 1 on: whether they name this party
    std::vector<registry::Slot> changed_;
    std::size_t forgotten_ = 0;
    std::map<PartyId, check::Unlogged> unlogged_;
};

}  // namespace entente::node
