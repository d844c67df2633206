// SPDX-License-Identifier: Apache-2.0
#include "net/track_keeping.h"

#include <algorithm>
#include <iterator>

namespace entente::net {

void TrackKeeping::keep_with(Keeper keeper) {
    const std::lock_guard lock(keeper_mutex_);
    keeper_ = std::move(keeper);
}

bool TrackKeeping::behind() const {
    const std::lock_guard lock(mutex_);
    return !alerts_.empty();
}

/// Under the mutex.
void TrackKeeping::add(node::TrackAlert alert) {
    std::size_t& count = of_share_[alert.said.share];
    if (count > share_max) return;
    if (++count > share_max) {
        watch::Alert rest;
        rest.kind = watch::AlertKind::untold;
        rest.id = alert.said.id;
        rest.by = alert.said.by;
        rest.track = alert.said.track;
        rest.craft = alert.said.craft;
        rest.time = alert.said.time;
        rest.share = alert.said.share;
        rest.party = rest.share.party;
        rest.more = watch::many_alerts;
        alert = {std::move(rest)};
    }
    alerts_.push_back(std::move(alert));
    ++added_;
}

void TrackKeeping::keep(std::vector<node::TrackAlert> alerts, Done done) {
    {
        std::unique_lock lock(mutex_);
        if (wanted_) {
            for (node::TrackAlert& one : alerts) add(std::move(one));
        }
        if (alerts_.empty()) {
            lock.unlock();
            return done({});
        }
        waiting_.push_back({added_, std::move(done)});
        if (std::exchange(queued_, true)) return;
    }
    if (desk_.later([self = shared_from_this()](const Desk::Inside&) { self->work_off(); })) return;
    give_up({Errc::unavailable, "the node is stopping, or too much waits to be written"});
}

/// Under the mutex: those that have waited for what is written by now, or all.
std::vector<TrackKeeping::Waiting> TrackKeeping::finished(bool all) {
    const std::uint64_t written = added_ - alerts_.size();
    const auto end = all ? waiting_.end()
                         : std::find_if(waiting_.begin(), waiting_.end(),
                                        [&](const Waiting& one) { return one.until > written; });
    std::vector<Waiting> out(std::make_move_iterator(waiting_.begin()),
                             std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    return out;
}

/// Who waits hears of it; the alerts stay.
void TrackKeeping::give_up(const Error& why) {
    std::vector<Waiting> heard;
    {
        const std::lock_guard lock(mutex_);
        queued_ = false;
        heard = finished(true);
    }
    const Result<void> failed = tl::unexpected(why);
    for (const Waiting& one : heard) one.done(failed);
}

/// Some of them; the rest in a job of its own, so that what else waits for the desk has its turn.
void TrackKeeping::work_off() {
    std::vector<node::TrackAlert> some;
    {
        const std::lock_guard lock(mutex_);
        const std::size_t count = std::min(at_once, alerts_.size());
        some.assign(alerts_.begin(), alerts_.begin() + static_cast<std::ptrdiff_t>(count));
    }
    Result<void> kept = fail(Errc::unavailable, "the node is stopping");
    {
        const std::lock_guard lock(keeper_mutex_);
        if (keeper_) kept = keeper_(some);
    }
    if (!kept) return give_up(kept.error());
    std::vector<Waiting> heard;
    bool more = false;
    {
        const std::lock_guard lock(mutex_);
        // Only this thread takes any away.
        for (const node::TrackAlert& one : some) {
            const auto of = of_share_.find(one.said.share);
            if (--of->second == 0) of_share_.erase(of);
        }
        alerts_.erase(alerts_.begin(), alerts_.begin() + static_cast<std::ptrdiff_t>(some.size()));
        more = queued_ = !alerts_.empty();
        heard = finished(false);
    }
    for (const Waiting& one : heard) one.done(kept);
    if (!more) return;
    if (desk_.later([self = shared_from_this()](const Desk::Inside&) { self->work_off(); })) return;
    give_up({Errc::unavailable, "the node is stopping, or too much waits to be written"});
}

}  // namespace entente::net
