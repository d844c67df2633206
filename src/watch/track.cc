// SPDX-License-Identifier: Apache-2.0
#include "watch/track.h"

#include <algorithm>
#include <span>

#include "watch/leg.h"

namespace entente::watch {
namespace {

using Run = std::vector<Group>;

/// The track as groups of fixes between which the way is known.
std::vector<Run> runs_of(std::span<const Fix> fixes, Duration gap_max) {
    std::vector<Run> out;
    while (!fixes.empty()) {
        std::size_t size = 1;
        while (size < fixes.size() && fixes[size].time == fixes[0].time) ++size;
        const Group group = fixes.first(size);
        if (out.empty() || !follow(out.back().back(), group, gap_max)) out.emplace_back();
        out.back().push_back(group);
        fixes = fixes.subspan(size);
    }
    return out;
}

/// All ways from one group to the next.
void add_ways(const Zone& zone, const Group& from, const Group& to,
              geo::AltitudeReference reference, std::vector<Interval>& out) {
    for (const Fix& a : from) {
        for (const Fix& b : to) {
            const auto times = inside(zone, a, b, reference);
            out.insert(out.end(), times.begin(), times.end());
        }
    }
}

bool any_inside(const Zone& zone, const Group& group, geo::AltitudeReference reference) {
    return std::any_of(group.begin(), group.end(),
                       [&](const Fix& one) { return !inside(zone, one, one, reference).empty(); });
}

std::vector<Stay> stays_of(const Zone& zone, const Run& run, geo::AltitudeReference reference) {
    std::vector<Interval> times;
    for (std::size_t i = 0; i < run.size(); ++i) {
        for (const Fix& one : run[i])
            add_ways(zone, Group(&one, 1), Group(&one, 1), reference, times);
        if (i + 1 < run.size()) add_ways(zone, run[i], run[i + 1], reference, times);
    }
    std::sort(times.begin(), times.end(),
              [](const Interval& a, const Interval& b) { return a.first < b.first; });
    std::vector<Stay> out;
    for (const Interval& whole : times) {
        const auto one = clipped(whole, zone.window());
        if (!one) continue;
        if (!out.empty() && one->first <= out.back().until) {
            out.back().until = std::max(out.back().until, one->last);
        } else {
            out.push_back({one->first, one->last, false, false});
        }
    }
    if (out.empty()) return out;
    out.front().begun_before =
        out.front().from == run.front().front().time && any_inside(zone, run.front(), reference);
    out.back().goes_on =
        out.back().until == run.back().front().time && any_inside(zone, run.back(), reference);
    return out;
}

}  // namespace

Track::Track(std::vector<Fix> fixes, geo::AltitudeReference reference)
    : fixes_(std::move(fixes)), reference_(reference) {
    std::sort(fixes_.begin(), fixes_.end());
    fixes_.erase(std::unique(fixes_.begin(), fixes_.end()), fixes_.end());
}

Presence presence(const Track& track, const geo::Volume4D& volume, Duration gap_max) {
    Presence out;
    const Zone zone(volume);
    std::optional<Instant> last;
    for (const Run& run : runs_of(track.fixes(), gap_max)) {
        const Instant first = run.front().front().time;
        const auto gap = last ? clipped({*last + Duration(1), first - Duration(1)}, volume.window)
                              : std::nullopt;
        if (gap) out.unknown.push_back({gap->first, gap->last + Duration(1)});
        for (const Stay& one : stays_of(zone, run, track.reference())) out.stays.push_back(one);
        last = run.back().front().time;
    }
    return out;
}

Duration total(const Presence& presence) {
    Duration out{0};
    for (const Stay& one : presence.stays) out += one.until - one.from;
    return out;
}

Prediction predicted_entry(const Track& track, const geo::Volume4D& volume, Duration horizon,
                           Duration over, Duration gap_max) {
    const std::vector<Run> runs = runs_of(track.fixes(), gap_max);
    if (runs.empty()) return {};
    const Zone zone(volume);
    const Run& run = runs.back();
    const Group& last = run.back();
    const auto before = std::find_if(run.rbegin(), run.rend(), [&](const Group& one) {
        return last.front().time - one.front().time >= over;
    });
    std::vector<Interval> times;
    for (const Fix& now : last) {
        add_ways(zone, Group(&now, 1), Group(&now, 1), track.reference(), times);
        if (before == run.rend()) continue;
        for (const Fix& then : *before) {
            const Fix goal = moved_on(then, now, horizon);
            add_ways(zone, Group(&now, 1), Group(&goal, 1), track.reference(), times);
        }
    }
    Prediction out{before != run.rend(), {}};
    for (const Interval& one : times) {
        const auto in = clipped(one, volume.window);
        if (in) out.entry = std::min(out.entry.value_or(in->first), in->first);
    }
    out.known = out.known || out.entry;
    return out;
}

}  // namespace entente::watch
