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

/// The stays of fixes without a gap between them.
std::vector<Stay> stays_of(const Zone& zone, std::span<const Fix> run,
                           geo::AltitudeReference reference) {
    std::vector<Stay> out;
    const auto add = [&](const Interval& whole) {
        const auto one = clipped(whole, zone.window());
        if (!one) return;
        if (!out.empty() && one->first <= out.back().until) {
            out.back().until = std::max(out.back().until, one->last);
        } else {
            out.push_back({one->first, one->last, false, false});
        }
    };
    for (std::size_t i = 0; i < run.size(); ++i) {
        // A fix by itself counts too: two at one time have no way between them.
        for (const Interval& one : inside(zone, run[i], run[i], reference)) add(one);
        if (i + 1 == run.size()) break;
        for (const Interval& one : inside(zone, run[i], run[i + 1], reference)) add(one);
    }
    if (out.empty()) return out;
    out.front().begun_before = out.front().from == run.front().time;
    out.back().goes_on = out.back().until == run.back().time;
    return out;
}

/// The fixes up to the next gap.
std::span<const Fix> first_run(std::span<const Fix> fixes, Duration gap_max) {
    std::size_t size = 1;
    while (size < fixes.size() && fixes[size].time - fixes[size - 1].time <= gap_max) ++size;
    return fixes.first(size);
}

/// Where what moves from `before` to `last` is so much later.
Fix moved_on(const Fix& before, const Fix& last, Duration later) {
    const double times =
        static_cast<double>(later.count()) / static_cast<double>((last.time - before.time).count());
    constexpr std::int64_t turn_e7 = 3'600'000'000;
    std::int64_t east = last.at.lng_e7 - before.at.lng_e7;
    if (east > turn_e7 / 2) east -= turn_e7;
    if (east < -turn_e7 / 2) east += turn_e7;
    const double north = last.at.lat_e7 - before.at.lat_e7;
    Fix out{last.time + later, last.at, last.height};
    // A leg is less than half a turn, and ends at a pole.
    const double furthest = static_cast<double>(turn_e7) / 2 - 1;
    out.at.lat_e7 = static_cast<std::int32_t>(
        std::lround(std::clamp(last.at.lat_e7 + times * north, -900e6, 900e6)));
    out.at.lng_e7 +=
        std::llround(std::clamp(times * static_cast<double>(east), -furthest, furthest));
    if (before.height && last.height) {
        const auto climb = static_cast<double>(*last.height - *before.height);
        *out.height += std::llround(times * climb);
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
    std::span<const Fix> rest = track.fixes();
    while (!rest.empty()) {
        const std::span<const Fix> run = first_run(rest, gap_max);
        for (const Stay& one : stays_of(zone, run, track.reference())) out.stays.push_back(one);
        rest = rest.subspan(run.size());
        if (rest.empty()) break;
        const Interval gap{run.back().time + Duration(1), rest.front().time - Duration(1)};
        if (const auto one = clipped(gap, volume.window)) {
            out.unknown.push_back({one->first, one->last + Duration(1)});
        }
    }
    return out;
}

Duration total(const Presence& presence) {
    Duration out{0};
    for (const Stay& one : presence.stays) out += one.until - one.from;
    return out;
}

std::optional<Instant> predicted_entry(const Track& track, const geo::Volume4D& volume,
                                       Duration horizon, Duration over) {
    const std::vector<Fix>& fixes = track.fixes();
    if (fixes.empty()) return std::nullopt;
    const Fix& last = fixes.back();
    const auto before = std::find_if(fixes.rbegin(), fixes.rend(),
                                     [&](const Fix& one) { return last.time - one.time >= over; });
    if (before == fixes.rend()) return std::nullopt;
    const Zone zone(volume);
    const Fix then = moved_on(*before, last, horizon);
    for (const Interval& one : inside(zone, last, then, track.reference())) {
        if (const auto in = clipped(one, volume.window)) return in->first;
    }
    return std::nullopt;
}

}  // namespace entente::watch
