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

}  // namespace

const char* name(ActivityState state) {
    switch (state) {
        case ActivityState::planned: return "planned";
        case ActivityState::running: return "running";
        case ActivityState::ended: return "ended";
        case ActivityState::cancelled: return "cancelled";
        case ActivityState::lapsed: return "lapsed";
        case ActivityState::not_understood: return "not_understood";
    }
    ASSERT(false);
}

bool may_happen(ActivityState state) {
    return state == ActivityState::planned || state == ActivityState::running ||
           state == ActivityState::not_understood;
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
    bool lapsed = true, running = false;
    for (const DealingVersion& version : newest) {
        if (is_end(version)) continue;
        const Activity* activity = activity_of(version);
        if (activity == nullptr) return ActivityState::not_understood;
        lapsed &= activity->end() <= now;
        running |= activity->started.has_value();
        for (const geo::Place& volume : activity->volumes) {
            running |= *volume.volume.window.start <= now;
        }
    }
    if (lapsed) return ActivityState::lapsed;
    return running ? ActivityState::running : ActivityState::planned;
}

std::vector<geo::Place> SeenActivity::volumes() const {
    std::vector<geo::Place> out;
    bool unread = false;
    for (const DealingVersion& version : dealing_->newest()) {
        if (is_end(version)) continue;
        const Activity* activity = activity_of(version);
        unread |= activity == nullptr;
        if (activity == nullptr) continue;
        out.insert(out.end(), activity->volumes.begin(), activity->volumes.end());
    }
    // What is not understood takes nothing back: it may still be where it was said to be last.
    const Activity* last = unread ? activity() : nullptr;
    if (last != nullptr) out.insert(out.end(), last->volumes.begin(), last->volumes.end());
    return out;
}

}  // namespace entente::view
