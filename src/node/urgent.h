// SPDX-License-Identifier: Apache-2.0
// Urgent statements (PROTOCOL 28) as a node makes them, takes them and keeps them for others. What
// another party sent is here at once, by its duty key, before its log shows it: people are told,
// and a plan that touches it is a conflict. Kept in the store as they came, sealed, so that no
// crash loses one that was taken.
//
//     TRY(box, urgents.make(calling, desks, now));        // of a STOP of one's own
//     TRY(heard, urgents.take(box, now));                 // of another's; durable when it returns
//     TRYV(urgents.settle());                             // what the log shows by now is heard
//     TRY(news, urgents.keep(from, to, of, box, now));    // for a third party, until it asks
//
// Owned by the thread that owns the Node.
#pragma once

#include <map>
#include <set>

#include "node/calling.h"
#include "node/exchange.h"
#include "node/urgent_rows.h"
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
        Exchange* exchange = nullptr;  // is told what no log shows yet, for answers
        Store* store = nullptr;
        const seal::Vault* vault = nullptr;
        const ExchangeKeys* keys = nullptr;  // with `duty`, to make any; null: nothing is opened
        Random random;
    };
    /// Reads what was taken. What cannot be opened (any more) makes answers incomplete until its
    /// author's log shows it. Errors name the row.
    static Result<Urgents> load(Of of);

    /// The box that carries the STOP to whom it is addressed. Errc::refused without a duty key or
    /// for a party that is not in the charter.
    Result<Bytes> make(const Calling& calling, const std::vector<std::string>& desks,
                       Instant now) const;

    /// Errc::bad_signature, malformed or refused for what is not to be believed; Errc::too_large
    /// where its author has heard_max waiting for its log: then answers say that there are more.
    /// What time it claims does not matter: an old one whose log has it changes nothing, and one
    /// that no log has is news.
    Result<TakenUrgent> take(BytesView box, Instant now);
    /// Those that no log shows yet, in the order in which they came. No time lets go of one.
    const std::vector<HeardStop>& heard() const { return heard_; }
    /// Lets go of what the register has by now; of nothing where that cannot be stored.
    Result<void> settle();
    /// Of each party: how many of heard(), and of what cannot be opened.
    std::map<PartyId, std::size_t> unlogged() const;

    // ---- for third parties ----
    /// `of` is what its bringer calls it: a later box of that name takes the place of the one
    /// before. Whether it is another box than was there. Errc::too_large where `from` has kept_max
    /// there, or has brought kept_max in `paced`.
    Result<bool> keep(const PartyId& from, const PartyId& to, BytesView of, BytesView box,
                      Instant now);
    /// All that is kept for this party (urgent_rows.h); what is older than kept_for is not, and is
    /// let go of as long again later.
    Result<Bytes> kept(const PartyId& to, Instant now);

    static constexpr std::size_t heard_max = 64;  // of one party
    static constexpr std::size_t kept_max = 8;    // of one party for another
    static constexpr Duration kept_for = std::chrono::hours(24);
    static constexpr Duration paced = std::chrono::seconds(4);  // kept_max of them at the most
    static constexpr std::size_t kept_bytes_max = 1024 * 1024;  // in one answer
    static constexpr const char* heard_name = "urgent/heard";

  private:
    explicit Urgents(Of of) : of_(std::move(of)) {}
    Result<TakenUrgent> read(BytesView box, Instant came) const;
    Result<PublicKey> duty_of(const PartyId& party) const;
    bool shown(const RecordId* record, const PartyId& from, const Hash& leaf) const;
    bool replied(const HeardStop& stop) const;
    Result<void> store_heard();
    void tell_exchange() const;

    Of of_;
    std::vector<HeardStop> heard_;
    std::vector<Bytes> boxes_;       // of heard_, the first of each
    std::vector<UrgentRow> closed_;  // rows that cannot be opened
    std::set<PartyId> more_;         // of whom more came than heard_max, until its log shows all
    /// How many one bringer left for one recipient in the time that began then.
    struct Pace {
        Instant since;
        std::size_t count = 0;
    };
    std::map<std::pair<PartyId, PartyId>, Pace> paces_;
};

}  // namespace entente::node
