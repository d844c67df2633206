// SPDX-License-Identifier: Apache-2.0
#include "geo/world_test.h"

#include <GeographicLib/Geocentric.hpp>
#include <GeographicLib/Geodesic.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include "geo/valid.h"

namespace entente::geo::test {

namespace {

using GeographicLib::Geodesic;

constexpr double pi = 3.14159265358979323846;

Corner corner(LatLng p) {
    return {static_cast<double>(p.lat_e7) / 1e7, static_cast<double>(p.lng_e7) / 1e7};
}

double geodesic_m(Corner a, Corner b) {
    double s = 0;
    Geodesic::WGS84().Inverse(a.lat, a.lng, b.lat, b.lng, s);
    return s;
}

struct Line {
    Corner a;
    Corner b;
    Corner at(double t) const { return {a.lat + (b.lat - a.lat) * t, a.lng + (b.lng - a.lng) * t}; }
};

// The corners of a ring, run round; a pole ring goes on to its pole and back, so that it closes.
std::vector<Corner> plane_ring(const Ring& ring, bool with_pole) {
    std::vector<Corner> out;
    for (const LatLng p : ring.points) out.push_back(corner(p));
    if (ring.pole == Pole::none) {
        out.push_back(out.front());
        return out;
    }
    const double way = out.back().lng > out.front().lng ? 360 : -360;
    const Corner first = out.front();
    out.push_back({first.lat, first.lng + way});
    if (!with_pole) return out;
    // Past the pole, so that a point at the very pole is inside.
    const double pole = ring.pole == Pole::north ? 91 : -91;
    out.push_back({pole, first.lng + way});
    out.push_back({pole, first.lng});
    out.push_back(first);
    return out;
}

bool in_ring(const Ring& ring, Corner p) {
    const std::vector<Corner> c = plane_ring(ring, true);
    for (double shift = -1440; shift <= 1440; shift += 360) {
        bool in = false;  // a ray along the parallel, to the east
        for (std::size_t i = 0; i + 1 < c.size(); ++i) {
            if ((c[i].lat > p.lat) == (c[i + 1].lat > p.lat)) continue;
            const double t = (p.lat - c[i].lat) / (c[i + 1].lat - c[i].lat);
            if (c[i].lng + t * (c[i + 1].lng - c[i].lng) > p.lng + shift) in = !in;
        }
        if (in) return true;
    }
    return false;
}

bool in_area(const Shape& shape, Corner p) {
    const auto* area = std::get_if<Area>(&shape);
    if (area == nullptr) return false;
    return std::any_of(area->polygons.begin(), area->polygons.end(), [p](const Polygon& polygon) {
        return in_ring(polygon.outer, p) &&
               std::none_of(polygon.holes.begin(), polygon.holes.end(),
                            [p](const Ring& hole) { return in_ring(hole, p); });
    });
}

std::vector<Line> lines(const Shape& shape) {
    std::vector<Line> out;
    const auto add = [&out](const std::vector<Corner>& c) {
        for (std::size_t i = 0; i + 1 < c.size(); ++i) out.push_back({c[i], c[i + 1]});
    };
    if (const auto* circle = std::get_if<Circle>(&shape)) {
        out.push_back({corner(circle->center), corner(circle->center)});
    } else if (const auto* corridor = std::get_if<Corridor>(&shape)) {
        std::vector<Corner> c;
        for (const LatLng p : corridor->line) c.push_back(corner(p));
        add(c);
    } else {
        for (const Polygon& polygon : std::get<Area>(shape).polygons) {
            add(plane_ring(polygon.outer, false));
            for (const Ring& hole : polygon.holes) add(plane_ring(hole, false));
        }
    }
    return out;
}

double radius_m(const Shape& shape) {
    if (const auto* circle = std::get_if<Circle>(&shape)) return metres(circle->radius).v;
    if (const auto* corridor = std::get_if<Corridor>(&shape)) return metres(corridor->half_width).v;
    return 0;
}

using Point3 = std::array<double, 3>;
Point3 cartesian(Corner c) {
    Point3 p{};
    GeographicLib::Geocentric::WGS84().Forward(c.lat, c.lng, 0, p[0], p[1], p[2]);
    return p;
}
double chord(const Point3& a, const Point3& b) {
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

// A line sampled evenly; `step` is half the longest gap.
struct Sampled {
    Line line;
    std::vector<Point3> points;
    double half_step;
};
Sampled sampled(const Line& line) {
    const bool point = line.a.lat == line.b.lat && line.a.lng == line.b.lng;
    const int n = point ? 0 : 32;
    Sampled out{line, {}, 0};
    for (int i = 0; i <= n; ++i) out.points.push_back(cartesian(line.at(n ? double(i) / n : 0)));
    for (std::size_t i = 1; i < out.points.size(); ++i) {
        out.half_step = std::max(out.half_step, chord(out.points[i - 1], out.points[i]) / 2);
    }
    return out;
}

// The least geodesic near the given parameters, by ever finer grids. A grid is only made finer
// where it has stopped to help: two edges that cross at a small angle make a long and narrow
// valley.
double zoomed(const Sampled& a, const Sampled& b, std::size_t i, std::size_t j) {
    const int reach_a = a.points.size() == 1 ? 0 : 2, reach_b = b.points.size() == 1 ? 0 : 2;
    double ta = reach_a ? double(i) / 32 : 0, tb = reach_b ? double(j) / 32 : 0;
    double best = geodesic_m(a.line.at(ta), b.line.at(tb));
    // At the end the grid is finer than a millimetre.
    double width = 1.0 / 32;
    for (int round = 0; round < 400; ++round) {
        if (width * 64 * std::max(a.half_step, b.half_step) < 1e-3) break;
        double next_a = ta, next_b = tb;
        for (int x = -reach_a; x <= reach_a; ++x) {
            for (int y = -reach_b; y <= reach_b; ++y) {
                const double ua = std::clamp(ta + x * width / 2, 0.0, 1.0);
                const double ub = std::clamp(tb + y * width / 2, 0.0, 1.0);
                const double s = geodesic_m(a.line.at(ua), b.line.at(ub));
                if (s >= best) continue;
                best = s;
                next_a = ua;
                next_b = ub;
            }
        }
        if (next_a == ta && next_b == tb) width /= 2;
        ta = next_a;
        tb = next_b;
    }
    return best;
}

struct Start {
    double gap;
    std::size_t line_a, line_b, i, j;
};

double skeleton_distance(const Shape& a, const Shape& b) {
    std::vector<Sampled> xs, ys;
    for (const Line& l : lines(a)) xs.push_back(sampled(l));
    for (const Line& l : lines(b)) ys.push_back(sampled(l));
    // Grid points that are nearest among their neighbours: a least distance is near one of them.
    std::vector<Start> starts;
    for (std::size_t x = 0; x < xs.size(); ++x) {
        for (std::size_t y = 0; y < ys.size(); ++y) {
            const auto& p = xs[x].points;
            const auto& q = ys[y].points;
            std::vector<std::vector<double>> d(p.size(), std::vector<double>(q.size()));
            for (std::size_t i = 0; i < p.size(); ++i) {
                for (std::size_t j = 0; j < q.size(); ++j) d[i][j] = chord(p[i], q[j]);
            }
            for (std::size_t i = 0; i < p.size(); ++i) {
                for (std::size_t j = 0; j < q.size(); ++j) {
                    const double v = d[i][j];
                    if ((i > 0 && d[i - 1][j] < v) || (i + 1 < p.size() && d[i + 1][j] < v) ||
                        (j > 0 && d[i][j - 1] < v) || (j + 1 < q.size() && d[i][j + 1] < v)) {
                        continue;
                    }
                    starts.push_back({v - xs[x].half_step - ys[y].half_step, x, y, i, j});
                }
            }
        }
    }
    std::sort(starts.begin(), starts.end(),
              [](const Start& l, const Start& r) { return l.gap < r.gap; });
    double best = INFINITY, best_chord = INFINITY;
    for (const Start& s : starts) {
        if (s.gap > best_chord) break;
        best = std::min(best, zoomed(xs[s.line_a], ys[s.line_b], s.i, s.j));
        best_chord = best;  // a chord is never longer than its geodesic
    }
    return best;
}

Ring star(Rng& rng, Corner around, double size_m, int n) {
    const double lat_size = std::min(size_m / 111e3, 60.0);
    const double narrow = std::max(std::cos(around.lat * pi / 180), 1e-9);
    const double lng_size = std::min(lat_size / narrow, 170.0);
    Ring ring;
    const double turn = rng.between(0, 2 * pi);
    for (int i = 0; i < n; ++i) {
        const double angle = turn + 2 * pi * (i + rng.between(-0.4, 0.4)) / n;
        const double r = rng.between(0.3, 1);
        const Corner c{std::clamp(around.lat + lat_size * r * std::sin(angle), -90.0, 90.0),
                       around.lng + lng_size * r * std::cos(angle)};
        ring.points.push_back(lat_lng(c));
    }
    return ring;
}

Ring around_pole(Rng& rng, bool north, double size_m, int n) {
    Ring ring{{}, north ? Pole::north : Pole::south};
    const double start = rng.between(-180, 180), way = rng.below(2) ? 360 : -360;
    for (int i = 0; i < n; ++i) {
        const double off = std::clamp(rng.between(0.3, 1) * size_m / 111e3, 1e-5, 170.0);
        const double lat = north ? 90 - off : off - 90;
        ring.points.push_back(lat_lng({lat, start + way * (i + rng.between(0, 0.3)) / n}));
    }
    return ring;
}

Ring shrunk(const Ring& ring, LatLng center, double share) {
    Ring out = ring;
    for (LatLng& p : out.points) {
        p.lat_e7 = static_cast<std::int32_t>(
            std::lround(center.lat_e7 + (p.lat_e7 - double(center.lat_e7)) * share));
        p.lng_e7 = std::llround(double(center.lng_e7) + double(p.lng_e7 - center.lng_e7) * share);
    }
    return out;
}

Area random_area(Rng& rng, Corner around, double size_m) {
    Area area;
    const std::uint64_t polygons = rng.below(5) == 0 ? 2 : 1;
    for (std::uint64_t k = 0; k < polygons; ++k) {
        const int n = 4 + static_cast<int>(rng.below(8));
        const Corner c = k == 0 ? around : moved(around, rng.between(0, 360), 2.5 * size_m);
        const bool polar = rng.below(std::abs(around.lat) > 80 ? 2 : 40) == 0;
        Polygon polygon;
        polygon.outer =
            polar ? around_pole(rng, around.lat > 0, size_m, n) : star(rng, c, size_m, n);
        if (!polar && rng.below(2) == 0) {
            polygon.holes.push_back(shrunk(polygon.outer, lat_lng(c), rng.between(0.2, 0.9)));
        }
        area.polygons.push_back(std::move(polygon));
    }
    return area;
}

}  // namespace

int count(int normal, int most) { return std::getenv("ENTENTE_LONG") ? most : normal; }

LatLng lat_lng(Corner c) {
    return {static_cast<std::int32_t>(std::lround(c.lat * 1e7)), std::llround(c.lng * 1e7)};
}

Corner moved(Corner from, double azimuth, double distance_m) {
    Corner to{};
    Geodesic::WGS84().Direct(from.lat, from.lng, azimuth, distance_m, to.lat, to.lng);
    return to;
}

double random_size(Rng& rng, double low, double high) {
    return std::exp(rng.between(std::log(low), std::log(high)));
}

Corner random_corner(Rng& rng) {
    switch (rng.below(5)) {
        case 0: return {rng.between(-85, 85), 180 + rng.between(-0.5, 0.5)};
        case 1: return {90 - random_size(rng, 1e-6, 10), rng.between(-180, 180)};
        case 2: return {random_size(rng, 1e-6, 10) - 90, rng.between(-180, 180)};
        default: return {rng.between(-80, 80), rng.between(-180, 180)};
    }
}

Shape random_shape(Rng& rng, Corner around, double size_m) {
    for (;;) {
        Shape shape;
        const std::uint64_t kind = rng.below(4);
        const auto small = [&] {
            return Decimetres{rng.below(2) ? 0
                                           : std::llround(std::min(size_m, 9e5) * rng.unit() * 10)};
        };
        if (kind == 0) {
            Corner c = around;
            c.lng = std::remainder(c.lng, 360);
            shape = Circle{lat_lng(c), small()};
        } else if (kind == 1) {
            Corridor corridor{{}, small()};
            Corner c = around;
            const std::uint64_t n = 2 + rng.below(5);
            for (std::uint64_t i = 0; i < n; ++i) {
                corridor.line.push_back(lat_lng(c));
                const Corner next = moved(c, rng.between(0, 360), size_m * rng.between(0.1, 1));
                c = {next.lat, c.lng + std::remainder(next.lng - c.lng, 360)};
            }
            shape = corridor;
        } else {
            shape = random_area(rng, around, size_m);
        }
        if (validate(shape)) return shape;
    }
}

double oracle_distance(const Shape& a, const Shape& b) {
    for (const Line& l : lines(b)) {
        if (in_area(a, l.a)) return 0;
    }
    for (const Line& l : lines(a)) {
        if (in_area(b, l.a)) return 0;
    }
    return skeleton_distance(a, b) - radius_m(a) - radius_m(b);
}

LatLng random_point_of(Rng& rng, const Shape& shape, double reach_m) {
    const std::vector<Line> all = lines(shape);
    const Line& line = all[rng.below(all.size())];
    Corner base = line.at(rng.unit());
    const Line& other = all[rng.below(all.size())];
    const Line across{base, other.at(rng.unit())};
    const Corner middle = across.at(rng.unit());
    if (in_area(shape, middle)) base = middle;
    const double room = radius_m(shape) + reach_m - 0.02;  // 1e-7 degrees are 1.1 cm
    if (room <= 0) return lat_lng(base);
    const Corner c = moved(base, rng.between(0, 360), room * std::sqrt(rng.unit()));
    return lat_lng({c.lat, std::remainder(c.lng, 360)});
}

std::string show(const Shape& shape) {
    std::ostringstream out;
    out.precision(10);
    const char* names[] = {"circle", "corridor", "area"};
    out << names[shape.index()] << " radius " << radius_m(shape);
    for (const Line& l : lines(shape)) out << " [" << l.a.lat << ", " << l.a.lng << "]";
    return out.str();
}

}  // namespace entente::geo::test
