// SPDX-License-Identifier: Apache-2.0
// The desk of a served node: one thread owns the Node and works through what others hand it; any
// number of threads read the newest Moment. What waits together is logged under one head (group
// commit), and each caller hears only after it is durable.
//
//     Desk desk(ports);
//     auto moment = desk.moment();                       // any thread, microseconds
//     auto said = desk.say({draft, record_id, {}});      // blocks until durable, or refused
//
// A Moment is published after the commit, so nothing is ever answered from what is not durable.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include "net/changes.h"
#include "node/exchange.h"
#include "node/gather.h"
#include "node/joining.h"
#include "node/node.h"
#include "node/proposal.h"
#include "node/replying.h"
#include "node/urgent.h"

namespace entente::net {

/// One moment of the register, immutable.
struct Moment {
    node::State state;
    view::View view;
    std::string vkey;
    std::string halted;                       // why nothing may be signed, or empty
    std::vector<node::HeardStop> heard = {};  // STOPs that came urgently and are in no log yet
};

/// A version that officers have signed since it was proposed.
struct Signed {
    node::Proposed proposed;
    std::vector<statement::Approval> approvals;
};

/// What somebody wants to say about one record.
struct Saying {
    node::Draft draft;
    std::optional<RecordId> record;        // what it follows; absent: a new record
    std::optional<std::uint32_t> version;  // Errc::stale unless the record is at this one
    node::Audience audience = {};          // who gets it, beside those who have an earlier version
    std::shared_ptr<const Signed> signed_already = {};  // then this is said, and no draft
};

/// What a saying would become.
struct Drafted {
    node::Proposed proposed;
    seal::Sealed sealed;  // the same, as the local store keeps it
    bool needs_officers = false;
};

/// What was said, once it is durable.
struct Said {
    RecordId id;
    std::uint32_t version = 0;
    EntryIndex entry;
    TreeSize size;  // of the head that covers it
    Hash leaf;
};

/// What the desk works with; all of it outlives the desk.
struct Ports {
    node::Node* node = nullptr;
    std::function<node::Author()> author;
    std::function<std::string()> cannot_reduce;  // why a withdrawal would never act, or empty
    std::function<Instant()> now;
    Random random;
    node::Exchange* exchange = nullptr;  // around the node; null: it stands alone
    /// An evidence file; empty: none is made here.
    std::function<Result<Bytes>(const node::Gathering&)> evidence = {};
    /// Somebody adopted a newer version of the charter: shown to people here. May be empty.
    std::function<void(const node::Proposal&)> keep_charter = {};
    node::Store* store = nullptr;      // the node's, for what is kept in it beside the register
    node::Urgents* urgents = nullptr;  // null: nothing urgent is sent or taken
};

class Desk {
  public:
    explicit Desk(Ports ports);
    /// Works off what waits, then ends the thread.
    ~Desk();
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    Instant now() const { return ports_.now(); }
    /// Any thread: why a withdrawal or reduction said now would never act, or empty.
    std::string cannot_reduce() const { return ports_.cannot_reduce(); }
    std::shared_ptr<const Moment> moment() const;
    Changes& changes() { return changes_; }

    /// Blocks until the statement is durable. Errc::unavailable when queue_max of them wait.
    Result<Said> say(Saying saying);
    /// All of them, in the order given and in batches of at most batch_max; each result as say()'s.
    std::vector<Result<Said>> say_all(std::vector<Saying> sayings);

    /// What the desk's thread works with, for jobs on it.
    struct Inside {
        const node::Node& node;
        const node::Exchange* exchange;  // null: the node stands alone
        node::Store* store;              // null where the ports have none
        const node::Urgents* urgents;    // likewise
    };

    /// A statement that follows no record, or a dealing. `make` is called on the desk's thread with
    /// the register of that moment; what it makes is given to the audience and to whoever has an
    /// earlier version. Blocks until it is durable.
    using Maker = std::function<Result<node::Composed>(
        const node::Author&, const registry::Snapshot&, Instant now, const Random&, const Inside&)>;
    Result<Said> deal(Maker make, node::Audience audience);
    /// These records were released to somebody who may have declared activities there. Waits.
    void released(const std::vector<RecordId>& records);

    /// Composes it and logs nothing. Precondition: it follows a record.
    Result<Drafted> draft(Saying saying);
    /// Whether the signed version is in the log already, and where.
    std::optional<EntryIndex> find(const Signed& signed_already) const;
    /// The sealed proposal, opened with the vault's key.
    Result<node::Proposed> open(const seal::Approved& what, const seal::Sealed& sealed) const;
    /// The officer's key that the node itself has, if it has one. Any thread.
    std::optional<PublicKey> own_officer() const;
    /// The officer's key that a key entry of this log gives a right to, as the root signed it.
    Result<PublicKey> officer_in(BytesView entry) const;
    /// Logs an open entry; blocks until it is durable.
    Result<EntryIndex> log_open(Bytes entry);

    /// As node::Node::log_file and prove.
    Result<Bytes> log_file(const std::string& path);
    Result<Bytes> prove(EntryIndex entry);
    /// The evidence file of a record, of this moment (doc/protocol/evidence.md).
    Result<Bytes> evidence(const RecordId& record, node::Tier show);

    /// Runs the job on the desk, between batches, and publishes what it changed in the register.
    /// Errc::not_found where the node stands alone.
    using ExchangeJob = std::function<Result<Bytes>(node::Exchange&, Instant now)>;
    Result<Bytes> on_exchange(ExchangeJob job);

