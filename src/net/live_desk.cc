// SPDX-License-Identifier: Apache-2.0
#include "net/live_desk.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/assert.h"
#include "base/encode.h"
#include "geo/band.h"
#include "geo/distance.h"
#include "geo/window.h"
#include "net/track_json.h"
#include "view/airspace.h"

namespace entente::net {
namespace {

constexpr std::chrono::milliseconds tick_every{1000};

/// Whether a place of the record that protects at this moment touches the question. What only
/// objects to an activity is no such place (a STOP is).
bool protects(const view::View& view, view::Slot slot, const index::Question& question,
              Instant now) {
    const geo::Volume4D& asked = question.volume;
    std::optional<geo::Prepared> shape;
    bool out = false;
    view.at(slot).each_place(now, [&](const view::SeenPlace& place) {
        if (out || (place.objects && !place.stops)) return;
        if (!shape) shape.emplace(asked.shape);
        const geo::Volume4D& there = place.reached->place.volume;
        out = geo::overlap(there.window, asked.window) && geo::overlap(there.band, asked.band) &&
              geo::within(geo::Prepared(there.shape), *shape,
                          place.reached->reach() + question.margin);
    });
    return out;
}

/// Of a moment that outlives it.
watch::Protections protections_of(const Moment& moment, Instant now) {
    return {moment.state.index,
            [&moment, now](index::Slot slot, const index::Question& question) {
                return protects(moment.view, slot, question, now);
            },
            [&moment](index::Slot slot) { return moment.view.at(slot).id().text(); },
            [&moment](index::Slot slot) -> watch::Whose {
                const view::Seen seen = moment.view.at(slot);
                return {seen.party().v, seen.over_budget()};
            }};
}

/// One version of a party's that is in force.
struct Stated {
    const view::SeenAirspace* seen;
    view::AirspaceVersion said;
    bool several;  // a fork claims the number twice
};

watch::Boundary boundary_of(const Stated& one) {
    const Hash& leaf = one.said.version->position.leaf;
    watch::Boundary out;
    out.party = one.seen->party().v;
    out.id = one.seen->id().text();
    out.version = std::to_string(one.said.version->number);
    out.name = one.said.airspace->name;
    out.leaf = to_base64(leaf.view());
    if (one.several) out.version += " by entry " + out.leaf;
    for (const geo::Place& place : one.said.airspace->volumes) out.volumes.push_back(place.volume);
    return out;
}

/// What the register holds of boundaries: of each party the first stated_max, by its log.
std::vector<watch::Boundary> stated_in(const Moment& moment) {
    const auto all = view::airspaces(moment.state.snapshot);
    std::map<PartyId, std::vector<Stated>> by_party;
    for (const view::SeenAirspace& seen : all) {
        const auto in_force = seen.in_force();
        for (const view::AirspaceVersion& said : in_force) {
            by_party[seen.party()].push_back({&seen, said, in_force.size() > 1});
        }
    }
    std::vector<watch::Boundary> out;
    for (auto& [party, ones] : by_party) {
        const auto rank = [](const Stated& one) {
            const registry::Position& at = one.said.version->position;
            return std::tie(at.index, at.leaf);
        };
        std::sort(ones.begin(), ones.end(),
                  [&](const Stated& a, const Stated& b) { return rank(a) < rank(b); });
        // A log may have one entry twice: it says the same thing once.
        std::set<Hash> leaves;
        std::erase_if(ones, [&](const Stated& one) {
            return !leaves.insert(one.said.version->position.leaf).second;
        });
        if (ones.size() > LiveDesk::stated_max) ones.resize(LiveDesk::stated_max);
        for (const Stated& one : ones) out.push_back(boundary_of(one));
    }
    return out;
}

LiveDesk::Zones zones_of(const std::vector<watch::Boundary>& boundaries) {
    LiveDesk::Zones out;
    for (const watch::Boundary& one : boundaries) {
        auto spots = std::make_shared<std::vector<watch::Spot>>();
        for (const geo::Volume4D& volume : one.volumes) spots->push_back({volume, {}});
        out.emplace(std::tie(one.party, one.id, one.version), std::move(spots));
    }
    return out;
}

}  // namespace

Result<std::unique_ptr<LiveDesk>> LiveDesk::start(Desk& desk,
                                                  std::vector<watch::Boundary> boundaries) {
    std::unique_ptr<LiveDesk> out(new LiveDesk(desk));
    if (boundaries.size() > files_max) {
        return fail(Errc::too_large,
                    "more than " + std::to_string(files_max) + " boundaries in files (files_max)");
    }
    // Refused here if at all: what the register holds is valid, and stands once.
    TRY(alerts, out->live_.set_boundaries(boundaries));
    out->zones_ = zones_of(boundaries);
    out->files_ = std::move(boundaries);
    out->thread_ = std::thread([raw = out.get()] { raw->run(); });
    return out;
}

/// Numbers begin at the clock, in microseconds, so that none of before the start is one of now.
LiveDesk::LiveDesk(Desk& desk)
    : desk_(desk), keeping_(std::make_shared<TrackKeeping>(desk)),
      newest_(static_cast<std::uint64_t>(millis(desk.now())) * 1000) {}

LiveDesk::~LiveDesk() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    work_.notify_all();
    if (thread_.joinable()) thread_.join();
}

