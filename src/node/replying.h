// SPDX-License-Identifier: Apache-2.0
// What a node says by itself to activities that others declared to it: that they were checked
// without what had been released by then (`missing`), or that they touch something (`conflict`,
// with the desk to call). Within PROTOCOL 14: a version of a record is compared with an activity as
// that party holds it, exactly or by its coarse area; one that it does not hold only where its
// author allows it (text field `automatic_reply`: `coarse`), by its coarse area, and within so much
// area a party. Of third parties' records nothing is said. People here see all of it (check,
// notices).
//
//     Replying replying(exchange);
//     replying.look(state, nullptr);                     // at start: everywhere; then what changed
//     auto some = replying.concerned(state, slots, now); // activities to be looked at again
//     TRY(due, replying.due(state, some, now));          // what was not said to them yet
//     for (auto& [to, reply] : due) exchange.log(…, {{to, Tier::exact}}, now);
//
// What was said stands in the register, so a reply is said once, whatever dies in between; what
// could not be said is due until it was. Owned by the thread that owns the Node.
#pragma once

#include "node/exchange.h"
#include "view/view.h"

namespace entente::node {

/// Of one party's declared volumes with their accuracy, each at least one coarse cell, those that
/// are over for less than a day with them: what lies beyond is compared with what it holds only.
constexpr double reply_area_km2_max = 100'000;

struct DueReply {
    PartyId to;
    statement::Reply reply;
};

class Replying {
  public:
    explicit Replying(const Exchange& exchange) : exchange_(exchange) {}

    /// The coarse areas that others' activities are compared with. `changed`: where to look; null:
    /// everywhere. A record that was released to somebody since has changed, too.
    void look(const State& state, const std::vector<registry::Slot>* changed);
    /// Activities whose reply a change of these records may change: by the coarse areas, so that
    /// who is replied to says no more than the reply.
    std::vector<view::DealingSlot> concerned(const State& state,
                                             const std::vector<registry::Slot>& records,
                                             Instant now);
    /// What is to be said of these activities, those of others that may still happen. Reads the
    /// lists of releases out of the store.
    Result<std::vector<DueReply>> due(const State& state,
                                      const std::vector<view::DealingSlot>& activities,
                                      Instant now);

  private:
    struct Subject;  // one activity
    /// By desk, what of the records that a reply may name: empty where it names only the desk.
    using ByDesk = std::map<std::string, std::set<Hash>>;
    /// What one call of due() works out once.
    struct Round {
        std::map<PartyId, double> areas;
        std::map<std::pair<PartyId, std::uint64_t>, std::set<Hash>> released;
        std::map<PartyId, std::map<Hash, Slots>> given;  // by leaf
    };
    Result<const std::set<Hash>*> released_since(const Subject& subject, Round& round) const;
    Result<Slots> held(const Subject& subject, const registry::Record& record,
                       const registry::Position& version, Round& round) const;
    Result<ByDesk> touched(const Subject& subject, Round& round);
    Result<void> by_exact(const Subject& subject, Round& round, ByDesk& out);
    Result<void> by_area(const Subject& subject, Round& round, ByDesk& out);
    static bool within_budget(const Subject& subject, Round& round);

    const Exchange& exchange_;
    index::Index areas_;  // coarse areas of one's own records, at all heights
    index::Scratch scratch_;
};

}  // namespace entente::node
