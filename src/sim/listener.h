// SPDX-License-Identifier: Apache-2.0
// Who is told in one simulated party (doc/protocol/notices.md): its board and some webhooks, each
// with subscriptions, which are read at any moment and acknowledged in any order, while the process
// that makes the notices dies. What was told, and what was durably acknowledged, is kept here.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "node/noticing.h"
#include "sim/party.h"

namespace entente::sim {

class Listener {
  public:
    /// `heeded`: one of the webhooks is told of this party alone.
    Listener(Party& party, const PartyId& heeded);

    /// A process begins; the first one counts all that was so far as told. `heard_stops`: that no
    /// log shows yet.
    Result<void> start(Instant now, std::function<std::vector<node::HeardStop>()> heard_stops);
    void stop() { noticing_.reset(); }
    /// After each commit. `changed`: null after a start.
    Result<void> make(const std::vector<registry::Slot>* changed, Instant now);
    /// Reads some of what waits in each stream, and acknowledges some of that, or all of it.
    Result<void> read(Rng& rng, bool all);

    struct Heard {
        std::uint64_t seq = 0;
        node::Notice notice;
        bool acknowledged = false;  // durably
    };
    /// Of one stream, by the notice's id.
    using Told = std::map<std::string, Heard>;
    const Told& told(const std::string& stream) const { return told_.at(stream); }
    /// Whether the board has a notice, read or not, that says this of this entry.
    bool has(const Hash& leaf, const std::string& detail);
    /// What did not hold while it was read; empty: all did.
    const std::string& wrong() const { return wrong_; }

    static constexpr int area_sites = 25;

  private:
    std::string subscribe(watch::Subscription subscription);
    void take(const std::string& stream, const node::WaitingNotice& one);
    Result<void> acknowledge(const std::string& stream, std::vector<std::uint64_t> seqs);
    Result<void> see_what_is_durable();

    Party& party_;
    KillStore store_;
    std::vector<node::Subscriber> subscribers_;
    std::optional<node::Noticing> noticing_;
    std::map<std::string, Told> told_;
    std::string under_way_;  // the stream of which something is acknowledged; empty: of none
    std::vector<std::uint64_t> under_way_seqs_;
    std::string wrong_;

  public:
    // The streams: of everything, of the one party, of the class of movements, of the sites below
    // area_sites.
    const std::string board, heeds, roads, somewhere;
};

}  // namespace entente::sim
