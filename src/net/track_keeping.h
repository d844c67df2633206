// SPDX-License-Identifier: Apache-2.0
// Alerts of live tracks on their way from the thread that finds them to the desk's, which makes
// notices of them, some at a time. Neither waits for the other; who brought the positions hears
// once the notices are durable. What could not be written stays and goes with what comes next.
//
//     auto keeping = std::make_shared<TrackKeeping>(desk);
//     keeping->keep_with([&](auto alerts) { return notices.keep_tracks(alerts); });
//     keeping->keep(alerts, [](const Result<void>& kept) { ... });
//
// Safe from several threads. The desk outlives it.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>

#include "net/desk.h"
#include "node/noticing.h"

namespace entente::net {

class TrackKeeping : public std::enable_shared_from_this<TrackKeeping> {
  public:
    explicit TrackKeeping(Desk& desk) : desk_(desk) {}

    /// Called on the desk's thread. An empty one: nothing can be kept; when that returns, none
    /// before is called any more.
    using Keeper = std::function<Result<void>(std::span<const node::TrackAlert>)>;
    void keep_with(Keeper keeper);
    /// Whether anybody wants to be told: without that alerts are let go of at once.
    void want(bool wanted) { wanted_ = wanted; }
    bool wanted() const { return wanted_; }

    /// On the desk's thread, or at once where nothing is to be kept.
    using Done = std::function<void(const Result<void>& kept)>;
    void keep(std::vector<node::TrackAlert> alerts, Done done);
    /// Whether some are not kept yet.
    bool behind() const;

    static constexpr std::size_t at_once = 500;  // in one job of the desk
    /// Of one share, while they wait; what comes after them is one `untold`.
    static constexpr std::size_t share_max = watch::alerts_of_share_max;

  private:
    struct Waiting {
        std::uint64_t until;  // how many were added up to it
        Done done;
    };
    void add(node::TrackAlert alert);
    void work_off();
    std::vector<Waiting> finished(bool all);
    void give_up(const Error& why);

    Desk& desk_;
    std::atomic<bool> wanted_ = false;
    std::mutex keeper_mutex_;  // held while it is called
    Keeper keeper_;
    mutable std::mutex mutex_;  // guards what follows
    std::deque<node::TrackAlert> alerts_;
    std::map<watch::Share, std::size_t> of_share_;  // how many of them
    std::uint64_t added_ = 0;
    std::vector<Waiting> waiting_;  // in order
    bool queued_ = false;
};

}  // namespace entente::net
