// SPDX-License-Identifier: Apache-2.0
// The peers for worlds of polygons and corridors. Their search is their own; the exact distance is
// geo's, because no peer has straight edges in longitude and latitude on the ellipsoid.
#include <boost/geometry.hpp>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <boost/iterator/function_output_iterator.hpp>
#include <cmath>

#include "bench/engine.h"
#include "geo/band.h"
#include "geo/box.h"
#include "geo/distance.h"
#include "geo/window.h"

namespace bg = boost::geometry;
namespace bgi = boost::geometry::index;

namespace entente::bench {
namespace {

struct Row {
    geo::Prepared shape;
    geo::Band band;
    geo::Window window;
    Metres reach;
};

std::vector<Row> rows(const World& world) {
    std::vector<Row> all;
    for (const auto& p : world.shapes) {
        all.push_back({geo::Prepared(p.volume.shape), p.volume.band, p.volume.window,
                       metres(*p.buffer + *p.accuracy)});
    }
    return all;
}

bool touches(const Row& row, const geo::Volume4D& plan, const geo::Prepared& shape) {
    return geo::overlap(row.window, plan.window) && geo::overlap(row.band, plan.band) &&
           geo::within(row.shape, shape, row.reach);
}

class BruteShapes final : public Engine {
  public:
    explicit BruteShapes(const World& world) : world_(world), rows_(rows(world)) {}
    std::string name() const override { return "brute force (geo's exact test)"; }
    bool slow() const override { return true; }
    double bytes() const override { return static_cast<double>(rows_.size() * sizeof(Row)); }
    void touching(std::size_t plan, std::vector<std::uint32_t>& ids) override {
        ids.clear();
        const geo::Volume4D& v = world_.plans[plan];
        const geo::Prepared shape(v.shape);
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (touches(rows_[i], v, shape)) ids.push_back(static_cast<std::uint32_t>(i));
        }
    }

  private:
    const World& world_;
    std::vector<Row> rows_;
};

using Point = bg::model::point<float, 2, bg::cs::cartesian>;
using Box = bg::model::box<Point>;

class BoostShapes final : public Engine {
    using Value = std::pair<Box, std::uint32_t>;

  public:
    explicit BoostShapes(const World& world) : world_(world), rows_(rows(world)) {
        std::vector<Value> boxes;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            boxes.emplace_back(box(world.shapes[i].volume.shape, rows_[i].reach),
                               static_cast<std::uint32_t>(i));
        }
        tree_ = bgi::rtree<Value, bgi::rstar<16>>(boxes);
    }
    std::string name() const override { return "Boost R*-tree of boxes, geo's exact test"; }
    bool slow() const override { return true; }
    double bytes() const override {
        const auto n = static_cast<double>(rows_.size());
        return n * (sizeof(Value) + sizeof(Row)) + n / 15.0 * (sizeof(Box) + 16);
    }
    void touching(std::size_t plan, std::vector<std::uint32_t>& ids) override {
        ids.clear();
        const geo::Volume4D& v = world_.plans[plan];
        const geo::Prepared shape(v.shape);
        tree_.query(bgi::intersects(box(v.shape, Metres{0})),
                    boost::make_function_output_iterator([&](const Value& value) {
                        if (touches(rows_[value.second], v, shape)) ids.push_back(value.second);
                    }));
    }

  private:
    /// Degrees as floats, one step outward on each side. The world lies far from ±180°.
    static Box box(const geo::Shape& shape, Metres reach) {
        const geo::Box b = geo::bounding_box(shape, reach);
        const auto down = [](std::int64_t e7) {
            return std::nextafter(static_cast<float>(static_cast<double>(e7) / 1e7), -1e9F);
        };
        const auto up = [](std::int64_t e7) {
            return std::nextafter(static_cast<float>(static_cast<double>(e7) / 1e7), 1e9F);
        };
        return {{down(b.west), down(b.south)}, {up(b.east), up(b.north)}};
    }
    const World& world_;
    std::vector<Row> rows_;
    bgi::rtree<Value, bgi::rstar<16>> tree_;
};

}  // namespace

EnginePtr make_boost_shapes(const World& world) { return std::make_unique<BoostShapes>(world); }
EnginePtr make_brute_shapes(const World& world) { return std::make_unique<BruteShapes>(world); }

}  // namespace entente::bench