Result<LiveDesk::Done> LiveDesk::take(std::vector<watch::Position> batch) {
    std::future<Result<Done>> done;
    {
        const std::lock_guard lock(mutex_);
        if (ending_) return fail(Errc::unavailable, "the node is stopping");
        if (waiting_.size() >= queue_max) {
            return fail(
                Errc::unavailable,
                "more than " + std::to_string(queue_max) +
                    " batches of positions wait already; send the next when one is answered");
        }
        Waiting& one = waiting_.emplace_back();
        one.batch = std::move(batch);
        done = one.promise.get_future();
    }
    work_.notify_one();
    return done.get();
}

void LiveDesk::run() {
    auto ticked = std::chrono::steady_clock::now();
    std::unique_lock lock(mutex_);
    while (!ending_) {
        const auto due = [this] { return ending_ || !waiting_.empty(); };
        // Without tracks nobody can fall silent, and nothing wakes this thread, but for notices
        // that could not be written.
        if (live_.tracks() == 0 && !keeping_->behind()) {
            work_.wait(lock, due);
        } else {
            work_.wait_for(lock, tick_every, due);
        }
        if (ending_) break;
        std::optional<Waiting> one;
        if (!waiting_.empty()) {
            one = std::move(waiting_.front());
            waiting_.pop_front();
        }
        lock.unlock();
        if (one) answer(std::move(*one));
        if (const auto now = std::chrono::steady_clock::now(); now - ticked >= tick_every) {
            tick();
            ticked = now;
        }
        lock.lock();
    }
    for (Waiting& one : waiting_) {
        one.promise.set_value(fail(Errc::unavailable, "the node is stopping"));
    }
    waiting_.clear();
}

/// The register as it is now, with its boundaries taken over: what they find inside is told.
std::shared_ptr<const Moment> LiveDesk::newest() {
    auto moment = desk_.moment();
    const Instant now = desk_.now();
    if (moment == looked_at_.lock()) return moment;
    // However often others change theirs, tracks are looked at anew a few times a second.
    if (changed_ > now || changed_ + std::chrono::seconds(1) <= now) changed_ = now, changes_ = 0;
    if (changes_ == changes_a_second) return moment;
    looked_at_ = moment;
    std::vector<watch::Boundary> stated = stated_in(*moment);
    std::vector<std::string> leaves;
    for (const watch::Boundary& one : stated) leaves.push_back(one.version + " " + one.leaf);
    if (leaves == stated_) return moment;
    stated_ = std::move(leaves);
    ++changes_;
    std::vector<watch::Boundary> all = files_;
    for (watch::Boundary& one : stated) all.push_back(std::move(one));
    // Others' words are no reason to end: what cannot be taken over leaves what was there.
    Zones zones = zones_of(all);
    if (const auto alerts = live_.set_boundaries(std::move(all))) {
        zones_ = std::move(zones);
        publish(*alerts);
    }
    return moment;
}

