// SPDX-License-Identifier: Apache-2.0
#include "watch/leg.h"

#include <algorithm>
#include <cmath>

#include "geo/band.h"
#include "geo/distance.h"

namespace entente::watch {
namespace {

constexpr std::int64_t turn_e7 = 3'600'000'000;
/// A degree of latitude is at most 111,694 m long, one of longitude at most 111,320 (WGS84).
constexpr double degree_metres_max = 111'700;
/// Positions are rounded to 1e-7 degrees, which is at most 8 mm.
constexpr double rounding_m = 0.01;

/// The same longitude as near to the other as it comes.
std::int64_t near_to(std::int64_t lng, std::int64_t other) {
    while (lng - other > turn_e7 / 2) lng -= turn_e7;
    while (lng - other < -turn_e7 / 2) lng += turn_e7;
    return lng;
}

geo::LatLng wrapped(geo::LatLng at) {
    at.lng_e7 = near_to(at.lng_e7, 0);
    return at;
}

geo::Corridor rim_of(const geo::Ring& ring) {
    geo::Corridor out{ring.points, {0}};
    geo::LatLng closing = ring.points.front();
    closing.lng_e7 = near_to(closing.lng_e7, ring.points.back().lng_e7);
    out.line.push_back(closing);
    return out;
}

class Leg {
  public:
    Leg(const Zone& zone, const Fix& from, const Fix& to, geo::AltitudeReference reference)
        : zone_(zone), from_(from), to_(to), reference_(reference) {
        to_.at.lng_e7 = near_to(to_.at.lng_e7, from_.at.lng_e7);
        const double lat = (to_.at.lat_e7 - from_.at.lat_e7) / 1e7;
        const double lng = static_cast<double>(to_.at.lng_e7 - from_.at.lng_e7) / 1e7;
        length_ = std::hypot(lat, lng) * degree_metres_max;
    }

    void look(Instant first, Instant last, std::size_t& looks, std::vector<Interval>& out) const {
        if (looks == 0) {
            out.push_back({first, last});
            return;
        }
        --looks;
        const Instant middle = first + (last - first) / 2;
        const geo::LatLng at = wrapped(position(middle));
        const Metres reach{length_ * share(std::max(middle - first, last - middle)) + rounding_m};
        if (!may_be_in_band(first, last)) return;
        if (!zone_.may_meet(at, reach)) return;
        if (last - first <= Duration(1)) {
            if (zone_.meets(position(first), position(last))) out.push_back({first, last});
            return;
        }
        // At rest there is nothing to halve.
        const bool rests = length_ * share(last - first) <= rounding_m;
        if (may_be_in_band(first, first) && may_be_in_band(last, last) &&
            (rests || zone_.surely_holds(at, reach))) {
            out.push_back({first, last});
            return;
        }
        look(first, middle, looks, out);
        look(middle, last, looks, out);
    }

    std::optional<Instant> first(Instant first, Instant last, Duration fineness,
                                 std::size_t& looks) const {
        if (looks == 0) return std::nullopt;
        --looks;
        const Instant middle = first + (last - first) / 2;
        const geo::LatLng at = wrapped(position(middle));
        const Metres reach{length_ * share(std::max(middle - first, last - middle)) + rounding_m};
        if (!may_be_in_band(first, last) || !zone_.may_meet(at, reach)) return std::nullopt;
        if (last - first <= fineness) {
            return zone_.meets(position(first), position(last)) ? std::optional(first)
                                                                : std::nullopt;
        }
        const bool rests = length_ * share(last - first) <= rounding_m;
        if (may_be_in_band(first, first) && may_be_in_band(last, last) &&
            (rests || zone_.surely_holds(at, reach))) {
            return first;
        }
        const auto sooner = this->first(first, middle, fineness, looks);
        return sooner ? sooner : this->first(middle, last, fineness, looks);
    }

  private:
    double share(Duration part) const {
        const Duration whole = to_.time - from_.time;
        if (whole == Duration(0)) return 0;
        return static_cast<double>(part.count()) / static_cast<double>(whole.count());
    }

    /// Its longitude may run on beyond ±180°.
    geo::LatLng position(Instant time) const {
        const double s = share(time - from_.time);
        const auto between = [s](auto a, auto b) {
            return static_cast<double>(a) + s * (static_cast<double>(b) - static_cast<double>(a));
        };
        return {static_cast<std::int32_t>(std::lround(between(from_.at.lat_e7, to_.at.lat_e7))),
                std::llround(between(from_.at.lng_e7, to_.at.lng_e7))};
    }

    double height(Instant time) const {
        const double from = static_cast<double>(*from_.height);
        return from + share(time - from_.time) * (static_cast<double>(*to_.height) - from);
    }

    /// False only if no height between these times is in the zone's band. Heights that are, are all
    /// those between two that are: so of a time that may be in it at both ends all of it may.
    bool may_be_in_band(Instant first, Instant last) const {
        if (!from_.height || !to_.height) return geo::overlap(zone_.band(), {{}, {}, reference_});
        const double a = height(first), b = height(last);
        const double low = std::min(a, b), high = std::max(a, b);
        const geo::Band& band = zone_.band();
        if (band.reference == reference_) {
            return (!band.lower || high >= static_cast<double>(*band.lower)) &&
                   (!band.upper || low <= static_cast<double>(*band.upper));
        }
        return geo::overlap(band, {static_cast<std::int64_t>(std::floor(low)),
                                   static_cast<std::int64_t>(std::ceil(high)), reference_});
    }

