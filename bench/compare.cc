// SPDX-License-Identifier: Apache-2.0
#include "bench/compare.h"

#include <libpq-fe.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "bench/exact.h"
#include "bench/postgres.h"
#include "geo/band.h"
#include "geo/window.h"

namespace entente::bench {
namespace {

/// Points between the ends of each edge, on the straight line in longitude and latitude.
std::vector<geo::LatLng> cut(const std::vector<geo::LatLng>& line, bool closed) {
    constexpr double piece_e7 = 9'000;  // 100 m of latitude, less of longitude
    std::vector<geo::LatLng> out;
    for (std::size_t i = 0; i + (closed ? 0 : 1) < line.size(); ++i) {
        const geo::LatLng& a = line[i];
        const geo::LatLng& b = line[(i + 1) % line.size()];
        const double lat = static_cast<double>(b.lat_e7 - a.lat_e7);
        const double lng = static_cast<double>(b.lng_e7 - a.lng_e7);
        const auto pieces = static_cast<int>(std::ceil(std::hypot(lat, lng) / piece_e7)) + 1;
        for (int k = 0; k < pieces; ++k) {
            const double t = static_cast<double>(k) / pieces;
            out.push_back({a.lat_e7 + static_cast<std::int32_t>(std::lround(lat * t)),
                           a.lng_e7 + std::lround(lng * t)});
        }
    }
    if (!closed) out.push_back(line.back());
    return out;
}

geo::Shape cut(geo::Shape shape) {
    if (auto* c = std::get_if<geo::Corridor>(&shape)) c->line = cut(c->line, false);
    if (auto* a = std::get_if<geo::Area>(&shape)) {
        auto& ring = a->polygons[0].outer;
        ring.points = cut(ring.points, true);
    }
    return shape;
}

/// The distance between the shapes' skeletons by PostGIS, edges cut.
class Judge {
  public:
    explicit Judge(const PostgresServer& server) : db_(PQconnectdb(server.connection().c_str())) {
        PQclear(PQexec(db_, "CREATE EXTENSION IF NOT EXISTS postgis"));
    }
    ~Judge() { PQfinish(db_); }
    Judge(const Judge&) = delete;
    Judge& operator=(const Judge&) = delete;
    double distance_m(const geo::Shape& a, const geo::Shape& b) const {
        const std::string wkb[2] = {ewkb(cut(a)), ewkb(cut(b))};
        const char* values[2] = {wkb[0].data(), wkb[1].data()};
        const int lengths[2] = {static_cast<int>(wkb[0].size()), static_cast<int>(wkb[1].size())};
        const int formats[2] = {1, 1};
        PGresult* r = PQexecParams(db_, "SELECT ST_Distance($1::geography, $2::geography, true)", 2,
                                   nullptr, values, lengths, formats, 0);
        if (PQresultStatus(r) != PGRES_TUPLES_OK) stop(PQerrorMessage(db_));
        const double d = std::strtod(PQgetvalue(r, 0, 0), nullptr);
        PQclear(r);
        return d;
    }

  private:
    PGconn* db_;
};

/// How far the pair lies beyond its limit, in metres; negative: within.
double beyond_m(const World& world, const Judge* judge, std::size_t plan, std::uint32_t id) {
    const geo::Place p = place(world, id);
    const geo::Volume4D& v = world.plans[plan];
    if (!geo::overlap(p.volume.band, v.band) || !geo::overlap(p.volume.window, v.window)) {
        return 1e9;
    }
    const double limit =
        metres(*p.buffer + *p.accuracy).v + around_m(p.volume.shape) + around_m(v.shape);
    if (judge != nullptr) return judge->distance_m(p.volume.shape, v.shape) - limit;
    const Asked a = asked(v);
    const PointRow& r = world.points[id];
    return geodesic_m(a.lat_e7, a.lng_e7, r.lat_e7, r.lng_e7) - limit;
}

}  // namespace

Answers answers(Engine& engine, std::size_t plans) {
    Answers all(plans);
    for (std::size_t i = 0; i < plans; ++i) {
        stop_if_told();
        engine.touching(i, all[i]);
        std::sort(all[i].begin(), all[i].end());
    }
    return all;
}

Difference compare(const World& world, const Answers& reference, const Answers& other,
                   const PostgresServer* server) {
    std::unique_ptr<Judge> judge;
    if (world.points.empty() && server != nullptr) judge = std::make_unique<Judge>(*server);
    const bool exact = !world.points.empty();
    Difference d;
    d.plans = std::min(reference.size(), other.size());
    for (std::size_t i = 0; i < d.plans; ++i) {
        const auto& ours = reference[i];
        const auto& theirs = other[i];
        d.ids += ours.size();
        std::vector<std::uint32_t> extra, missing;
        std::set_difference(theirs.begin(), theirs.end(), ours.begin(), ours.end(),
                            std::back_inserter(extra));
        std::set_difference(ours.begin(), ours.end(), theirs.begin(), theirs.end(),
                            std::back_inserter(missing));
        d.extra += extra.size();
        d.missing += missing.size();
        if (!exact && !judge) continue;
        // The judge of points is good to nanometres, that of shapes to some centimetres.
        const double sure = exact ? 1e-7 : 0.05;
        const double allowed = exact ? 0.0 : 1.0;
        for (const bool ours_lacks : {true, false}) {
            for (const std::uint32_t id : ours_lacks ? extra : missing) {
                const double beyond = beyond_m(world, judge.get(), i, id);
                d.judged_max_m = std::max(d.judged_max_m, std::abs(beyond));
                if (std::abs(beyond) <= sure)
                    ++d.undecided;
                else if (ours_lacks ? beyond < 0 : beyond > allowed)
                    ++d.ours_wrong;
            }
        }
    }
    return d;
}

std::string Difference::text() const {
    char out[256];
    if (extra + missing == 0) {
        std::snprintf(out, sizeof out, "identical (%zu plans, %zu ids)", plans, ids);
    } else {
        std::snprintf(out, sizeof out,
                      "+%zu -%zu of %zu (ours wrong: %zu, on the limit: %zu, "
                      "furthest %.4f m)",
                      extra, missing, ids, ours_wrong, undecided, judged_max_m);
    }
    return out;
}

}  // namespace entente::bench
