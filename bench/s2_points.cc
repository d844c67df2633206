// SPDX-License-Identifier: Apache-2.0
// Google's S2. Both forms find what lies within the plan's radius plus the largest buffer on the
// sphere, grown by 0.6 % because the ellipsoid's distances differ from the sphere's by at most
// that (0.00562); the exact test then decides on the ellipsoid.
//
// Usual: S2ClosestPointQuery with a distance limit. Best: an S2PointIndex walked through a
// covering of at most 8 cells, with the payload in the index's own order.
#include <s2/s2cap.h>
#include <s2/s2closest_point_query.h>
#include <s2/s2latlng.h>
#include <s2/s2point_index.h>
#include <s2/s2region_coverer.h>

#include <algorithm>

#include "bench/engine.h"
#include "bench/exact.h"

namespace entente::bench {
namespace {

S2Point on_sphere(std::int64_t lat_e7, std::int64_t lng_e7) {
    return S2LatLng::FromDegrees(static_cast<double>(lat_e7) / 1e7,
                                 static_cast<double>(lng_e7) / 1e7)
        .ToPoint();
}

S1Angle reach(const World& world, const Asked& a) {
    constexpr double radius_m = 6'371'010.0;
    const double metres = 0.1 * static_cast<double>(a.radius_dm + world.buffer_dm_max);
    return S1Angle::Radians((metres * 1.006 + 1.0) / radius_m);
}

// The index holds a point (24), a cell id and a position in B-tree leaves, as measured by the page
// this bench follows: 70 bytes a row.
constexpr double index_bytes = 70.0;

class Usual final : public Engine {
  public:
    explicit Usual(const World& world) : world_(world) {
        for (std::size_t i = 0; i < world.points.size(); ++i) {
            rows_.push_back(payload(world, i));
            index_.Add(on_sphere(world.points[i].lat_e7, world.points[i].lng_e7),
                       static_cast<int>(i));
        }
        query_.Init(&index_);
    }
    std::string name() const override { return "S2PointIndex, S2ClosestPointQuery"; }
    bool slow() const override { return true; }
    double bytes() const override {
        return static_cast<double>(rows_.size()) * (index_bytes + sizeof(Payload));
    }
    void touching(std::size_t plan, std::vector<std::uint32_t>& ids) override {
        ids.clear();
        const Asked a = asked(world_.plans[plan]);
        query_.mutable_options()->set_inclusive_max_distance(S1ChordAngle(reach(world_, a)));
        S2ClosestPointQuery<int>::PointTarget target(on_sphere(a.lat_e7, a.lng_e7));
        query_.FindClosestPoints(&target, &found_);
        for (const auto& f : found_) {
            const auto& row = rows_[static_cast<std::size_t>(f.data())];
            if (touches(world_, a, row)) ids.push_back(row.id);
        }
    }

  private:
    const World& world_;
    std::vector<Payload> rows_;
    S2PointIndex<int> index_;
    S2ClosestPointQuery<int> query_;
    std::vector<S2ClosestPointQuery<int>::Result> found_;
};

class Best final : public Engine {
  public:
    explicit Best(const World& world) : world_(world) {
        std::vector<std::pair<S2CellId, std::uint32_t>> order;
        for (std::size_t i = 0; i < world.points.size(); ++i) {
            const PointRow& r = world.points[i];
            order.emplace_back(S2CellId(on_sphere(r.lat_e7, r.lng_e7)),
                               static_cast<std::uint32_t>(i));
        }
        std::sort(order.begin(), order.end());
        for (const auto& [cell, id] : order) {
            const PointRow& r = world.points[id];
            index_.Add(on_sphere(r.lat_e7, r.lng_e7), static_cast<int>(rows_.size()));
            rows_.push_back(payload(world, id));
        }
        coverer_.mutable_options()->set_max_cells(8);
    }
    std::string name() const override { return "S2PointIndex, covering of 8, sorted payload"; }
    double bytes() const override {
        return static_cast<double>(rows_.size()) * (index_bytes + sizeof(Payload));
    }
    void touching(std::size_t plan, std::vector<std::uint32_t>& ids) override {
        ids.clear();
        const Asked a = asked(world_.plans[plan]);
        coverer_.GetFastCovering(S2Cap(on_sphere(a.lat_e7, a.lng_e7), reach(world_, a)),
                                 &covering_);
        S2PointIndex<int>::Iterator it(&index_);
        for (const S2CellId cell : covering_) {
            for (it.Seek(cell.range_min()); !it.done() && it.id() <= cell.range_max(); it.Next()) {
                const auto& row = rows_[static_cast<std::size_t>(it.data())];
                if (touches(world_, a, row)) ids.push_back(row.id);
            }
        }
    }

  private:
    const World& world_;
    std::vector<Payload> rows_;
    S2PointIndex<int> index_;
    S2RegionCoverer coverer_;
    std::vector<S2CellId> covering_;
};

}  // namespace

EnginePtr make_s2_usual(const World& world) { return std::make_unique<Usual>(world); }
EnginePtr make_s2_best(const World& world) { return std::make_unique<Best>(world); }

}  // namespace entente::bench
