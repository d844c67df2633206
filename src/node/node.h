// SPDX-License-Identifier: Apache-2.0
// One party: its log, vault, register and index, and the order of work between them. It has no
// clock, thread or file: ports and arguments bring the world.
//
//     TRY(opening, Opening::begin(store, signer, charter_file));   // heads agree, signatures hold
//     for each stored row: opening.add(open_row(...));             // any thread opens, one adds
//     TRY(node, std::move(opening).finish());                      // the tree has the signed root
//     TRY(receipt, node.submit(composed, now));                    // durable when it returns
//
// Order of work of log (PROTOCOL 26): root derived twice -> signer writes `next` -> store
// commits
// -> signer settles -> register -> index. A crash between any two is repaired by begin().
// One thread owns a Node; State values are read from any thread.
#pragma once

#include <memory>
#include <set>
#include <span>
#include <variant>

#include "check/answer.h"
#include "node/compose.h"
#include "node/genesis.h"
#include "node/lost.h"
#include "tlog/log.h"

namespace entente::node {

/// A stored row, opened and checked against itself.
struct OpenedRow {
    Hash leaf;
    std::optional<statement::OpenEntry> open;        // an open entry, or
    std::optional<registry::Understood> understood;  // a sealed one, or
    std::optional<statement::SealedEntry> lost;      // one whose bodies are not here (node/lost.h):
    std::optional<Error> unopened;                   // what opening it said
};

/// Opens one row: vault, commitments, bodies. Pure and thread-safe. Errors name the entry and say
/// what in it does not hold: one's own log has no void bodies.
Result<OpenedRow> open_row(const registry::Context& context, const seal::Vault& vault,
                           const StoredEntry& row);

/// What readers hold: one moment of the register.
struct State {
    registry::Snapshot snapshot;
    index::Index index;
    index::Index activities;  // of the dealings: where activities that have not ended are
    index::Index incidents;   // of the dealings: where incidents were that are not withdrawn
    check::AsOf as_of;        // age 0 and no moment yet
};

struct Receipt {
    EntryIndex first;  // of the batch
    tlog::SignedCheckpoint head;
};

/// What is logged under one head: statements first, then open entries (canonical bytes). What else
/// is stored goes into the same transaction.
struct Batch {
    std::vector<Composed> statements;
    std::vector<Bytes> open;
    Additions additions = {};
};

/// One entry of another party's log, as far as it can be read here.
struct Arrived {
    registry::LogNumber log = 0;
    registry::Position position;
    /// Nothing for an entry that does not decode.
    std::variant<std::monostate, statement::OpenEntry, statement::SealedEntry, registry::Understood>
        entry;
};

class Node;

/// Node::halted() of a node that was opened for reading and is otherwise well.
constexpr const char* reading_only = "opened for reading only";

/// A node on its way up.
class Opening {
  public:
    /// Compares what the signer remembers with what the store holds (PROTOCOL 26) and verifies the
    /// stored head. A disagreement halts signing: the node opens, answers, and refuses to sign.
    /// With `may_sign` false nothing is written and nothing will be signed.
    static Result<Opening> begin(Store& store, Signer& signer, std::string_view charter_file,
                                 bool may_sign = true);

    TreeSize size() const { return head_.checkpoint.size; }
    const Origin& origin() const { return context_.origin; }
    const registry::Context& context() const { return context_; }
    /// Of the log among its party's (PROTOCOL 8): 1, or that of a successor log.
    std::uint32_t number() const { return registry_.log_state(0).succession; }
    /// Rows in order from entry 0.
    Result<void> add(OpenedRow row);
    /// Errc::bad_proof if the rows are not the tree whose root was signed. With `build_index` false
    /// the index is built on the first use, for callers that only append.
    Result<Node> finish(bool build_index) &&;

  private:
    friend class Node;
    Opening(Store& store, Signer& signer, Chain chain, tlog::SignedCheckpoint head,
            std::uint64_t epoch, tlog::VerifierKey key);
    Result<void> adopt(const std::string& where, const statement::OpenEntry& entry);
    Result<void> recover(const StoredHead& stored, bool may_sign);

    Store* store_;
    Signer* signer_;
    statement::Charter charter_;
    std::vector<Hash> charter_hashes_;  // of its versions from 1 on
    std::uint32_t adopted_ = 0;         // the newest that the log's entries adopt
    PartyId party_;
    registry::Context context_;
    tlog::SignedCheckpoint head_;
    std::uint64_t epoch_;
    tlog::VerifierKey key_;
    std::string halted_;  // why nothing may be signed; empty: signing goes on
    bool waits_for_peers_ = false;
    std::vector<Hash> leaves_;
    registry::Registry registry_;
    Instant newest_ = Instant::min();
    LostBodies lost_;
    std::set<Hash> lost_tags_;
    std::optional<SignedHead> remembered_;  // an earlier head of this log, to be found in it
};

class Node {
  public:
    /// Makes the log: stores the charter, then the founding entries under a first head, with what
    /// else belongs to them. The same call again after a crash goes on where it stopped.
    static Result<void> create(Store& store, Signer& signer, std::string_view charter_file,
                               std::span<const Bytes> entries, Additions additions = {});

