// SPDX-License-Identifier: Apache-2.0
// Limits first, then form, then meaning: no step looks at more than the one before allowed.
#include "geo/valid.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "base/limits.h"
#include "geo/crossing.h"

namespace entente::geo {

namespace {

using std::to_string;

std::string degrees(std::int64_t e7) {
    std::string fraction = to_string(std::abs(e7 % 10'000'000));
    fraction.insert(0, 7 - fraction.size(), '0');
    return (e7 < 0 ? "-" : "") + to_string(std::abs(e7 / 10'000'000)) + "." + fraction;
}
std::string text(LatLng p) { return degrees(p.lat_e7) + ", " + degrees(p.lng_e7); }

Result<void> length_within(std::string_view what, Decimetres length, std::int64_t most,
                           std::string_view limit) {
    if (length.v >= 0 && length.v <= most) return {};
    return fail(Errc::malformed, std::string(what) + " is " + to_string(length.v) +
                                     " dm; it must be within 0 and " + to_string(most) + " (" +
                                     std::string(limit) + ")");
}

Result<void> check_position(const std::string& where, LatLng p, std::int64_t lng_most) {
    if (std::abs(std::int64_t{p.lat_e7}) > 900'000'000) {
        return fail(Errc::malformed, where + " has latitude " + degrees(p.lat_e7) +
                                         "; it must be within -90 and 90 (are latitude and "
                                         "longitude swapped?)");
    }
    if (p.lng_e7 < -lng_most || p.lng_e7 > lng_most) {
        const std::string most = to_string(lng_most / 10'000'000);
        return fail(Errc::malformed, where + " has longitude " + degrees(p.lng_e7) +
                                         "; it must be within -" + most + " and " + most);
    }
    return {};
}

Result<void> check_step(const std::string& where, LatLng a, LatLng b) {
    if (std::abs(b.lng_e7 - a.lng_e7) < turn_e7 / 2) return {};
    return fail(Errc::malformed,
                where + " runs from longitude " + degrees(a.lng_e7) + " to " + degrees(b.lng_e7) +
                    ", 180 degrees or more; past the antimeridian let longitudes run on (179, "
                    "181), and on a longer edge put a point between");
}

Result<void> check_points(const std::string& where, const std::vector<LatLng>& points) {
    for (std::size_t i = 0; i < points.size(); ++i) {
        TRYV(check_position(where + ", point " + to_string(i + 1), points[i], turn_e7 * 3 / 2));
        if (i == 0) continue;
        TRYV(check_step(where + ", edge " + to_string(i), points[i - 1], points[i]));
    }
    return {};
}

Result<void> check_vertices(std::size_t count) {
    if (count <= limits::vertices_max) return {};
    return fail(Errc::too_large, "the shape has " + to_string(count) + " points; at most " +
                                     to_string(limits::vertices_max) +
                                     " are allowed (vertices_max); simplify it outward or make "
                                     "several");
}

Result<void> check(const Circle& circle) {
    TRYV(length_within("radius", circle.radius, limits::radius_dm_max, "radius_dm_max"));
    return check_position("the centre", circle.center, turn_e7 / 2);
}

Result<void> check(const Corridor& corridor) {
    TRYV(check_vertices(corridor.line.size()));
    TRYV(length_within("half-width", corridor.half_width, limits::radius_dm_max, "radius_dm_max"));
    if (corridor.line.size() < 2) {
        return fail(Errc::malformed, "the line has " + to_string(corridor.line.size()) +
                                         " points; it needs at least 2");
    }
    return check_points("the line", corridor.line);
}

// Twice the signed area in the plane of longitude and latitude is not zero.
bool has_plane_area(const Ring& ring) {
    __extension__ using Wide = __int128;
    Wide sum = 0;
    const auto& p = ring.points;
    for (std::size_t i = 0; i < p.size(); ++i) {
        const LatLng a = p[i], b = p[(i + 1) % p.size()];
        sum += Wide(a.lng_e7) * b.lat_e7 - Wide(b.lng_e7) * a.lat_e7;
    }
    return sum != 0;
}

Result<void> check_pole(const std::string& where, const Ring& ring, const LatLng end) {
    const auto& p = ring.points;
    if (ring.pole == Pole::none) {
        const auto by_lng = [](LatLng a, LatLng b) { return a.lng_e7 < b.lng_e7; };
        const auto [west, east] = std::minmax_element(p.begin(), p.end(), by_lng);
        if (east->lng_e7 - west->lng_e7 > turn_e7) {
            return fail(Errc::malformed, where +
                                             " spans more than 360 degrees of longitude; a "
                                             "ring around a pole must name it");
        }
        return check_step(where + ", closing edge", p.back(), end);
    }
    if (std::abs(end.lng_e7 - p.back().lng_e7) >= turn_e7 / 2) {
        return fail(Errc::malformed,
                    where +
                        " names a pole, so its longitudes must run on by 360 degrees back to "
                        "the first point; they run from " +
                        degrees(p.front().lng_e7) + " to " + degrees(p.back().lng_e7));
    }
    const std::int32_t pole_lat = ring.pole == Pole::north ? 900'000'000 : -900'000'000;
    if (std::all_of(p.begin(), p.end(), [&](LatLng q) { return q.lat_e7 == pole_lat; })) {
        return fail(Errc::malformed, where + " lies wholly on the pole that it names: no area");
    }
    return {};
}

Result<void> check_ring(const std::string& where, const Ring& ring) {
    std::vector<LatLng> distinct = ring.points;
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    if (distinct.size() < 3) {
        return fail(Errc::malformed, where + " has " + to_string(distinct.size()) +
                                         " distinct points; it needs at least 3");
    }
    TRYV(check_points(where, ring.points));
    TRYV(check_pole(where, ring, closing_point(ring)));
    if (ring.pole == Pole::none && !has_plane_area(ring)) {
        return fail(Errc::malformed, where + " has no area (it is a line, or its loops cancel)");
    }
    return {};
}

std::string ring_name(std::size_t polygon, std::size_t ring) {
    return "polygon " + to_string(polygon + 1) + ", ring " + to_string(ring + 1);
}

Result<void> crossing_error(std::size_t polygon, const Crossing& c) {
    const std::string first = ring_name(polygon, c.first.ring);
    const std::string end =
        "; draw it so that no edges meet but at the points that neighbours share";
    if (c.first.ring == c.second.ring) {
        return fail(Errc::malformed, first + ": edges " + to_string(c.first.edge + 1) + " and " +
                                         to_string(c.second.edge + 1) + " cross or touch near " +
                                         text(c.near) + end);
    }
    return fail(Errc::malformed, first + ", edge " + to_string(c.first.edge + 1) + " and ring " +
                                     to_string(c.second.ring + 1) + ", edge " +
                                     to_string(c.second.edge + 1) +
                                     " cross or run along each other near " + text(c.near) + end);
}

// Holes inside the outer ring, none inside another. Crossings were refused before.
Result<void> check_holes(std::size_t polygon, const Polygon& p) {
    const ExactPolygon exact(p);
    for (std::size_t i = 1; i < exact.rings.size(); ++i) {
        const ExactRing& hole = exact.rings[i];
        if (hole.pole() != Pole::none && hole.pole() != p.outer.pole) {
            return fail(Errc::malformed, ring_name(polygon, i) +
                                             " is a hole around a pole that ring 1 is not "
                                             "around");
        }
        for (const LatLng q : hole.closed()) {
            if (exact.rings[0].locate(q) != Side::outside) continue;
            return fail(Errc::malformed, ring_name(polygon, i) + " is a hole, but its point " +
                                             text(q) + " is outside ring 1");
        }
        for (std::size_t j = 1; j < exact.rings.size(); ++j) {
            if (i == j) continue;
            Side side = Side::boundary;
            for (const LatLng q : hole.closed()) {
                if (side == Side::boundary) side = exact.rings[j].locate(q);
            }
            if (side != Side::inside) continue;
            return fail(Errc::malformed, ring_name(polygon, i) + " lies inside ring " +
                                             to_string(j + 1) + ", which is a hole already");
        }
    }
    return {};
}

Result<void> check(std::size_t number, const Polygon& polygon) {
    TRYV(check_ring(ring_name(number, 0), polygon.outer));
    for (std::size_t i = 0; i < polygon.holes.size(); ++i) {
        TRYV(check_ring(ring_name(number, i + 1), polygon.holes[i]));
    }
    std::vector<RingEdge> edges = ring_edges(polygon.outer, 0);
    std::vector<Pole> poles{polygon.outer.pole};
    for (const Ring& hole : polygon.holes) {
        const std::vector<RingEdge> more = ring_edges(hole, poles.size());
        edges.insert(edges.end(), more.begin(), more.end());
        poles.push_back(hole.pole);
    }
    if (const auto crossing = find_crossing(edges, poles)) return crossing_error(number, *crossing);
    return check_holes(number, polygon);
}

Result<void> check(const Area& area) {
    if (area.polygons.empty()) {
        return fail(Errc::malformed, "the area has no polygon; it needs at least one");
    }
    std::size_t count = 0;
    for (const Polygon& polygon : area.polygons) {
        count += polygon.outer.points.size();
        for (const Ring& hole : polygon.holes) count += hole.points.size();
    }
    TRYV(check_vertices(count));
    for (std::size_t i = 0; i < area.polygons.size(); ++i) TRYV(check(i, area.polygons[i]));
    return {};
}

Result<void> check_height(std::string_view what, std::optional<std::int64_t> v, bool level) {
    const std::int64_t low = level ? limits::flight_level_min : -limits::altitude_dm_max;
    const std::int64_t high = level ? limits::flight_level_max : limits::altitude_dm_max;
    if (!v || (*v >= low && *v <= high)) return {};
    return fail(Errc::malformed, std::string(what) + " is " + (level ? "flight level " : "") +
                                     to_string(*v) + (level ? "" : " dm") + "; it must be within " +
                                     to_string(low) + " and " + to_string(high) +
                                     (level ? " (flight_level_max)" : " (altitude_dm_max)"));
}

}  // namespace

Result<void> validate(const Shape& shape) {
    if (const auto* circle = std::get_if<Circle>(&shape)) return check(*circle);
    if (const auto* corridor = std::get_if<Corridor>(&shape)) return check(*corridor);
    return check(std::get<Area>(shape));
}

Result<void> validate(const Band& band) {
    const bool level = band.reference == AltitudeReference::fl;
    TRYV(check_height("the lower altitude", band.lower, level));
    TRYV(check_height("the upper altitude", band.upper, level));
    if (band.lower && band.upper && *band.lower > *band.upper) {
        return fail(Errc::malformed, "the lower altitude (" + to_string(*band.lower) +
                                         ") is above the upper (" + to_string(*band.upper) +
                                         "); swap them, or leave one out for an open end");
    }
    return {};
}

Result<void> validate(const Window& window) {
    const Instant first = instant(-62'135'596'800'000);  // 0001-01-01T00:00:00Z
    const Instant last = instant(253'402'300'799'999);   // 9999-12-31T23:59:59.999Z
    for (const auto& t : {window.start, window.end}) {
        if (!t || (*t >= first && *t <= last)) continue;
        return fail(Errc::malformed,
                    "a time of " + to_string(millis(*t)) + " ms is outside the years 0001 to 9999");
    }
    if (window.start && window.end && *window.start >= *window.end) {
        return fail(Errc::malformed, "the window starts at " + format_rfc3339(*window.start) +
                                         " and ends at " + format_rfc3339(*window.end) +
                                         "; the end must be later");
    }
    return {};
}

Result<void> validate(const Volume4D& volume) {
    TRYV(validate(volume.shape));
    TRYV(validate(volume.band));
    return validate(volume.window);
}

Result<void> validate(const Place& place) {
    const Decimetres none{0};
    TRYV(length_within("buffer", place.buffer.value_or(none), limits::buffer_dm_max,
                       "buffer_dm_max"));
    TRYV(length_within("accuracy", place.accuracy.value_or(none), limits::buffer_dm_max,
                       "buffer_dm_max"));
    return validate(place.volume);
}

}  // namespace entente::geo
