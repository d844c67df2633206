// SPDX-License-Identifier: Apache-2.0
// What a node says by itself to activities that others declared to it: that they were checked
// without what had been released by then (`missing`), or that they touch something (`conflict`,
// with the desk to call). Within PROTOCOL 14: of what was not released to that party only records
// whose author allows it are looked at (text field `automatic_reply`: `coarse`), by their coarse
// areas alone, and of one party's activities only so much area. What a reply may not say is told to
// people here (check, notices), who may object.
//
//     Replying replying(exchange);
//     replying.look(state, nullptr);                               // at start: everywhere
//     TRY(due, replying.due(state, scratch, activities, now));     // what was not said yet
//     for (auto& [to, reply] : due) exchange.log(…, {{to, Tier::exact}}, now);
//
// What was said stands in the register, so a reply is said once, whatever dies in between. Owned by
// the thread that owns the Node.
#pragma once

#include "node/exchange.h"
#include "view/view.h"

namespace entente::node {

/// Of one party's declared volumes, those of ended activities up to a day later with them: what
/// lies beyond is compared with what it was given only.
constexpr double reply_area_km2_max = 100'000;

struct DueReply {
    PartyId to;
    statement::Reply reply;
};

class Replying {
  public:
    explicit Replying(const Exchange& exchange) : exchange_(exchange) {}

    /// Which of our records let a reply name their desk. `changed`: where to look; null:
    /// everywhere.
    void look(const State& state, const std::vector<registry::Slot>* changed);
    /// What is to be said of these activities, those of others that may still happen. Reads the
    /// lists of releases out of the store.
    Result<std::vector<DueReply>> due(const State& state, index::Scratch& scratch,
                                      const std::vector<view::DealingSlot>& activities,
                                      Instant now) const;

  private:
    struct Subject;  // one activity
    Result<std::set<Hash>> released_since(const Peer& peer,
                                          const statement::Activity& activity) const;
    Result<void> reply_to(const Subject& subject, std::vector<DueReply>& out) const;
    Result<void> add_missing(const Subject& subject, std::vector<DueReply>& out) const;
    void add_conflicts(const Subject& subject, std::vector<DueReply>& out) const;
    std::vector<std::string> desks_by_area(const Subject& subject) const;
    static bool within_budget(const Subject& subject);

    const Exchange& exchange_;
    std::map<registry::Slot, std::vector<geo::Place>> coarse_;  // of records that allow it
};

}  // namespace entente::node
