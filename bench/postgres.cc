// SPDX-License-Identifier: Apache-2.0
#include "bench/postgres.h"

#include <libpq-fe.h>
#include <s2/s2cell_id.h>
#include <s2/s2latlng.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>

#include "bench/exact.h"

namespace entente::bench {
namespace {

template <class T>
std::string big_endian(T value) {
    using Small = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint16_t>;
    using Bits = std::conditional_t<sizeof(T) == 8, std::uint64_t, Small>;
    const auto bits = std::bit_cast<Bits>(value);
    std::string out;
    for (int i = static_cast<int>(sizeof(T)) - 1; i >= 0; --i) {
        out.push_back(static_cast<char>(bits >> (8 * i)));
    }
    return out;
}

void little_endian(std::string& out, std::uint32_t v) {
    for (int i = 0; i < 4; ++i) out.push_back(static_cast<char>(v >> (8 * i)));
}

void degrees(std::string& out, const geo::LatLng& p) {
    for (const double v :
         {static_cast<double>(p.lng_e7) / 1e7, static_cast<double>(p.lat_e7) / 1e7}) {
        const auto bits = std::bit_cast<std::uint64_t>(v);
        for (int i = 0; i < 8; ++i) out.push_back(static_cast<char>(bits >> (8 * i)));
    }
}

std::string head(std::uint32_t type) {
    std::string out(1, '\1');
    little_endian(out, type | 0x20000000u);  // with a reference system
    little_endian(out, 4326);
    return out;
}

void ring(std::string& out, const geo::Ring& r) {
    little_endian(out, static_cast<std::uint32_t>(r.points.size() + 1));
    for (const auto& p : r.points) degrees(out, p);
    degrees(out, r.points.front());
}

void check(PGconn* db, PGresult* r, ExecStatusType want) {
    if (PQresultStatus(r) != want) stop(std::string("postgres: ") + PQerrorMessage(db));
    PQclear(r);
}

/// The rows in Hilbert order of their first point, so that a page holds neighbours.
std::vector<std::uint32_t> hilbert_order(const World& world) {
    std::vector<std::pair<S2CellId, std::uint32_t>> order;
    for (std::size_t i = 0; i < world.size(); ++i) {
        const geo::Shape shape = place(world, i).volume.shape;
        geo::LatLng p{};
        if (const auto* c = std::get_if<geo::Circle>(&shape)) p = c->center;
        if (const auto* c = std::get_if<geo::Corridor>(&shape)) p = c->line.front();
        if (const auto* a = std::get_if<geo::Area>(&shape)) p = a->polygons[0].outer.points[0];
        order.emplace_back(S2CellId(S2LatLng::FromDegrees(static_cast<double>(p.lat_e7) / 1e7,
                                                          static_cast<double>(p.lng_e7) / 1e7)),
                           static_cast<std::uint32_t>(i));
    }
    std::sort(order.begin(), order.end());
    std::vector<std::uint32_t> ids;
    for (const auto& [cell, id] : order) ids.push_back(id);
    return ids;
}

struct Text {
    const char* name;
    const char* table;  // columns after id, lo, hi, t0, t1
    const char* index;
    std::string where;
};

const std::string others =
    " AND lo <= $3::int4 AND hi >= $4::int4 AND t0 < $5::int8"
    " AND t1 > $6::int8";

Text text(PostgresForm form, double reach_max) {
    if (form == PostgresForm::best) {
        return {"PostGIS, best geography form (v3s)", "geog geography, reach float8",
                "gist (_ST_Expand(geog, reach))",
                "_ST_Expand(geog, reach) && (SELECT _ST_Expand($1::geography, $2::float8))" +
                    others +
                    " AND ST_DWithin(geog, (SELECT $1::geography), $2::float8 + reach,"
                    " true)"};
    }
    if (form == PostgresForm::usual) {
        return {"PostGIS, usual form (v1s)", "geog geography, reach float8", "gist (geog)",
                "ST_DWithin(geog, $1::geography, $2::float8 + " + std::to_string(reach_max) +
                    ", true) AND ST_DWithin(geog, $1::geography, $2::float8 + reach, true)" +
                    others};
    }
    // c² <= L² (1 - L² / 12 R²): the chord's own limit, see exact.h.
    const std::string limit2 = "($2::float8 + reach) * ($2::float8 + reach)";
    return {"PostgreSQL box and chord, no PostGIS (v14)",
            "bx box, x float8, y float8, z float8, reach float8", "gist (bx)",
            "bx && (SELECT box(point($7::float8, $8::float8), point($9::float8, $10::float8)))" +
                others +
                " AND (x - $1::float8) * (x - $1::float8) + (y - $11::float8) * (y - "
                "$11::float8) + (z - $12::float8) * (z - $12::float8) <= " +
                limit2 + " * (1.0 - " + limit2 + " / 4.86464268e14)"};
}

class Postgres final : public Engine {
  public:
    Postgres(const World& world, const PostgresServer& server, PostgresForm form)
        : world_(world), form_(form),
          table_("e" + std::to_string(static_cast<int>(form)) + "_" + world.name) {
        db_ = PQconnectdb(server.connection().c_str());
        if (PQstatus(db_) != CONNECTION_OK) stop(std::string("postgres: ") + PQerrorMessage(db_));
        PQsetNoticeProcessor(
            db_, [](void*, const char*) {}, nullptr);
        double reach_max = 0;
        for (std::size_t i = 0; i < world.shapes.size(); ++i) {
            reach_max = std::max(reach_max, reach(world.shapes[i]));
        }
        if (world.shapes.empty()) reach_max = 0.1 * world.buffer_dm_max;
        const Text t = text(form, reach_max);
        name_ = t.name;
        run("CREATE EXTENSION IF NOT EXISTS postgis");
        run("CREATE TABLE " + table_ + " (id int4, lo int4, hi int4, t0 int8, t1 int8, " + t.table +
            ")");
        fill();
        run("CREATE INDEX ON " + table_ + " USING " + t.index);
        run("VACUUM (FREEZE, ANALYZE) " + table_);
        run("CHECKPOINT");
        const std::string from = " FROM " + table_ + " WHERE " + t.where;
        prepare("ids", "SELECT id" + from);
        prepare("any", "SELECT EXISTS (SELECT 1" + from + ")");
    }
    ~Postgres() override { PQfinish(db_); }
    std::string name() const override { return name_; }
    bool slow() const override { return true; }
    double bytes() const override {
        PGresult* r = PQexec(
            db_,
            ("SELECT pg_table_size('" + table_ + "') + pg_indexes_size('" + table_ + "')").c_str());
        const double size = std::strtod(PQgetvalue(r, 0, 0), nullptr);
        PQclear(r);
        return size;
    }
    void touching(std::size_t plan, std::vector<std::uint32_t>& ids) override {
        ids.clear();
        PGresult* r = ask("ids", world_.plans[plan]);
        const int rows = PQntuples(r);
        ids.reserve(static_cast<std::size_t>(rows));
        for (int i = 0; i < rows; ++i) {
            std::uint32_t id = 0;
            std::memcpy(&id, PQgetvalue(r, i, 0), sizeof id);
            ids.push_back(__builtin_bswap32(id));
        }
        PQclear(r);
    }
    bool touches_any(std::size_t plan) override {
        PGresult* r = ask("any", world_.plans[plan]);
        const bool any = *PQgetvalue(r, 0, 0) != 0;
        PQclear(r);
        return any;
    }

