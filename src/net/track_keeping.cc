// SPDX-License-Identifier: Apache-2.0
#include "net/track_keeping.h"

#include <iterator>

namespace entente::net {

void TrackKeeping::keep_with(Keeper keeper) {
    const std::lock_guard lock(keeper_mutex_);
    keeper_ = std::move(keeper);
}

void TrackKeeping::keep(std::vector<node::TrackAlert> alerts, Done done) {
    {
        std::unique_lock lock(mutex_);
        if (wanted_) std::move(alerts.begin(), alerts.end(), std::back_inserter(alerts_));
        if (alerts_.empty()) {
            lock.unlock();
            return done({});
        }
        waiting_.push_back(std::move(done));
        if (std::exchange(queued_, true)) return;
    }
    if (desk_.later([self = shared_from_this()](const Desk::Inside&) { self->work_off(); })) return;
    std::vector<Done> waiting;
    {
        const std::lock_guard lock(mutex_);
        queued_ = false;
        waiting.swap(waiting_);
    }
    const Result<void> failed =
        fail(Errc::unavailable, "the node is stopping, or too much waits to be written");
    for (const Done& one : waiting) one(failed);
}

void TrackKeeping::work_off() {
    std::vector<node::TrackAlert> alerts;
    std::vector<Done> waiting;
    {
        const std::lock_guard lock(mutex_);
        queued_ = false;
        alerts.swap(alerts_);
        waiting.swap(waiting_);
    }
    Result<void> kept;
    {
        const std::lock_guard lock(keeper_mutex_);
        if (keeper_) kept = keeper_(alerts);
    }
    if (!kept) {
        const std::lock_guard lock(mutex_);
        std::move(alerts_.begin(), alerts_.end(), std::back_inserter(alerts));
        alerts_ = std::move(alerts);
    }
    for (const Done& one : waiting) one(kept);
}

}  // namespace entente::net
