// SPDX-License-Identifier: Apache-2.0
// Boost.Geometry's R*-tree over rectangles of longitude and latitude, one for each row, grown by
// the row's own buffer (which beats growing every plan by the largest buffer).
//
// Best form: built by packing (bulk load), the payload stored in the value itself, so that a leaf
// is read once. Usual form: the value is a rectangle and a position in a vector of payloads.
#include <boost/geometry.hpp>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <boost/iterator/function_output_iterator.hpp>
#include <cmath>

#include "bench/engine.h"
#include "bench/exact.h"

namespace bg = boost::geometry;
namespace bgi = boost::geometry::index;

namespace entente::bench {
namespace {

using Point = bg::model::point<float, 2, bg::cs::cartesian>;
using Box = bg::model::box<Point>;

/// Floats that contain the doubles: one step outward on each side.
Box outward(const Rectangle& r) {
    constexpr float far = 1e9F;
    return {{std::nextafter(static_cast<float>(r.west), -far),
             std::nextafter(static_cast<float>(r.south), -far)},
            {std::nextafter(static_cast<float>(r.east), far),
             std::nextafter(static_cast<float>(r.north), far)}};
}

Box box_of(const PointRow& r) {
    return outward(around(r.lat_e7, r.lng_e7, 0.1 * static_cast<double>(r.buffer_dm)));
}

/// A plan near the antimeridian is asked for again one turn away; rows never lie on both sides.
template <class Ask>
void ask_around(const Asked& a, const Ask& ask) {
    const Rectangle r = around(a.lat_e7, a.lng_e7, 0.1 * static_cast<double>(a.radius_dm));
    ask(outward(r));
    if (r.east > 178.0) ask(outward({r.west - 360.0, r.south, r.east - 360.0, r.north}));
    if (r.west < -178.0) ask(outward({r.west + 360.0, r.south, r.east + 360.0, r.north}));
}

struct Loaded {
    Box box;
    Payload row;
};
struct LoadedBox {
    using result_type = const Box&;
    const Box& operator()(const Loaded& v) const { return v.box; }
};
struct LoadedEqual {
    bool operator()(const Loaded& a, const Loaded& b) const { return a.row.id == b.row.id; }
};

class Best final : public Engine {
    using Tree = bgi::rtree<Loaded, bgi::rstar<32>, LoadedBox, LoadedEqual>;

  public:
    explicit Best(const World& world) : world_(world), tree_(rows(world)) {}
    std::string name() const override { return "Boost R*-tree, best (packed, payload in value)"; }
    /// Packed leaves are full; inner nodes add about a thirtieth of a box and pointer each.
    double bytes() const override {
        const auto n = static_cast<double>(tree_.size());
        return n * sizeof(Loaded) + n / 31.0 * (sizeof(Box) + 2 * sizeof(void*));
    }
    void touching(std::size_t plan, std::vector<std::uint32_t>& ids) override {
        ids.clear();
        const Asked a = asked(world_.plans[plan]);
        ask_around(a, [&](const Box& box) {
            tree_.query(bgi::intersects(box),
                        boost::make_function_output_iterator([&](const Loaded& v) {
                            if (touches(world_, a, v.row)) ids.push_back(v.row.id);
                        }));
        });
    }
    bool touches_any(std::size_t plan) override {
        const Asked a = asked(world_.plans[plan]);
        bool found = false;
        ask_around(a, [&](const Box& box) {
            const auto exact = [&](const Loaded& v) { return touches(world_, a, v.row); };
            found = found ||
                    tree_.qbegin(bgi::intersects(box) && bgi::satisfies(exact)) != tree_.qend();
        });
        return found;
    }

  private:
    static std::vector<Loaded> rows(const World& world) {
        std::vector<Loaded> all;
        all.reserve(world.points.size());
        for (std::size_t i = 0; i < world.points.size(); ++i) {
            all.push_back({box_of(world.points[i]), payload(world, i)});
        }
        return all;
    }
    const World& world_;
    Tree tree_;
};

class Usual final : public Engine {
    using Value = std::pair<Box, std::uint32_t>;

  public:
    explicit Usual(const World& world) : world_(world) {
        std::vector<Value> boxes;
        for (std::size_t i = 0; i < world.points.size(); ++i) {
            rows_.push_back(payload(world, i));
            boxes.emplace_back(box_of(world.points[i]), static_cast<std::uint32_t>(i));
        }
        tree_ = bgi::rtree<Value, bgi::rstar<32>>(boxes);
    }
    std::string name() const override { return "Boost R*-tree, usual (box -> row)"; }
    double bytes() const override {
        const auto n = static_cast<double>(rows_.size());
        return n * (sizeof(Value) + sizeof(Payload)) + n / 31.0 * (sizeof(Box) + 16);
    }
    void touching(std::size_t plan, std::vector<std::uint32_t>& ids) override {
        ids.clear();
        const Asked a = asked(world_.plans[plan]);
        ask_around(a, [&](const Box& box) {
            tree_.query(bgi::intersects(box),
                        boost::make_function_output_iterator([&](const Value& v) {
                            if (touches(world_, a, rows_[v.second])) ids.push_back(v.second);
                        }));
        });
    }

  private:
    const World& world_;
    std::vector<Payload> rows_;
    bgi::rtree<Value, bgi::rstar<32>> tree_;
};

}  // namespace

EnginePtr make_boost_best(const World& world) { return std::make_unique<Best>(world); }
EnginePtr make_boost_usual(const World& world) { return std::make_unique<Usual>(world); }

}  // namespace entente::bench
