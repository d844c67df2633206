// SPDX-License-Identifier: Apache-2.0
#include "view/activity.h"

#include <algorithm>

#include "base/assert.h"

namespace entente::view {
namespace {

using registry::DealingVersion;
using statement::Activity;

const Activity* activity_of(const DealingVersion& version) {
    return version.said ? std::get_if<Activity>(version.said.get()) : nullptr;
}

/// Its author's word that it is over. An act that is not known ends nothing.
bool is_end(const DealingVersion& version) {
    return version.act == statement::act::end || version.act == statement::act::cancel;
}

/// Of one that was started, as late as it may be; whichever volume it is late in.
void add_running_on(const Activity& activity, std::vector<geo::Place>& out) {
    for (geo::Place place : activity.volumes) {
        if (activity.started) place.volume.window.end = may_happen_until(activity);
        out.push_back(std::move(place));
    }
}

}  // namespace

const char* name(ActivityState state) {
    switch (state) {
        case ActivityState::planned: return "planned";
        case ActivityState::running: return "running";
        case ActivityState::overdue: return "overdue";
        case ActivityState::ended: return "ended";
        case ActivityState::cancelled: return "cancelled";
        case ActivityState::lapsed: return "lapsed";
        case ActivityState::not_understood: return "not_understood";
    }
    ASSERT(false);
}

bool may_happen(ActivityState state) {
    return state == ActivityState::planned || state == ActivityState::running ||
           state == ActivityState::overdue || state == ActivityState::not_understood;
}

Instant may_happen_until(const Activity& activity) {
    return activity.started ? activity.end() + runs_on_for : activity.end();
}

bool is_activity(const registry::Snapshot& snapshot, DealingSlot slot) {
    return is_of_kind(snapshot.dealings().at(slot), statement::activity_kind);
}

const Activity* SeenActivity::activity() const {
    const auto& all = dealing_->versions;
    const auto last = std::find_if(all.rbegin(), all.rend(), activity_of);
    return last == all.rend() ? nullptr : activity_of(*last);
}

ActivityState SeenActivity::state(Instant now) const {
    const auto newest = dealing_->newest();
    if (std::all_of(newest.begin(), newest.end(), is_end)) {
        return newest.back().act == statement::act::cancel ? ActivityState::cancelled
                                                           : ActivityState::ended;
    }
    bool lapsed = true, over = true, running = false;
    for (const DealingVersion& version : newest) {
        if (is_end(version)) continue;
        const Activity* activity = activity_of(version);
        if (activity == nullptr) return ActivityState::not_understood;
        lapsed &= may_happen_until(*activity) <= now;
        over &= activity->end() <= now;
        running |= activity->started.has_value();
        for (const geo::Place& volume : activity->volumes) {
            running |= *volume.volume.window.start <= now;
        }
    }
    if (lapsed) return ActivityState::lapsed;
    if (over) return ActivityState::overdue;
    return running ? ActivityState::running : ActivityState::planned;
}

/// What counts of it now: nothing once its author has ended it.
std::vector<const Activity*> SeenActivity::in_force() const {
    std::vector<const Activity*> out;
    bool unread = false;
    for (const DealingVersion& version : dealing_->newest()) {
        if (is_end(version)) continue;
        const Activity* activity = activity_of(version);
        unread |= activity == nullptr;
        if (activity != nullptr) out.push_back(activity);
    }
    // What is not understood takes nothing back: it may still be where it was said to be last.
    const Activity* last = unread ? activity() : nullptr;
    if (last != nullptr) out.push_back(last);
    return out;
}

std::vector<geo::Place> SeenActivity::volumes() const {
    std::vector<geo::Place> out;
    for (const Activity* one : in_force()) {
        out.insert(out.end(), one->volumes.begin(), one->volumes.end());
    }
    return out;
}

std::vector<geo::Place> SeenActivity::volumes(Instant now) const {
    std::vector<geo::Place> out;
    for (const Activity* one : in_force()) {
        if (one->started && one->end() <= now) {
            add_running_on(*one, out);
        } else {
            out.insert(out.end(), one->volumes.begin(), one->volumes.end());
        }
    }
    return out;
}

std::vector<geo::Place> SeenActivity::volumes_ever() const {
    std::vector<geo::Place> out;
    for (const Activity* one : in_force()) add_running_on(*one, out);
    return out;
}

}  // namespace entente::view
