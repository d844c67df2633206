// SPDX-License-Identifier: Apache-2.0
#include "watch/track.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "watch/leg.h"

namespace entente::watch {
namespace {

/// What lies in the window of an interval, if anything does.
std::optional<Interval> clipped(Interval one, const geo::Window& window) {
    if (window.start) one.first = std::max(one.first, *window.start);
    if (window.end) one.last = std::min(one.last, *window.end - Duration(1));
    if (one.first > one.last) return std::nullopt;
    return one;
}

/// The fixes of one time each.
using Group = std::span<const Fix>;
using Run = std::vector<Group>;

bool follow(const Group& before, const Group& after, Duration gap_max) {
    if (after.front().time - before.front().time > gap_max) return false;
    return std::all_of(before.begin(), before.end(), [&](const Fix& from) {
        return std::all_of(after.begin(), after.end(),
                           [&](const Fix& to) { return runs_straight(from, to); });
    });
}

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

/// Where what moves from `before` to `last` is so much later, or when it comes to a pole or half a
/// turn on.
Fix moved_on(const Fix& before, const Fix& last, Duration later) {
    constexpr std::int64_t turn_e7 = 3'600'000'000;
    const auto past = static_cast<double>((last.time - before.time).count());
    std::int64_t turned = last.at.lng_e7 - before.at.lng_e7;
    if (turned > turn_e7 / 2) turned -= turn_e7;
    if (turned < -turn_e7 / 2) turned += turn_e7;
    const double north = (last.at.lat_e7 - before.at.lat_e7) / past;  // 1e-7 degrees a millisecond
    const double east = static_cast<double>(turned) / past;
    double time = static_cast<double>(later.count());
    if (north != 0) time = std::min(time, ((north > 0 ? 9e8 : -9e8) - last.at.lat_e7) / north);
    if (east != 0) time = std::min(time, (turn_e7 / 2 - 1) / std::abs(east));
    time = std::floor(time);
    Fix out{last.time + Duration(static_cast<std::int64_t>(time)), last.at, {}};
    out.at.lat_e7 += static_cast<std::int32_t>(std::lround(time * north));
    out.at.lng_e7 += std::llround(time * east);
    if (before.height && last.height) {
        const auto climb = static_cast<double>(*last.height - *before.height) / past;
        out.height = *last.height + std::llround(time * climb);
    }
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