    const Zone& zone_;
    Fix from_;
    Fix to_;  // its longitude runs on beyond ±180° where the leg crosses the antimeridian
    geo::AltitudeReference reference_;
    double length_ = 0;  // metres, never too short
};

}  // namespace

Zone::Zone(const geo::Volume4D& volume)
    : band_(volume.band), window_(volume.window), whole_(volume.shape) {
    constexpr std::size_t corners_a_look = 128;
    std::size_t corners = 0;
    if (const auto* circle = std::get_if<geo::Circle>(&volume.shape)) {
        core_.emplace(geo::Circle{circle->center, {0}});
    } else if (const auto* corridor = std::get_if<geo::Corridor>(&volume.shape)) {
        core_.emplace(geo::Corridor{corridor->line, {0}});
        corners = corridor->line.size();
    } else {
        for (const geo::Polygon& one : std::get<geo::Area>(volume.shape).polygons) {
            rims_.emplace_back(rim_of(one.outer));
            corners += one.outer.points.size();
            for (const geo::Ring& hole : one.holes) {
                rims_.emplace_back(rim_of(hole));
                corners += hole.points.size();
            }
        }
    }
    weight_ += corners / corners_a_look;
}

bool Zone::may_meet(geo::LatLng at, Metres radius) const {
    return geo::within(whole_, geo::Prepared(geo::Circle{at, {0}}), radius);
}

bool Zone::meets(geo::LatLng from, geo::LatLng to) const {
    if (from == to) return may_meet(wrapped(from), {rounding_m});
    return geo::within(whole_, geo::Prepared(geo::Corridor{{from, to}, {0}}), {rounding_m});
}

bool Zone::surely_holds(geo::LatLng at, Metres radius) const {
    const geo::Prepared point(geo::Circle{at, {0}});
    if (core_) {
        const Metres room{whole_.radius().v - radius.v - geo::touch_padding};
        return room.v >= 0 && geo::within(*core_, point, room);
    }
    const auto near = [&](const geo::Prepared& rim) { return geo::within(rim, point, radius); };
    return geo::within(whole_, point, {0}) && std::none_of(rims_.begin(), rims_.end(), near);
}

bool runs_straight(const Fix& from, const Fix& to) {
    constexpr double earth_m = 6'371'000, radian = 3.14159265358979 / 180;
    const double east =
        std::abs(static_cast<double>(near_to(to.at.lng_e7, from.at.lng_e7) - from.at.lng_e7)) / 1e7;
    if (east >= 90) return false;
    const auto [low, high] = std::minmax({std::abs(from.at.lat_e7), std::abs(to.at.lat_e7)});
    // The sagitta of a parallel over its geodesic is greatest at 45°.
    const double lat = std::clamp(45.0, low / 1e7, high / 1e7) * radian;
    return earth_m * std::sin(2 * lat) / 2 * std::pow(east * radian, 2) / 8 <= strays_m_max;
}

bool follow(const Group& before, const Group& after, Duration gap_max) {
    if (after.front().time - before.front().time > gap_max) return false;
    return std::all_of(before.begin(), before.end(), [&](const Fix& from) {
        return std::all_of(after.begin(), after.end(),
                           [&](const Fix& to) { return runs_straight(from, to); });
    });
}

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

std::optional<Interval> clipped(Interval one, const geo::Window& window) {
    if (window.start) one.first = std::max(one.first, *window.start);
    if (window.end) one.last = std::min(one.last, *window.end - Duration(1));
    if (one.first > one.last) return std::nullopt;
    return one;
}

std::vector<Interval> inside(const Zone& zone, const Fix& from, const Fix& to,
                             geo::AltitudeReference reference) {
    std::size_t looks = SIZE_MAX;
    return inside(zone, from, to, reference, looks);
}

std::vector<Interval> inside(const Zone& zone, const Fix& from, const Fix& to,
                             geo::AltitudeReference reference, std::size_t& looks) {
    std::vector<Interval> out;
    Leg(zone, from, to, reference).look(from.time, to.time, looks, out);
    return out;
}

std::optional<Instant> first_inside(const Zone& zone, const Fix& from, const Fix& to,
                                    geo::AltitudeReference reference, Duration fineness) {
    std::size_t looks = SIZE_MAX;
    return first_inside(zone, from, to, reference, fineness, looks);
}

std::optional<Instant> first_inside(const Zone& zone, const Fix& from, const Fix& to,
                                    geo::AltitudeReference reference, Duration fineness,
                                    std::size_t& looks) {
    const auto span = clipped({from.time, to.time}, zone.window());
    if (!span) return std::nullopt;
    return Leg(zone, from, to, reference).first(span->first, span->last, fineness, looks);
}

}  // namespace entente::watch
