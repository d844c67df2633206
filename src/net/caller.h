// SPDX-License-Identifier: Apache-2.0
// Carries STOPs to the desks that they call (PROTOCOL 28): each call over every route at once (the
// party's own node, the party that relays for it, every other party), each on a thread of its own,
// so that the slowness of one is nobody else's. What came of it is logged as an attempt, for whom
// it was to reach. Whom to call next is node::next_call's; here is only how.
//
// It also asks the others for what they keep for this node: often where nobody can call it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "net/desk.h"
#include "net/peer_client.h"

namespace entente::net {

class Caller {
  public:
    struct Options {
        std::map<PartyId, PeerOptions> reachable;       // parties whose node has an address
        std::map<PartyId, PartyId> relay_of;            // who relays for whom, by the charter
        Duration ask_every = std::chrono::seconds(60);  // what others keep for this node
        std::function<Instant()> now;
    };
    /// The desk outlives it.
    Caller(Desk& desk, Options options);
    /// What is under way is given up; it is called again at the next start.
    ~Caller();
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

    /// Carries on what another party left here for a third one: of each pair one at a time, and
    /// only so many. Any thread; does not wait.
    void carry(const PartyId& from, const PartyId& to, Bytes box);

    /// A route that has given nothing by then is logged as failed.
    static constexpr std::chrono::milliseconds route_max{10'000};
    static constexpr std::size_t calls_max = 64;    // at once; each of so many routes
    static constexpr std::size_t carried_max = 16;  // at once, of others

  private:
    struct Line;  // one route to one node
    void run();
    void begin_calls();
    void begin_asking();
    void ask(const PartyId& party);
    void call(const Desk::DueCall& due);
    bool start(std::function<void()> job);
    void reap(bool all);
    std::vector<Line> lines_to(const PartyId& to) const;
    statement::Tried push(const Line& line, const PartyId& to, const std::string& of,
                          const Bytes& box);
    std::optional<Reply> once(const PartyId& via, const PeerLimits& limits,
                              const std::function<Reply(PeerClient&)>& use);
    std::vector<statement::Tried> push_all(const Desk::DueCall& due, const std::string& of);

    Desk& desk_;
    const Options options_;
    std::mutex mutex_;  // guards what follows, but for asked_
    std::condition_variable woken_;
    bool ending_ = false;
    std::set<RecordId> calling_;              // under way
    std::map<RecordId, Instant> not_before_;  // of what could not be logged
    std::set<std::pair<PartyId, PartyId>> carrying_;
    std::set<PartyId> asking_;
    std::vector<PeerClient*> clients_;          // under way: stopped when this ends
    std::vector<std::future<void>> jobs_;       // run()'s thread and carry()'s callers
    std::map<PartyId, std::string> kept_seen_;  // ETags of what others keep for this node
    Instant asked_ = Instant::min();            // run()'s thread
    std::thread thread_;
};

/// What a node says that took an urgent statement: its desks, and whether somebody holds them.
struct Roles {
    std::map<std::string, bool> held;
};
Bytes format_taken(const Roles& roles);
/// Lines that are not known are passed over.
Roles parse_taken(BytesView text);

}  // namespace entente::net