/// Whoever sent the batch hears of it once what it gave rise to is kept; the next one is worked off
/// meanwhile.
void LiveDesk::answer(Waiting one) {
    auto promise = std::make_shared<std::promise<Result<Done>>>(std::move(one.promise));
    Done done = work_off(one.batch);
    keeping_->keep(std::exchange(found_, {}), [promise, done](const Result<void>& kept) {
        Done told = done;
        told.kept = kept.has_value();
        promise->set_value(std::move(told));
    });
}

LiveDesk::Done LiveDesk::work_off(const std::vector<watch::Position>& batch) {
    const auto moment = newest();
    const Instant now = desk_.now();
    Done out;
    out.taken = live_.take(batch, now, protections_of(*moment, now));
    out.alerts = out.taken.alerts.size();
    out.newest = publish(out.taken.alerts);
    out.taken.alerts.clear();
    return out;
}

void LiveDesk::tick() {
    const auto moment = newest();
    const Instant now = desk_.now();
    publish(live_.tick(now, protections_of(*moment, now)));
    keeping_->keep(std::exchange(found_, {}), [](const Result<void>&) {});
}

std::uint64_t LiveDesk::publish(const std::vector<watch::Alert>& alerts) {
    std::vector<std::weak_ptr<const Wake>> listeners;
    std::uint64_t newest = newest_;  // nobody but this thread changes it
    std::vector<Told> all;
    for (const watch::Alert& alert : alerts) {
        ++newest;
        if (keeping_->wanted()) found_.push_back(placed(alert));
        Told told{newest, {}, alert_json(newest, alert)};
        if (!alert.record.empty()) {
            if (const auto id = RecordId::parse(alert.record)) told.record = *id;
        }
        all.push_back(std::move(told));
    }
    {
        const std::lock_guard lock(mutex_);
        for (std::size_t i = 0; i < all.size(); ++i) kept_.add(std::move(all[i]), alerts[i].share);
        newest_ = newest;
        if (!alerts.empty()) listeners.swap(listeners_);
    }
    for (const auto& one : listeners) {
        if (const auto wake = one.lock()) (*wake)();
    }
    return newest;
}

/// With the volumes of its zone, so that whoever asked for an area is told.
node::TrackAlert LiveDesk::placed(const watch::Alert& alert) const {
    node::TrackAlert out{alert};
    const auto zone = zones_.find({alert.party, alert.zone, alert.version});
    if (alert.zone.empty() || zone == zones_.end()) return out;
    out.spots = zone->second;
    return out;
}

LiveDesk::Page LiveDesk::since(std::uint64_t after, std::size_t most) const {
    const std::lock_guard lock(mutex_);
    Page out;
    out.newest = newest_;
    out.first = kept_.oldest() == 0 ? newest_ : kept_.oldest() - 1;
    out.missed = std::max(out.first, kept_.gone());
    out.alerts = kept_.since(after, most);
    return out;
}

void LiveDesk::on_more(std::uint64_t after, const std::shared_ptr<const Wake>& wake) {
    {
        const std::lock_guard lock(mutex_);
        if (newest_ <= after) {
            if (listeners_.size() >= listeners_limit_) {
                std::erase_if(listeners_, [](const auto& one) { return one.expired(); });
                listeners_limit_ = 2 * listeners_.size() + 64;
            }
            listeners_.push_back(wake);
            return;
        }
    }
    (*wake)();
}

}  // namespace entente::net
