// SPDX-License-Identifier: Apache-2.0
// The desk of live tracks: one thread owns a watch::Live, works off batches of positions against
// the newest Moment, and notices silence. Only its alerts are kept: numbered in their order since
// the node was started (kept_alerts.h), and durably as notices of whoever asked for them
// (track_keeping.h). Nothing is logged and no position is stored.
//
//     TRY(live, LiveDesk::start(desk, boundaries));
//     auto done = live->take(positions);        // blocks until worked off, or refused
//     auto page = live->since(after, 200);      // any thread
//
// The boundaries are those that the node was started with, and beside them every version of a
// boundary or zone that is in force in the register, one's own and others', as it changes.
#pragma once

#include "base/limits.h"
#include "net/desk.h"
#include "net/kept_alerts.h"
#include "net/track_keeping.h"
#include "watch/live.h"

namespace entente::net {

class LiveDesk {
  public:
    /// Errors as watch::Live::set_boundaries, and Errc::too_large for more than files_max. The desk
    /// outlives it.
    static Result<std::unique_ptr<LiveDesk>> start(Desk& desk,
                                                   std::vector<watch::Boundary> boundaries);
    /// Answers what waits with Errc::unavailable, then ends the thread.
    ~LiveDesk();
    LiveDesk(const LiveDesk&) = delete;
    LiveDesk& operator=(const LiveDesk&) = delete;

    struct Done {
        watch::Taken taken;  // its alerts are taken out
        std::size_t alerts = 0;
        std::uint64_t newest = 0;  // the number of the newest alert then
        bool kept = true;          // what was found is durable as notices of whoever wants them
    };
    /// When it returns, what was found is durable as notices, or Done::kept says that this failed:
    /// then it is tried again each second. Errc::unavailable when queue_max batches wait.
    Result<Done> take(std::vector<watch::Position> batch);

    using Told = KeptAlerts::Told;
    struct Page {
        std::uint64_t first = 0;   // alerts up to this number are not kept any more
        std::uint64_t newest = 0;  // the newest of all
        /// Of alerts up to this number some are not kept any more: those of whoever gave rise to
        /// most. Not below `first`.
        std::uint64_t missed = 0;
        std::vector<Told> alerts;
    };
    /// Alerts after number `after`, at most so many. Any thread.
    Page since(std::uint64_t after, std::size_t most) const;
    /// As Changes::on_more().
    using Wake = std::function<void()>;
    void on_more(std::uint64_t after, const std::shared_ptr<const Wake>& wake);

    /// The volumes of a boundary, by its party, id and version.
    using Zones = std::map<std::tuple<std::string, std::string, std::string>,
                           std::shared_ptr<const std::vector<watch::Spot>>>;
    /// Who makes notices of the alerts. Any thread.
    TrackKeeping& keeping() { return *keeping_; }

    static constexpr std::size_t queue_max = 64;
    static constexpr std::size_t kept_max = 20'000;   // alerts
    static constexpr std::size_t files_max = 10'000;  // boundaries that the node is started with
    /// Versions of one party's that are looked at, in order of its log. GET /v1/airspace
    /// counts the rest.
    static constexpr std::size_t stated_max = 1'000;
    static_assert(files_max + limits::parties_max * stated_max <= watch::boundaries_max);

  private:
    struct Waiting {
        std::vector<watch::Position> batch;
        std::promise<Result<Done>> promise;
    };
    explicit LiveDesk(Desk& desk);
    void run();
    std::shared_ptr<const Moment> newest();
    Done work_off(const std::vector<watch::Position>& batch);
    void tick();
    /// Numbers the alerts and wakes who listens; how it stands then.
    std::uint64_t publish(const std::vector<watch::Alert>& alerts);

    void answer(Waiting one);
    node::TrackAlert placed(const watch::Alert& alert) const;

    Desk& desk_;
    std::shared_ptr<TrackKeeping> keeping_;
    mutable std::mutex mutex_;  // guards what follows, up to the thread's own
    std::condition_variable work_;
    std::deque<Waiting> waiting_;
    bool ending_ = false;
    KeptAlerts kept_{kept_max};
    std::uint64_t newest_ = 0;
    std::vector<std::weak_ptr<const Wake>> listeners_;
    std::size_t listeners_limit_ = 64;  // above it, those that are gone are dropped

    // The thread's own.
    watch::Live live_;
    std::vector<watch::Boundary> files_;
    Zones zones_;                            // of the boundaries that hold
    std::vector<node::TrackAlert> found_;    // not given to keeping_ yet
    std::weak_ptr<const Moment> looked_at_;  // whose boundaries hold
    std::vector<std::string> stated_;        // leaves of those of the register, in order
    // How often boundaries were taken over in the second that began then.
    static constexpr unsigned changes_a_second = 5;
    Instant changed_ = Instant::min();
    unsigned changes_ = 0;
    std::thread thread_;
};

}  // namespace entente::net
