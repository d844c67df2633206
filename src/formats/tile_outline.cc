// SPDX-License-Identifier: Apache-2.0
#include "formats/tile_outline.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include "formats/mvt.h"
#include "geo/box.h"
#include "geo/distance.h"

namespace entente::formats {
namespace {

constexpr double pixel = mvt_extent / 512.0;
constexpr double tolerance = pixel / 2;
constexpr double degree_m = 110'000;  // of latitude, at least

/// Whether anything of the box around the points lies in the frame.
bool meets(std::span<const PlanePoint> points, Frame frame) {
    double west = INFINITY, east = -INFINITY, north = INFINITY, south = -INFINITY;
    for (const PlanePoint p : points) {
        west = std::min(west, p.x);
        east = std::max(east, p.x);
        north = std::min(north, p.y);
        south = std::max(south, p.y);
    }
    return west <= frame.high && east >= frame.low && north <= frame.high && south >= frame.low;
}

Path square(Frame frame) {
    return {{frame.low, frame.low},
            {frame.high, frame.low},
            {frame.high, frame.high},
            {frame.low, frame.high}};
}

}  // namespace

Outline::Outline(const geo::Shape& shape, Metres reach, TileAddress address, TileWork& work)
    : shape_(&shape), reach_(reach), scale_(std::ldexp(mvt_extent, static_cast<int>(address.z))),
      west_(static_cast<double>(address.x) * mvt_extent),
      north_(static_cast<double>(address.y) * mvt_extent), work_(&work) {
    const auto* strip = std::get_if<geo::Corridor>(shape_);
    const Metres width = strip == nullptr ? reach : metres(strip->half_width) + reach;
    const Path all_heights = {{0, -INFINITY}, {0, INFINITY}};
    margin_ = units(width, frame.wider(mvt_extent), all_heights);
    margin_ = units(width, frame.wider(margin_), all_heights);
    if (strip != nullptr) {
        each_copy(strip->line, 0, [&] { lines_.push_back(line(strip->line)); });
    } else if (const auto* area = std::get_if<geo::Area>(shape_)) {
        for (const geo::Polygon& polygon : area->polygons) {
            const double more = polygon.outer.pole == geo::Pole::none ? 0 : 1;
            each_copy(polygon.outer.points, more, [&] {
                Region& region = regions_.emplace_back(Region{ring(polygon.outer), {}});
                for (const geo::Ring& hole : polygon.holes) region.holes.push_back(ring(hole));
            });
        }
    }
}

/// Draws for every number of turns around the Earth by which the points come near the frame.
template <class Draw>
void Outline::each_copy(const std::vector<geo::LatLng>& points, double more_turns, Draw draw) {
    const auto [west, east] = std::minmax_element(
        points.begin(), points.end(), [](auto a, auto b) { return a.lng_e7 < b.lng_e7; });
    const double from = (frame.low - margin_ - on_tile(to_plane(*east)).x) / scale_;
    const double to = (frame.high + margin_ - on_tile(to_plane(*west)).x) / scale_;
    const double home = west_;
    // A ring around a pole runs on to its first point, up to a turn from its last.
    for (double turn = std::ceil(from) - more_turns; turn <= to + more_turns; ++turn) {
        west_ = home - turn * scale_;
        draw();
    }
    west_ = home;
}

PlanePoint Outline::on_tile(PlanePoint plane) const {
    return {plane.x * scale_ - west_, plane.y * scale_ - north_};
}

/// A length in units of the tile, at least, wherever the points lie that are near the frame.
double Outline::units(Metres length, Frame seen, const Path& around) const {
    double top = INFINITY, bottom = -INFINITY;
    for (const PlanePoint p : around) {
        top = std::min(top, p.y);
        bottom = std::max(bottom, p.y);
    }
    top = std::max(top, seen.low);
    bottom = std::min(bottom, seen.high);
    const double north = plane_latitude((top + north_) / scale_);
    const double south = plane_latitude((bottom + north_) / scale_);
    const double lat = std::max(std::abs(north), std::abs(south)) + length.v / degree_m;
    return length.v * plane_per_metre(lat) * scale_;
}

/// Points after `a` up to `b`: edges are straight in longitude and latitude, which is a curve here.
/// It stays within the box of its ends, so that what runs elsewhere need not be exact.
void Outline::add_edge(const Corner& a, const Corner& b, int depth, Path& out) {
    const PlanePoint ends[] = {a.at, b.at};
    const bool seen = meets(ends, frame);
    const bool near = seen || meets(ends, frame.wider(margin_));
    if (!near) {
        out.push_back(b.at);
        return;
    }
    const Corner middle = corner((a.lat + b.lat) / 2, (a.lng + b.lng) / 2);
    const double off = std::abs(middle.at.y - (a.at.y + b.at.y) / 2);
    const double most = seen ? tolerance / 2 : std::max(tolerance / 2, margin_ / 1000);
    if (off <= most || depth == 0) {
        bend_ = std::max(bend_, off);
        out.push_back(b.at);
        return;
    }
    add_edge(a, middle, depth - 1, out);
    add_edge(middle, b, depth - 1, out);
}

void Outline::add_edge(geo::LatLng a, geo::LatLng b, Path& out) {
    const auto degrees = [](auto e7) { return static_cast<double>(e7) / 1e7; };
    add_edge(corner(degrees(a.lat_e7), degrees(a.lng_e7)),
             corner(degrees(b.lat_e7), degrees(b.lng_e7)), 30, out);
}

Path Outline::line(const std::vector<geo::LatLng>& points) {
    Path out = {on_tile(to_plane(points.front()))};
    for (std::size_t i = 1; i < points.size(); ++i) add_edge(points[i - 1], points[i], out);
    work_->points -= std::min(work_->points, out.size());
    return out;
}

Path Outline::ring(const geo::Ring& ring) {
    Path out = line(ring.points);
    if (ring.pole == geo::Pole::none) {
        add_edge(ring.points.back(), ring.points.front(), out);
        out.pop_back();
        return out;
    }
    geo::LatLng end = ring.points.front();
    end.lng_e7 += ring.points.back().lng_e7 > end.lng_e7 ? 3'600'000'000 : -3'600'000'000;
    add_edge(ring.points.back(), end, out);
    out.pop_back();
    close_over_pole(out, ring.pole == geo::Pole::north);
    return out;
}

/// A ring around a pole becomes all between it and the plane's edge, one turn wide.
void Outline::close_over_pole(Path& ring, bool north) const {
    const PlanePoint first = ring.front();
    const double way = ring.back().x > first.x ? scale_ : -scale_;
    const double edge = north ? -north_ : scale_ - north_;
    ring.push_back({first.x + way, first.y});
    ring.push_back({first.x + way, edge});
    ring.push_back({first.x, edge});
}

std::vector<Region> Outline::footprint() const {
    if (const auto* c = std::get_if<geo::Circle>(shape_)) {
        return c->radius.v == 0 ? std::vector<Region>{} : circle(Metres{0});
    }
    if (std::holds_alternative<geo::Corridor>(*shape_)) {
        return thin_lines().empty() ? corridor(Metres{0}) : std::vector<Region>{};
    }
    return area(Metres{0});
}

std::vector<Path> Outline::thin_lines() const {
    const auto* corridor = std::get_if<geo::Corridor>(shape_);
    std::vector<Path> out;
    for (const Path& line : lines_) {
        if (units(metres(corridor->half_width), frame, line) > pixel) continue;
        for (const Path& part : clip_line(line, frame)) {
            out.push_back(simplified_line(part, tolerance));
        }
    }
    return out;
}

std::vector<Region> Outline::grown() const {
    if (std::holds_alternative<geo::Circle>(*shape_)) return circle(reach_);
    return std::holds_alternative<geo::Corridor>(*shape_) ? corridor(reach_) : area(reach_);
}

std::vector<Region> Outline::circle(Metres reach) const {
    const auto& circle = std::get<geo::Circle>(*shape_);
    const Metres radius = metres(circle.radius) + reach;
    const double lat = std::abs(circle.center.lat_e7 / 1e7);
    const double farthest = lat + radius.v / degree_m;
    const double most = radius.v * plane_per_metre(farthest) * scale_;
    if (most < pixel / 2) return {};
    const double sides = std::clamp(std::ceil(2.3 * std::sqrt(most / pixel)), 12.0, 128.0);
    const auto cost = static_cast<std::size_t>(sides);
    const bool bent = farthest > 85 || most > 1.03 * radius.v * plane_per_metre(lat) * scale_;
    const PlanePoint center = on_tile(to_plane(circle.center));
    Path around;
    double reaches = most;  // to the west and east of the centre
    if (bent && cost <= work_->geodesics) {
        work_->geodesics -= cost;
        around = geodesic_circle(circle, radius, sides);
        for (const PlanePoint p : around) reaches = std::max(reaches, std::abs(p.x - center.x));
    }
    std::vector<Region> out;
    const double first = std::ceil((frame.low - reaches - center.x) / scale_);
    for (double turn = first; center.x + turn * scale_ - reaches <= frame.high; ++turn) {
        Path ring;
        if (around.empty()) {
            ring = disc_or_square({center.x + turn * scale_, center.y}, most);
        } else {
            ring = around;
            for (PlanePoint& p : ring) p.x += turn * scale_;
            ring = clip_ring(ring, frame);
        }
        if (ring.size() > 2) out.push_back({std::move(ring), {}});
    }
    return out;
}

/// The disc in the frame: nothing or all of it, if it can be seen at once.
Path Outline::disc_or_square(PlanePoint center, double radius) const {
    const double near_x = std::max({frame.low - center.x, center.x - frame.high, 0.0});
    const double near_y = std::max({frame.low - center.y, center.y - frame.high, 0.0});
    if (std::hypot(near_x, near_y) > radius) return {};
    const double far_x = std::max(center.x - frame.low, frame.high - center.x);
    const double far_y = std::max(center.y - frame.low, frame.high - center.y);
    if (std::hypot(far_x, far_y) <= radius) return square(frame);
    return clip_ring(disc(center, radius), frame);
}

/// For circles so large that Web Mercator bends them, and for those that may hold a pole.
Path Outline::geodesic_circle(const geo::Circle& circle, Metres radius, double sides) const {
    const double out = radius.v / std::cos(std::numbers::pi / sides) * 1.001;
    Path ring;
    double before = to_plane(circle.center).x;
    for (double i = 0; i < sides; ++i) {
        PlanePoint p =
            to_plane(geo::direct(circle.center, Degrees{360 * (i + 0.5) / sides}, Metres{out}));
        p.x += std::round(before - p.x);
        before = p.x;
        ring.push_back(on_tile(p));
    }
    if (std::abs(ring.back().x - ring.front().x) > scale_ / 2) {
        close_over_pole(ring, circle.center.lat_e7 > 0);
    }
    return ring;
}

/// The box around what is grown beyond latitude 85°, where the plane ends and a metre is any number
/// of degrees; nothing for what stays below.
std::vector<Region> Outline::polar_box(Metres reach) const {
    const geo::Box box = geo::bounding_box(*shape_, reach);
    if (box.north < 850'000'000 && box.south > -850'000'000) return {};
    const PlanePoint a = on_tile(to_plane({box.north, box.west}));
    const PlanePoint b = on_tile(to_plane({box.south, box.east}));
    std::vector<Region> out;
    for (double turn = std::ceil((frame.low - b.x) / scale_); a.x + turn * scale_ <= frame.high;
         ++turn) {
        const double west = a.x + turn * scale_, east = b.x + turn * scale_;
        out.push_back({clip_ring({{west, a.y}, {east, a.y}, {east, b.y}, {west, b.y}}, frame), {}});
    }
    return out;
}

std::vector<Region> Outline::corridor(Metres reach) const {
    const Metres width = metres(std::get<geo::Corridor>(*shape_).half_width) + reach;
    if (auto box = polar_box(reach); !box.empty()) return box;
    std::vector<Path> parts;
    Path all;
    double by = 0;
    for (const Path& line : lines_) {
        const double rough = units(width, frame.wider(mvt_extent), line) + 2 * tolerance + bend_;
        const Frame wide = frame.wider(rough);
        by = std::max(by, units(width, wide, line) + tolerance + bend_);
        if (line_fills(line, by - bend_, frame)) return {{square(frame), {}}};
        for (const Path& part : clip_line(line, wide)) {
            parts.push_back(simplified_line(part, tolerance));
            all.insert(all.end(), parts.back().begin(), parts.back().end());
        }
    }
    if (all.size() > 2 && all.size() <= work_->grown) {
        work_->grown -= all.size();
        if (auto grown = grown_lines(parts, by)) return *std::move(grown);
    }
    std::vector<Region> out;
    for (const Path& part : parts) out.push_back({grown_hull(part, by), {}});
    return out;
}

std::vector<Region> Outline::area(Metres reach) const {
    double by = 0;
    for (const Region& region : regions_) {
        const Frame rough =
            frame.wider(units(reach, frame.wider(mvt_extent), region.outer) + 2 * tolerance);
        by = std::max(by, units(reach, rough, region.outer) + tolerance + bend_);
    }
    const bool grows = reach.v > 0 && by >= pixel;
    const Frame wide = grows ? frame.wider(by + tolerance) : frame;
    std::vector<Region> near;
    std::size_t corners = 0;
    bool simple = true;
    for (const Region& region : regions_) {
        if (!meets(region.outer, wide)) continue;
        if (region.holes.empty() && ring_fills(region.outer, frame)) return {{square(frame), {}}};
        const auto fewer = [&](const Path& ring) {
            return simplified_ring(grows ? ring : clip_ring(ring, wide), tolerance);
        };
        Region& kept = near.emplace_back(Region{fewer(region.outer), {}});
        for (const Path& hole : region.holes) kept.holes.push_back(fewer(hole));
        simple &= kept.holes.empty() && nearly_convex(kept.outer);
        corners += kept.outer.size();
        for (const Path& hole : kept.holes) corners += hole.size();
    }
    if (!grows || near.empty()) return near;
    if (auto box = polar_box(reach); !box.empty()) return box;
    if ((!simple || near.size() > 1) && corners <= work_->grown) {
        work_->grown -= corners;
        if (auto grown = grown_regions(near, by, wide)) return *std::move(grown);
    }
    for (Region& region : near) region = {grown_hull(clip_ring(region.outer, wide), by), {}};
    return near;
}

}  // namespace entente::formats