    // ---- STOPs (desk_urgent.cc) ----
    /// A box that another node brought for this one: people here are told of it, its author that
    /// this node has it. Durable when it returns; errors as node::Urgents::take.
    Result<node::TakenUrgent> take_urgent(BytesView box);
    /// One that is for a third party: kept until it asks. Whether it is another than was there.
    Result<bool> keep_urgent(const PartyId& from, const PartyId& to, BytesView of, BytesView box);
    Result<Bytes> kept_urgent(const PartyId& to);
    /// A call that is due now, with the box that carries it.
    struct DueCall {
        node::Calling calling;  // without what points into the register
        std::vector<std::string> desks;
        Bytes box;
        std::string trouble;  // why there is none
    };
    Result<std::vector<DueCall>> due_calls();

    /// An incident joined to what had been said before it, of one moment (node/joining.h).
    struct Joined {
        std::shared_ptr<const Moment> of;
        evidence::Join join;
    };
    /// Nothing for an id that no incident has, and for one that cannot be read here, alike. Any
    /// thread; waits.
    Result<std::optional<Joined>> join(const RecordId& incident, Metres within);

    /// Runs the job on the desk's thread, between batches, and waits for it.
    Result<void> inside(const std::function<void(const Inside&)>& job);
    /// The same, and does not wait. False: it never will, because the node stops or too much waits.
    bool later(std::function<void(const Inside&)> job);
    /// From now on called on the desk's thread after each change to the register, once it is
    /// published and before anybody hears that it is durable, with the records that changed, some
    /// perhaps twice; and once now, without them: all may have. By the clock as well, every second,
    /// with none. An empty one: nobody is called.
    using Listener = std::function<void(const Inside&, const std::vector<view::Slot>* changed)>;
    void listen(Listener listener);

    /// What another party can see of what was released to it, as of the newest moment: its view and
    /// index, made on the caller's thread; who asks meanwhile waits, so that the tiles of a map
    /// make it once. The same value until the moment changes. Errors as node::Exchange::shown_to.
    /// Any thread.
    Result<std::shared_ptr<const Moment>> as_seen_by(const PartyId& party);

    static constexpr std::size_t queue_max = 10'000;
    static constexpr std::size_t batch_max = 4096;

  private:
    struct Waiting {
        Saying saying;
        std::promise<Result<Said>> promise;
    };
    using Batch = std::vector<Waiting>;

    bool among_others() const { return ports_.exchange != nullptr && !ports_.exchange->solo(); }
    static constexpr std::chrono::milliseconds tick_every{1000};
    void run();
    void tick();
    void tick_exchange();
    void log_batch(Batch batch);
    Batch log_first_of_each(Batch batch);
    Result<Said> log_dealing(node::Composed composed, const node::Audience& audience, Instant now);
    void submit(std::vector<node::Composed> composed, Batch batch, Instant now);
    Result<node::Composed> compose(const Saying& saying, Instant now) const;
    Instant moment_to_sign() const;
    void publish();
    void keep_charters(std::size_t known);
    Inside within() const { return {*ports_.node, ports_.exchange, ports_.store, ports_.urgents}; }
    void tell_changed(std::vector<view::Slot> slots);
    // desk_dealing.cc
    void mark_dealings(std::vector<view::Slot>& slots,
                       const std::vector<view::DealingSlot>& dealings) const;
    void reply_to_activities(const std::vector<view::Slot>* records,
                             const std::vector<view::DealingSlot>& dealings);
    void note_concerned(const Moment& held, const std::vector<view::Slot>* records,
                        const std::vector<view::DealingSlot>& dealings, Instant now);
    bool log_replies(std::vector<node::DueReply> due, Instant now);
    void note_stops(const std::vector<view::Slot>& records);
    void reply_to_stops();
    Result<void> reply_to_urgent(const node::HeardStop& stop, Instant now);
    Result<std::shared_ptr<const Moment>> make_seen_by(const PartyId& party);
    void care_for_index(const std::vector<view::Slot>& changed);
    template <class T>
    Result<T> on_desk(std::function<Result<T>()> job);
    Result<const registry::Record*> followed(const Saying& saying) const;

    Ports ports_;
    Changes changes_;

    mutable std::mutex mutex_;  // guards the next five
    std::condition_variable work_;
    std::shared_ptr<const Moment> moment_;
    std::deque<Waiting> waiting_;
    std::deque<std::function<void()>> jobs_;
    bool ending_ = false;

    // Views of other parties, all of the moment `shown_of_`. The desk's thread never takes the
    // mutex.
    static constexpr std::size_t shown_max = 4;
    std::mutex shown_mutex_;  // guards the next two
    std::shared_ptr<const Moment> shown_of_;
    std::deque<std::shared_ptr<const Moment>> shown_;

    // Owned by the desk's thread: a merge of the index that runs beside it, and what has changed
    // since it began.
    std::future<index::Index> merging_;
    std::vector<view::Slot> changed_since_;
    Instant ticked_ = Instant::min();
    std::unique_ptr<node::Replying> replying_;  // made at the first change
    static constexpr std::size_t answered_a_turn = 200;
    std::set<view::DealingSlot> unanswered_;  // others' activities to be looked at
    bool replying_now_ = false;
    node::Joining joining_{ports_.exchange};
    std::set<view::Slot> open_stops_;   // of our own log
    std::set<view::Slot> stops_to_us_;  // that this node has not said to have
    std::size_t receipts_heard_ = 0;    // of Exchange::heard(): of how many it was told
    Listener listener_;
    std::thread thread_;
};

}  // namespace entente::net
