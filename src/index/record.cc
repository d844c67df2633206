// SPDX-License-Identifier: Apache-2.0
#include "index/record.h"

#include <cmath>
#include <limits>

#include "geo/band.h"
#include "geo/distance.h"
#include "geo/window.h"

namespace entente::index {
namespace {

constexpr std::int32_t open_lower = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t open_upper = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t time_offset = std::int64_t{1} << 47;
constexpr std::uint64_t time_end = (std::uint64_t{1} << 48) - 1;
constexpr std::int64_t half_turn_e7 = 1'800'000'000;

/// Metres as the whole decimetres that they came from.
std::optional<std::uint32_t> whole_decimetres(Metres m) {
    const double dm = std::nearbyint(m.v * 10.0);
    if (!(dm >= 0 && dm <= 4e9)) return std::nullopt;
    const auto whole = static_cast<std::int64_t>(dm);
    if (metres(Decimetres{whole}).v != m.v) return std::nullopt;
    return static_cast<std::uint32_t>(whole);
}

std::optional<std::uint64_t> packed_time(const std::optional<Instant>& t, std::uint64_t open) {
    if (!t) return open;
    const std::int64_t ms = millis(*t);
    if (ms <= -time_offset || ms >= time_offset - 1) return std::nullopt;
    return static_cast<std::uint64_t>(ms + time_offset);
}
std::optional<Instant> unpacked_time(std::uint32_t low, std::uint16_t high, std::uint64_t open) {
    const std::uint64_t v = (std::uint64_t{high} << 32) | low;
    if (v == open) return std::nullopt;
    return instant(static_cast<std::int64_t>(v) - time_offset);
}

bool fits(const std::optional<std::int64_t>& height) {
    return !height || (*height > open_lower && *height < open_upper);
}

}  // namespace

std::optional<PointRecord> pack(const geo::Volume4D& volume, Metres reach) {
    const auto* circle = std::get_if<geo::Circle>(&volume.shape);
    if (circle == nullptr) return std::nullopt;
    const geo::LatLng p = circle->center;
    if (p.lng_e7 < -half_turn_e7 || p.lng_e7 > half_turn_e7) return std::nullopt;
    if (circle->radius.v < 0 || circle->radius.v > 4'000'000'000) return std::nullopt;
    const auto reach_dm = whole_decimetres(reach);
    const auto start = packed_time(volume.window.start, 0);
    const auto end = packed_time(volume.window.end, time_end);
    if (!reach_dm || !start || !end || !fits(volume.band.lower) || !fits(volume.band.upper)) {
        return std::nullopt;
    }
    PointRecord r{};
    r.lat_e7 = p.lat_e7;
    r.lng_e7 = static_cast<std::int32_t>(p.lng_e7);
    r.radius_dm = static_cast<std::uint32_t>(circle->radius.v);
    r.reach_dm = *reach_dm;
    r.lower = static_cast<std::int32_t>(volume.band.lower.value_or(open_lower));
    r.upper = static_cast<std::int32_t>(volume.band.upper.value_or(open_upper));
    r.start_low = static_cast<std::uint32_t>(*start);
    r.start_high = static_cast<std::uint16_t>(*start >> 32);
    r.end_low = static_cast<std::uint32_t>(*end);
    r.end_high = static_cast<std::uint16_t>(*end >> 32);
    return r;
}

geo::Volume4D unpack(const PointRecord& r, geo::AltitudeReference reference) {
    geo::Volume4D v;
    v.shape = geo::Circle{{r.lat_e7, r.lng_e7}, Decimetres{r.radius_dm}};
    v.band.reference = reference;
    if (r.lower != open_lower) v.band.lower = r.lower;
    if (r.upper != open_upper) v.band.upper = r.upper;
    v.window.start = unpacked_time(r.start_low, r.start_high, 0);
    v.window.end = unpacked_time(r.end_low, r.end_high, time_end);
    return v;
}

Metres reach_of(const PointRecord& r) { return metres(Decimetres{r.reach_dm}); }

WholePtr make_whole(Slot slot, geo::Volume4D volume, Metres reach) {
    geo::Prepared shape(volume.shape);
    return std::make_shared<const Whole>(
        Whole{slot, 0, std::move(volume), reach, std::move(shape)});
}

bool overlaps(const Asked& asked, const geo::Volume4D& volume) {
    const geo::Volume4D& plan = asked.question().volume;
    return geo::overlap(plan.window, volume.window) && geo::overlap(plan.band, volume.band);
}

bool touches(const Asked& asked, const geo::Volume4D& volume, const geo::Prepared& shape,
             Metres reach) {
    return overlaps(asked, volume) &&
           geo::within(asked.shape(), shape, reach + asked.question().margin);
}

bool touches(const Asked& asked, const PointRecord& record, geo::AltitudeReference reference) {
    const geo::Volume4D volume = unpack(record, reference);
    return touches(asked, volume, geo::Prepared(volume.shape), reach_of(record));
}

}  // namespace entente::index
