// SPDX-License-Identifier: Apache-2.0
// SQLite's R*Tree module in memory: longitude, latitude, altitude and time as its dimensions
// (32-bit floats, which SQLite rounds outward), the payload in auxiliary columns, the exact test
// here. Rows are inserted in Hilbert order, which packs the tree better than any other order.
#include <s2/s2cell_id.h>
#include <s2/s2latlng.h>
#include <sqlite3.h>

#include <algorithm>

#include "bench/engine.h"
#include "bench/exact.h"

namespace entente::bench {
namespace {

// Seconds from the start of 2026 fit a float to within its outward rounding.
constexpr std::int64_t epoch_ms = 1'767'225'600'000;

double seconds(std::int64_t ms) {
    return std::clamp(static_cast<double>(ms - epoch_ms) / 1000.0, -1e9, 1e9);
}

class Sqlite final : public Engine {
  public:
    explicit Sqlite(const World& world) : world_(world) {
        if (sqlite3_open(":memory:", &db_) != SQLITE_OK) stop("sqlite3_open failed");
        run("PRAGMA page_size=4096; CREATE VIRTUAL TABLE e USING rtree(id, w, e, s, n, lo, hi, "
            "t0, t1, +x, +y, +z, +ta, +tb, +buf, +la, +ha); BEGIN");
        insert(world);
        run("COMMIT");
        prepare(
            "SELECT id, x, y, z, ta, tb, buf, la, ha FROM e WHERE w <= ?1 AND e >= ?2 "
            "AND s <= ?3 AND n >= ?4 AND lo <= ?5 AND hi >= ?6 AND t0 <= ?7 AND t1 >= ?8",
            &select_);
    }
    ~Sqlite() override {
        sqlite3_finalize(select_);
        sqlite3_close(db_);
    }
    std::string name() const override { return "SQLite R*Tree, 4-D, in memory"; }
    bool slow() const override { return true; }
    double bytes() const override {
        sqlite3_stmt* s = nullptr;
        prepare("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", &s);
        sqlite3_step(s);
        const double size = sqlite3_column_double(s, 0);
        sqlite3_finalize(s);
        return size;
    }
    void touching(std::size_t plan, std::vector<std::uint32_t>& ids) override {
        ids.clear();
        const Asked a = asked(world_.plans[plan]);
        const Rectangle r = around(a.lat_e7, a.lng_e7, 0.1 * static_cast<double>(a.radius_dm));
        ask(a, r, ids);
        if (r.east > 178.0) ask(a, {r.west - 360, r.south, r.east - 360, r.north}, ids);
        if (r.west < -178.0) ask(a, {r.west + 360, r.south, r.east + 360, r.north}, ids);
    }

  private:
    void run(const char* sql) {
        if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
            stop(std::string("sqlite: ") + sqlite3_errmsg(db_));
        }
    }
    void prepare(const char* sql, sqlite3_stmt** s) const {
        if (sqlite3_prepare_v2(db_, sql, -1, s, nullptr) != SQLITE_OK) {
            stop(std::string("sqlite: ") + sqlite3_errmsg(db_));
        }
    }
    static std::vector<std::uint32_t> hilbert_order(const World& world) {
        std::vector<std::pair<S2CellId, std::uint32_t>> order;
        for (std::size_t i = 0; i < world.points.size(); ++i) {
            const PointRow& r = world.points[i];
            order.emplace_back(S2CellId(S2LatLng::FromDegrees(static_cast<double>(r.lat_e7) / 1e7,
                                                              static_cast<double>(r.lng_e7) / 1e7)),
                               static_cast<std::uint32_t>(i));
        }
        std::sort(order.begin(), order.end());
        std::vector<std::uint32_t> ids;
        for (const auto& [cell, id] : order) ids.push_back(id);
        return ids;
    }
    void insert(const World& world) {
        sqlite3_stmt* s = nullptr;
        prepare("INSERT INTO e VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17)",
                &s);
        for (const std::uint32_t id : hilbert_order(world)) {
            const PointRow& row = world.points[id];
            const Payload p = payload(world, id);
            const Rectangle r = around(row.lat_e7, row.lng_e7, 0.1 * row.buffer_dm);
            const double values[] = {r.west,
                                     r.east,
                                     r.south,
                                     r.north,
                                     0.1 * row.lower_dm,
                                     0.1 * row.upper_dm,
                                     seconds(row.start_ms),
                                     seconds(row.end_ms),
                                     p.at.x,
                                     p.at.y,
                                     p.at.z};
            sqlite3_bind_int64(s, 1, id);
            int column = 2;
            for (const double v : values) sqlite3_bind_double(s, column++, v);
            for (const std::int64_t v : {row.start_ms, row.end_ms, std::int64_t{row.buffer_dm},
                                         std::int64_t{row.lower_dm}, std::int64_t{row.upper_dm}}) {
                sqlite3_bind_int64(s, column++, v);
            }
            if (sqlite3_step(s) != SQLITE_DONE) stop("sqlite insert failed");
            sqlite3_reset(s);
        }
        sqlite3_finalize(s);
    }
    void ask(const Asked& a, const Rectangle& r, std::vector<std::uint32_t>& ids) {
        const double values[] = {r.east,
                                 r.west,
                                 r.north,
                                 r.south,
                                 0.1 * static_cast<double>(a.upper_dm),
                                 0.1 * static_cast<double>(a.lower_dm),
                                 seconds(a.end_ms),
                                 seconds(a.start_ms)};
        int column = 1;
        for (const double v : values) sqlite3_bind_double(select_, column++, v);
        while (sqlite3_step(select_) == SQLITE_ROW) {
            const Payload p{{sqlite3_column_double(select_, 1), sqlite3_column_double(select_, 2),
                             sqlite3_column_double(select_, 3)},
                            sqlite3_column_int64(select_, 4),
                            sqlite3_column_int64(select_, 5),
                            sqlite3_column_int(select_, 6),
                            sqlite3_column_int(select_, 7),
                            sqlite3_column_int(select_, 8),
                            static_cast<std::uint32_t>(sqlite3_column_int64(select_, 0))};
            if (touches(world_, a, p)) ids.push_back(p.id);
        }
        sqlite3_reset(select_);
    }

    const World& world_;
    sqlite3* db_ = nullptr;
    sqlite3_stmt* select_ = nullptr;
};

}  // namespace

EnginePtr make_sqlite(const World& world) { return std::make_unique<Sqlite>(world); }

}  // namespace entente::bench
