// SPDX-License-Identifier: Apache-2.0
#include "check/activity.h"

#include <algorithm>

#include "geo/band.h"
#include "geo/distance.h"
#include "geo/window.h"

namespace entente::check {
namespace {

Metres accuracy_of(const geo::Place& volume) {
    return volume.accuracy ? metres(*volume.accuracy) : Metres{0};
}

geo::Window overlap_of(const geo::Window& a, const geo::Window& b) {
    geo::Window out = a;
    if (b.start && (!out.start || *b.start > *out.start)) out.start = b.start;
    if (b.end && (!out.end || *b.end < *out.end)) out.end = b.end;
    return out;
}

/// The nearest of the other one's volumes, as they may be by now, that this one touches; nothing
/// where none is.
std::optional<Meeting> meeting_of(const view::SeenActivity& other, std::size_t number,
                                  const geo::Volume4D& volume, Metres margin, Instant now) {
    std::optional<Meeting> out;
    const geo::Prepared shape(volume.shape);
    for (const geo::Place& there : other.volumes(now)) {
        if (!geo::overlap(volume.window, there.volume.window) ||
            !geo::overlap(volume.band, there.volume.band)) {
            continue;
        }
        const geo::Prepared its(there.volume.shape);
        if (!geo::within(shape, its, margin + accuracy_of(there))) continue;
        const Metres distance = geo::approach(shape, its).distance;
        if (out && out->distance.v <= distance.v) continue;
        out =
            Meeting{other.slot(), number, distance, overlap_of(volume.window, there.volume.window)};
    }
    return out;
}

void sort_unique(std::vector<view::DealingSlot>& slots) {
    std::sort(slots.begin(), slots.end());
    slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
}

struct Where {
    const index::Index& activities;
    index::Scratch& scratch;
};

std::vector<view::DealingSlot> within(const view::View& view, const Where& where,
                                      const view::Seen& record, Metres beyond, Instant now) {
    std::vector<view::DealingSlot> out;
    std::vector<index::Slot> touched;
    record.each_place(now, [&](const view::SeenPlace& place) {
        geo::Volume4D volume = place.reached->place.volume;
        if (volume.window.end && *volume.window.end <= now) return;
        volume.window.start = std::max(volume.window.start.value_or(now), now);
        const Metres reach = place.reached->reach() + beyond;
        where.activities.touching({volume, reach}, where.scratch, touched);
        for (const index::Slot slot : touched) {
            const view::SeenActivity seen = view.activity(slot);
            // The index has what was started as late as it may be.
            const auto* said = seen.activity();
            const bool late = said != nullptr && said->started;
            if (!late || meeting_of(seen, 0, volume, reach, now)) out.push_back(slot);
        }
    });
    sort_unique(out);
    std::erase_if(out, [&](view::DealingSlot slot) {
        return !view::may_happen(view.activity(slot).state(now));
    });
    return out;
}

}  // namespace

std::vector<index::Item> activity_items(view::DealingSlot slot, const view::SeenActivity& seen) {
    std::vector<index::Item> out;
    for (const geo::Place& volume : seen.volumes_ever()) {
        out.push_back({slot, volume.volume, accuracy_of(volume)});
    }
    return out;
}

std::optional<Question> question_of(const view::SeenActivity& seen, Instant now) {
    Question out;
    for (geo::Place& place : seen.volumes(now)) {
        geo::Window& window = place.volume.window;
        if (window.end && *window.end <= now) continue;
        window.start = std::max(window.start.value_or(now), now);
        out.margin = std::max(out.margin, accuracy_of(place));
        out.volumes.push_back(std::move(place.volume));
    }
    if (out.volumes.empty()) return std::nullopt;
    return out;
}

std::vector<Meeting> meetings(const view::View& view, const index::Index& activities,
                              index::Scratch& scratch, const Question& question,
                              const std::optional<RecordId>& except, Instant now) {
    std::vector<Meeting> out;
    std::vector<index::Slot> candidates;
    for (std::size_t i = 0; i < question.volumes.size(); ++i) {
        const geo::Volume4D& volume = question.volumes[i];
        activities.candidates({volume, question.margin}, scratch, candidates);
        for (const index::Slot slot : candidates) {
            const view::SeenActivity other = view.activity(slot);
            if (other.id() == except || !view::may_happen(other.state(now))) continue;
            const auto met = meeting_of(other, i, volume, question.margin, now);
            if (met) out.push_back(*met);
        }
    }
    // Of each activity its nearest, in order.
    std::stable_sort(out.begin(), out.end(), [](const Meeting& a, const Meeting& b) {
        return a.slot != b.slot ? a.slot < b.slot : a.distance.v < b.distance.v;
    });
    const auto same = [](const Meeting& a, const Meeting& b) { return a.slot == b.slot; };
    out.erase(std::unique(out.begin(), out.end(), same), out.end());
    std::sort(out.begin(), out.end(), [&](const Meeting& a, const Meeting& b) {
        if (a.distance.v != b.distance.v) return a.distance.v < b.distance.v;
        return view.activity(a.slot).id() < view.activity(b.slot).id();
    });
    return out;
}

std::vector<view::DealingSlot> touched(const view::View& view, const index::Index& activities,
                                       index::Scratch& scratch, const view::Seen& record,
                                       Instant now) {
    return within(view, {activities, scratch}, record, Metres{0}, now);
}

std::vector<view::DealingSlot> concerned(const view::View& view, const index::Index& activities,
                                         index::Scratch& scratch, const view::Seen& record,
                                         Instant now) {
    const Metres policy = view.charter().terms.policy_distance;
    return within(view, {activities, scratch}, record, policy, now);
}

}  // namespace entente::check