  private:
    static double reach(const geo::Place& p) {
        return metres(*p.buffer).v + around_m(p.volume.shape);
    }
    void run(const std::string& sql) { check(db_, PQexec(db_, sql.c_str()), PGRES_COMMAND_OK); }
    void prepare(const char* name, const std::string& sql) {
        check(db_, PQprepare(db_, name, sql.c_str(), 0, nullptr), PGRES_COMMAND_OK);
    }
    void fill() {
        check(db_, PQexec(db_, ("COPY " + table_ + " FROM STDIN (FORMAT binary)").c_str()),
              PGRES_COPY_IN);
        std::string out("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
        for (const std::uint32_t id : hilbert_order(world_)) {
            add_row(out, id);
            if (out.size() > 1'000'000) {
                if (PQputCopyData(db_, out.data(), static_cast<int>(out.size())) != 1) break;
                out.clear();
            }
        }
        out += big_endian(std::int16_t{-1});
        if (PQputCopyData(db_, out.data(), static_cast<int>(out.size())) != 1 ||
            PQputCopyEnd(db_, nullptr) != 1) {
            stop(std::string("postgres COPY: ") + PQerrorMessage(db_));
        }
        check(db_, PQgetResult(db_), PGRES_COMMAND_OK);
        PQclear(PQgetResult(db_));
    }
    void add_row(std::string& out, std::uint32_t id) const {
        const geo::Place p = place(world_, id);
        const auto& w = p.volume.window;
        std::vector<std::string> fields{
            big_endian(static_cast<std::int32_t>(id)),
            big_endian(static_cast<std::int32_t>(p.volume.band.lower.value_or(-10'000'000))),
            big_endian(static_cast<std::int32_t>(p.volume.band.upper.value_or(10'000'000))),
            big_endian(w.start ? millis(*w.start) : always_start_ms),
            big_endian(w.end ? millis(*w.end) : always_end_ms)};
        if (form_ == PostgresForm::box) {
            const PointRow& r = world_.points[id];
            const Rectangle box = around(r.lat_e7, r.lng_e7, 0.1 * r.buffer_dm);
            const Xyz at = cartesian(r.lat_e7, r.lng_e7);
            fields.push_back(big_endian(box.east) + big_endian(box.north) + big_endian(box.west) +
                             big_endian(box.south));
            for (const double v : {at.x, at.y, at.z}) fields.push_back(big_endian(v));
        } else {
            fields.push_back(ewkb(p.volume.shape));
        }
        fields.push_back(big_endian(reach(p)));
        out += big_endian(static_cast<std::int16_t>(fields.size()));
        for (const auto& f : fields) {
            out += big_endian(static_cast<std::int32_t>(f.size())) + f;
        }
    }
    PGresult* ask(const char* statement, const geo::Volume4D& plan) {
        const auto& w = plan.window;
        const double out = around_m(plan.shape);
        std::vector<std::string> p{{},
                                   big_endian(out),
                                   big_endian(static_cast<std::int32_t>(*plan.band.upper)),
                                   big_endian(static_cast<std::int32_t>(*plan.band.lower)),
                                   big_endian(w.end ? millis(*w.end) : always_end_ms),
                                   big_endian(w.start ? millis(*w.start) : always_start_ms)};
        if (form_ == PostgresForm::box) {
            const Asked a = asked(plan);
            const Rectangle box = around(a.lat_e7, a.lng_e7, out);
            p[0] = big_endian(a.at.x);
            for (const double v : {box.west, box.south, box.east, box.north, a.at.y, a.at.z}) {
                p.push_back(big_endian(v));
            }
        } else {
            p[0] = ewkb(plan.shape);
        }
        const char* values[12];
        int lengths[12];
        const int formats[12] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
        for (std::size_t i = 0; i < p.size(); ++i) {
            values[i] = p[i].data();
            lengths[i] = static_cast<int>(p[i].size());
        }
        PGresult* r =
            PQexecPrepared(db_, statement, static_cast<int>(p.size()), values, lengths, formats, 1);
        if (PQresultStatus(r) != PGRES_TUPLES_OK) {
            stop(std::string("postgres: ") + PQerrorMessage(db_));
        }
        return r;
    }

    const World& world_;
    PostgresForm form_;
    std::string table_;
    std::string name_;
    PGconn* db_ = nullptr;
};

}  // namespace

std::string ewkb(const geo::Shape& shape) {
    if (const auto* c = std::get_if<geo::Circle>(&shape)) {
        std::string out = head(1);
        degrees(out, c->center);
        return out;
    }
    if (const auto* c = std::get_if<geo::Corridor>(&shape)) {
        std::string out = head(2);
        little_endian(out, static_cast<std::uint32_t>(c->line.size()));
        for (const auto& p : c->line) degrees(out, p);
        return out;
    }
    const auto& area = std::get<geo::Area>(shape);
    if (area.polygons.size() != 1) stop("the bench sends single polygons only");
    const geo::Polygon& p = area.polygons[0];
    std::string out = head(3);
    little_endian(out, static_cast<std::uint32_t>(1 + p.holes.size()));
    ring(out, p.outer);
    for (const auto& hole : p.holes) ring(out, hole);
    return out;
}

double around_m(const geo::Shape& shape) {
    if (const auto* c = std::get_if<geo::Circle>(&shape)) return metres(c->radius).v;
    if (const auto* c = std::get_if<geo::Corridor>(&shape)) return metres(c->half_width).v;
    return 0;
}

EnginePtr make_postgres(const World& world, const PostgresServer& server, PostgresForm form) {
    return std::make_unique<Postgres>(world, server, form);
}

}  // namespace entente::bench