    const Origin& origin() const { return log_.origin(); }
    /// Of the log among its party's (PROTOCOL 8): 1, or that of a successor log.
    std::uint32_t number() const { return registry_.log_state(0).succession; }
    const statement::Charter& charter() const { return registry_.snapshot().charter(); }
    const registry::Snapshot& snapshot() const { return registry_.snapshot(); }
    const tlog::Log& log() const { return log_; }
    const tlog::SignedCheckpoint& head() const { return head_; }
    const registry::Authority& authority() const { return registry_.authority(); }
    const tlog::VerifierKey& verifier() const { return key_; }
    /// The version of the charter that the log's newest charter entry adopts. It may be older than
    /// charter().version, between being handed the next one and logging that.
    std::uint32_t adopted() const { return adopted_; }
    const Hash& charter_hash() const { return charter_hashes_.back(); }
    /// Of its versions from 1 on.
    const std::vector<Hash>& charter_hashes() const { return charter_hashes_; }
    /// Why nothing may be signed, or empty.
    const std::string& halted() const { return halted_; }
    /// No statement may be older than this.
    Instant newest() const { return newest_; }

    /// Logs a batch under one new head. All or nothing; durable when it returns. Errc::stale if a
    /// record has moved on since it was composed, Errc::refused if signing is halted or the clock
    /// went back.
    Result<Receipt> log(Batch batch, Instant now);
    Result<Receipt> submit(std::vector<Composed> statements, Instant now) {
        return log({std::move(statements), {}, {}}, now);
    }

    /// The log of another party of the charter; its entries come by fold().
    registry::LogNumber add_log(const Origin& origin, const PartyId& party) {
        return registry_.add_log(origin, party);
    }
    /// Another party goes on in this log.
    void name_log(const PartyId& party, std::string vkey) {
        registry_.name_log(party, std::move(vkey));
    }
    /// Folds what was verified and stored; the records that may be other than before.
    std::vector<registry::Slot> fold(std::vector<Arrived> arrived);
    /// Bodies that were closed are open again (registry.h): fold() of them follows.
    void reopen(registry::LogNumber log, const Hash& leaf, std::uint8_t slots) {
        registry_.reopen(log, leaf, slots);
    }
    void set_finality(registry::LogNumber log, registry::Finality finality) {
        registry_.set_finality(log, std::move(finality));
    }
    /// The log contradicted itself; so much of its branches is known to be alike (PROTOCOL 25).
    std::vector<registry::Slot> fork(registry::LogNumber log, TreeSize common);
    /// Signs nothing more, for this reason, until the next start.
    void halt(std::string why) {
        halted_ = std::move(why);
        waits_for_peers_ = false;
    }
    /// Signing is halted because the signer remembers nothing: until all peers have told the newest
    /// head of this log that they know, and none is beyond it (PROTOCOL 26).
    bool waits_for_peers() const { return waits_for_peers_; }
    /// They have. Precondition: waits_for_peers().
    void resume();
    /// Entries that were fetched back without their bodies.
    const LostBodies& lost() const { return lost_; }

    /// Dealings that changed since the node was begun, one after another, some more than once. It
    /// only grows.
    const std::vector<registry::DealingSlot>& changed_dealings() const { return changed_dealings_; }
    /// Those of them since the last call.
    std::vector<registry::DealingSlot> take_changed_dealings() {
        const auto first = static_cast<std::ptrdiff_t>(dealings_taken_);
        dealings_taken_ = changed_dealings_.size();
        return {changed_dealings_.begin() + first, changed_dealings_.end()};
    }

    /// Where activities are that have not ended (State::activities); null before the first state().
    const index::Index* activities() const { return activities_ ? &*activities_ : nullptr; }

    /// A file of the log by its C2SP tlog-tiles path: `checkpoint`, `tile/0/000`,
    /// `tile/entries/000.p/17`. Errc::not_found for what the newest tree does not have, malformed
    /// for what is no such path.
    Result<Bytes> log_file(std::string_view path) const;
    /// The proof that the entry is in the tree of the newest head (C2SP .tlog-proof).
    Result<Bytes> prove(EntryIndex entry) const;

    /// The newest state, with an index that holds it.
    State state();
    bool merge_due() const { return index_ && index_->merge_due(); }
    /// What Index::merged() made of an earlier state().index, with every change since made again.
    void adopt_merged(index::Index merged) { index_ = std::move(merged); }

  private:
    friend class Opening;
    explicit Node(Opening opening, tlog::Log log);
    Result<void> check_batch(const std::vector<Composed>& batch, Instant now) const;
    std::vector<registry::Slot> settle();
    void settle_dealings();

    Store* store_;
    Signer* signer_;
    std::vector<Hash> charter_hashes_;
    std::uint32_t adopted_;
    tlog::VerifierKey key_;
    tlog::Log log_;
    tlog::SignedCheckpoint head_;
    std::uint64_t epoch_;
    std::string halted_;
    bool waits_for_peers_;
    registry::Registry registry_;
    std::optional<index::Index> index_;
    std::optional<index::Index> activities_, incidents_;
    std::vector<registry::DealingSlot> changed_dealings_;
    std::size_t dealings_taken_ = 0;
    Instant newest_;
    LostBodies lost_;
    std::set<Hash> lost_tags_;  // of versions that were said, and cannot be said again
};

}  // namespace entente::node
