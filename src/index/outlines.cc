// SPDX-License-Identifier: Apache-2.0
#include "index/outlines.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace entente::index {
namespace {

template <class T>
constexpr T least = std::numeric_limits<T>::min();
template <class T>
constexpr T most = std::numeric_limits<T>::max();
constexpr std::int64_t half_turn_e7 = 1'800'000'000;

bool fits(const std::optional<std::int64_t>& height) {
    return !height || (*height > least<std::int32_t> && *height < most<std::int32_t>);
}

/// A point that belongs to the shape: of a ring the middle of its box where that is inside, of
/// others, and else, the middle one of its points. Sums and products of ±60° in 1e-7 fit in 64
/// bits.
geo::LatLng anchor_of(const OutlinePoints& outline) {
    const auto& p = outline.points;
    const geo::LatLng first = p.front();
    if (!outline.ring) return p[p.size() / 2];
    std::int64_t west = first.lng_e7, east = west, south = first.lat_e7, north = south;
    for (const geo::LatLng& q : p) {
        west = std::min(west, q.lng_e7);
        east = std::max(east, q.lng_e7);
        south = std::min<std::int64_t>(south, q.lat_e7);
        north = std::max<std::int64_t>(north, q.lat_e7);
    }
    const std::int64_t lat = (south + north) / 2, lng = (west + east) / 2;
    bool inside = false;
    for (std::size_t i = 0; i + 1 < p.size(); ++i) {
        const geo::LatLng a = p[i], b = p[i + 1];
        if ((a.lat_e7 > lat) == (b.lat_e7 > lat)) continue;
        const std::int64_t side = (b.lng_e7 - a.lng_e7) * (lat - a.lat_e7) -
                                  (b.lat_e7 - std::int64_t{a.lat_e7}) * (lng - a.lng_e7);
        inside ^= (side > 0) != (b.lat_e7 < a.lat_e7);
    }
    return inside ? geo::LatLng{static_cast<std::int32_t>(lat), lng} : first;
}

/// How far anything of the shape without its own radius is from the anchor.
float extent_of(const geo::Prepared& shape, geo::LatLng anchor) {
    const geo::Ball ball = shape.skeleton_ball();
    const double chord = geo::length(geo::to_ecef(anchor) - ball.center) + ball.radius_m;
    // To a geodesic, and up to a float. Where the Earth's roundness tells, it is not used.
    constexpr double small = 100'000;
    return chord < small ? static_cast<float>(chord * 1.0001 + 0.1)
                         : std::numeric_limits<float>::infinity();
}

}  // namespace

Outlines::Outlines(std::vector<WholePtr> wholes)
    : wholes_(std::move(wholes)), records_(wholes_.size()) {
    for (std::size_t i = 0; i < wholes_.size(); ++i) add(records_[i], *wholes_[i]);
    lat_.resize(lat_.size() + outline_spare);
    lng_.resize(lng_.size() + outline_spare);
    lat_.shrink_to_fit();
    lng_.shrink_to_fit();
}

void Outlines::add(Record& r, const Whole& whole) {
    const geo::Volume4D& v = whole.volume;
    r.slot = whole.slot;
    r.reach = whole.shape.radius().v + whole.reach.v;
    if (!fits(v.band.lower) || !fits(v.band.upper)) return;
    const OutlinePoints outline = outline_points(v.shape);
    if (outline.points.empty() || lat_.size() > most<std::uint32_t> - outline.points.size()) return;
    r.start = v.window.start ? millis(*v.window.start) : least<std::int64_t>;
    r.end = v.window.end ? millis(*v.window.end) : most<std::int64_t>;
    r.lower = static_cast<std::int32_t>(v.band.lower.value_or(least<std::int32_t>));
    r.upper = static_cast<std::int32_t>(v.band.upper.value_or(most<std::int32_t>));
    r.reference = static_cast<std::uint8_t>(tree_reference(v.band));
    r.ring = outline.ring;
    const geo::LatLng origin = anchor_of(outline);
    r.extent = extent_of(whole.shape, origin);
    std::int64_t lng = origin.lng_e7 % (2 * half_turn_e7);
    if (lng > half_turn_e7) lng -= 2 * half_turn_e7;
    if (lng < -half_turn_e7) lng += 2 * half_turn_e7;
    r.lat_e7 = origin.lat_e7;
    r.lng_e7 = static_cast<std::int32_t>(lng);
    r.first = static_cast<std::uint32_t>(lat_.size());
    r.count = static_cast<std::uint32_t>(outline.points.size());
    for (const geo::LatLng& p : outline.points) {
        lat_.push_back(p.lat_e7 - origin.lat_e7);
        lng_.push_back(static_cast<std::int32_t>(p.lng_e7 - origin.lng_e7));
    }
}

void Outlines::fetch_points(std::uint32_t number) const {
    const Record& r = records_[number];
    __builtin_prefetch(lat_.data() + r.first);
    __builtin_prefetch(lng_.data() + r.first);
    __builtin_prefetch(lat_.data() + r.first + 16);
    __builtin_prefetch(lng_.data() + r.first + 16);
}

bool Outlines::touches(std::uint32_t number, const Plan& plan) const {
    const Record& r = records_[number];
    if (r.count != 0) {
        const geo::Window& w = plan.asked().question().volume.window;
        if ((w.end && r.start >= millis(*w.end)) || (w.start && millis(*w.start) >= r.end)) {
            return false;
        }
        const BandLimits& limits = plan.limits(static_cast<geo::AltitudeReference>(r.reference));
        // Open ends are below and above every limit.
        if (r.lower > limits.lower_max || r.upper < limits.upper_min) return false;
        const Outline outline{
            r.lat_e7, r.lng_e7, lat_.data() + r.first,        lng_.data() + r.first,
            r.count,  r.ring,   static_cast<double>(r.extent)};
        const Verdict verdict = plan.plane().judge(outline, plan.reach() + r.reach);
        if (verdict != Verdict::open) return verdict == Verdict::in;
    }
    const Whole& w = *wholes_[number];
    return index::touches(plan.asked(), w.volume, w.shape, w.reach);
}

std::size_t Outlines::bytes() const {
    return records_.bytes() + (lat_.size() + lng_.size()) * sizeof(std::int32_t) +
           wholes_.size() * (sizeof(WholePtr) + sizeof(Whole));
}

}  // namespace entente::index
