// SPDX-License-Identifier: Apache-2.0
// Urgent statements (PROTOCOL 28) as a node makes them, takes them and keeps them for others. What
// another party sent is here at once, by its duty key, before its log shows it: people are told,
// and until the log has it every answer of the check is incomplete. Kept in the store as they came,
// sealed, so that no crash loses one that was taken.
//
//     TRY(box, urgents.make(calling, desks, now));        // of a STOP of one's own
//     TRY(heard, urgents.take(box, now));                 // of another's; durable when it returns
//     urgents.settle();                                   // what the log shows by now is heard
//     TRYV(urgents.keep(from, to, box, now));             // for a third party, until it asks
//
// Owned by the thread that owns the Node.
#pragma once

#include <map>

#include "node/calling.h"
#include "node/exchange.h"
#include "seal/urgent.h"

namespace entente::node {

/// A STOP that another party sent, and that its log does not show here yet.
struct HeardStop {
    PartyId from;
    RecordId record;
    Hash leaf;
    Instant sent;                    // by the author's clock
    Instant came;                    // here
    std::vector<std::string> desks;  // that were called by then, in order
    std::string actor;
    statement::Protection said;
};

/// What came of a box.
struct TakenUrgent {
    HeardStop stop;
    std::vector<std::string> called;  // desks that this box calls
    bool known = false;               // the author's log shows it here already
    bool first = false;               // it was not here before
    bool reply_due = false;           // this node has not said yet that it has it
};

class Urgents {
  public:
    struct Of {
        const Node* node = nullptr;
        const Exchange* exchange = nullptr;
        Store* store = nullptr;
        const seal::Vault* vault = nullptr;
        const ExchangeKeys* keys = nullptr;  // with `duty`, to make any; null: nothing is opened
        Random random;
    };
    /// Reads what was taken. What cannot be opened (any more) counts as unlogged until it is older
    /// than kept_for. Errors name the row.
    static Result<Urgents> load(Of of, Instant now);

    /// The box that carries the STOP to whom it is addressed. Errc::refused without a duty key or
    /// for a party that is not in the charter.
    Result<Bytes> make(const Calling& calling, const std::vector<std::string>& desks,
                       Instant now) const;

    /// Errc::bad_signature, malformed or refused for what is not to be believed; Errc::too_large
    /// where its author has heard_max waiting for its log.
    Result<TakenUrgent> take(BytesView box, Instant now);
    /// Those that no log shows yet, in the order in which they came.
    const std::vector<HeardStop>& heard() const { return heard_; }
    /// Lets go of what the register has by now, and of what is older than kept_for: that its author
    /// never logged it is for people, who were told.
    Result<void> settle(Instant now);
    /// Of each party: how many of heard(), and of what cannot be opened.
    std::map<PartyId, std::size_t> unlogged() const;

    // ---- for third parties ----
    /// Errc::too_large where `from` has kept_max there.
    Result<void> keep(const PartyId& from, const PartyId& to, BytesView box, Instant now);
    /// All that is kept for this party, each with its length before it; what is older than kept_for
    /// is not.
    Result<Bytes> kept(const PartyId& to, Instant now) const;

    static constexpr std::size_t heard_max = 64;  // of one party
    static constexpr std::size_t kept_max = 16;   // of one party for another
    static constexpr Duration kept_for = std::chrono::hours(24);
    static constexpr const char* heard_name = "urgent/heard";

  private:
    explicit Urgents(Of of) : of_(std::move(of)) {}
    /// A box as it is stored.
    struct Row {
        std::string from;  // who its author is, of heard_; who brought it, of what is kept
        Instant came;
        Bytes box;
    };
    static Bytes encode(const std::vector<Row>& rows);
    static Result<std::vector<Row>> decode(BytesView bytes);
    Result<TakenUrgent> read(BytesView box, Instant came, Instant now) const;
    Result<PublicKey> duty_of(const PartyId& party) const;
    bool shown(const HeardStop& stop) const;
    bool replied(const HeardStop& stop) const;
    Result<void> store_heard() const;

    Of of_;
    std::vector<HeardStop> heard_;
    std::vector<Bytes> boxes_;  // of heard_, the newest of each
    std::vector<Row> closed_;   // rows that cannot be opened
};

/// The boxes of kept(). Errc::malformed for any other bytes.
Result<std::vector<Bytes>> urgent_boxes(BytesView kept);

}  // namespace entente::node
