// SPDX-License-Identifier: Apache-2.0
// Outlines on tiles against points that GeographicLib says belong to the shape or its reach
// (geo/world_test.h): each is drawn, or less than a pixel from what is drawn. Every kind of shape,
// every zoom, antimeridian and poles. And the same tiles as GDAL reads them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "formats/json.h"
#include "formats/mvt_decode_for_test.h"
#include "formats/tile.h"
#include "formats/tile_world_for_test.h"
#include "geo/world_test.h"

namespace entente::formats {
namespace {

using test::Coordinate;
using test::decode_tile;
using test::DecodedFeature;
using test::Part;
using view::test::History;
using view::test::noon;

struct Point {
    double x, y;
};

/// The point's place on the tile that holds it.
struct OnTile {
    TileAddress tile;
    Point at;
};
OnTile on_tile(geo::LatLng p, std::uint32_t z) {
    const test::WebMercator w = test::web_mercator(p);
    const double side = std::ldexp(1.0, static_cast<int>(z));
    const double x = std::min(std::floor(w.x * side), side - 1);
    const double y = std::min(std::floor(w.y * side), side - 1);
    return {{z, static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y)},
            {(w.x * side - x) * 4096, (w.y * side - y) * 4096}};
}

double to_segment(Point p, Coordinate a, Coordinate b) {
    const auto dx = static_cast<double>(b.x - a.x), dy = static_cast<double>(b.y - a.y);
    const auto px = p.x - static_cast<double>(a.x), py = p.y - static_cast<double>(a.y);
    const double length = dx * dx + dy * dy;
    const double t = length > 0 ? std::clamp((px * dx + py * dy) / length, 0.0, 1.0) : 0;
    return std::hypot(px - t * dx, py - t * dy);
}

/// Units from the point to what the feature draws; 0 inside one of its polygons.
double distance_to(Point p, const DecodedFeature& f) {
    bool in = false, in_any = false;
    double least = INFINITY;
    for (const Part& part : f.parts) {
        if (f.type == 3 && test::doubled_area(part) > 0) {  // the next polygon
            in_any |= in;
            in = false;
        }
        for (std::size_t i = 0; i + (f.type == 2) < part.size(); ++i) {
            const Coordinate a = part[i], b = part[(i + 1) % part.size()];
            least = std::min(least, to_segment(p, a, b));
            const auto ax = static_cast<double>(a.x), ay = static_cast<double>(a.y);
            const auto bx = static_cast<double>(b.x), by = static_cast<double>(b.y);
            if ((ay > p.y) != (by > p.y) && ax + (p.y - ay) / (by - ay) * (bx - ax) > p.x) in = !in;
        }
    }
    return f.type == 3 && (in || in_any) ? 0 : least;
}

double distance_to(Point p, const std::vector<DecodedFeature>& features) {
    double least = INFINITY;
    for (const DecodedFeature& f : features) least = std::min(least, distance_to(p, f));
    return least;
}

constexpr double pixel = 8;

struct Case {
    geo::Shape shape;
    double reach_m;
    std::shared_ptr<const Picture> picture;
};

Case make_case(Rng& rng) {
    Case out;
    const geo::test::Corner around = geo::test::random_corner(rng);
    out.shape = geo::test::random_shape(rng, around, geo::test::random_size(rng, 10, 2e6));
    const auto reach_dm = static_cast<std::int64_t>(geo::test::random_size(rng, 1, 1e6));
    out.reach_m = static_cast<double>(reach_dm) / 10;
    geo::Place place;
    place.volume.shape = out.shape;
    place.buffer = Decimetres{reach_dm};
    place.accuracy = Decimetres{0};
    History h;
    h.say({.where = std::vector<geo::Place>{place}});
    out.picture = Picture::build(view::test::view_of(h), noon);
    return out;
}

/// Pixels across that all within the reach takes at this zoom, roughly and at least.
double pixels_across(const Case& c, std::uint32_t z, double reach_m, Rng& rng) {
    double most = 0;
    const test::WebMercator a = test::web_mercator(geo::test::random_point_of(rng, c.shape, 0));
    for (int i = 0; i < 20; ++i) {
        const geo::LatLng p = geo::test::random_point_of(rng, c.shape, reach_m);
        if (std::abs(p.lat_e7) > 850'000'000) return 0;  // of this only a part can be seen
        const test::WebMercator b = test::web_mercator(p);
        const double dx = std::abs(a.x - b.x);
        most = std::max({most, std::min(dx, 1 - dx), std::abs(a.y - b.y)});
    }
    return std::ldexp(most, static_cast<int>(z) + 9);
}

TEST(TileShapes, AreNeverDrawnSmaller) {
    Rng rng(11);
    int drawn = 0;
    const int cases = geo::test::count(1'500, 100'000);
    for (int i = 0; i < cases; ++i) {
        const Case c = make_case(rng);
        const auto z = static_cast<std::uint32_t>(rng.below(tile_zoom_max + 1));
        const double across = pixels_across(c, z, c.reach_m, rng);
        const double across_itself = pixels_across(c, z, 0, rng);
        const bool reach = rng.below(2) == 0;
        for (int k = 0; k < 5; ++k) {
            const geo::LatLng p = geo::test::random_point_of(rng, c.shape, reach ? c.reach_m : 0);
            if (std::abs(p.lat_e7) > 850'000'000) continue;
            const OnTile at = on_tile(p, z);
            auto layers = decode_tile(tile(*c.picture, at.tile, noon));
            const auto& features = layers[reach ? "reaches" : "shapes"].features;
            // A shape may be too small to be drawn, and a point has no footprint.
            if (features.empty()) {
                const auto* circle = std::get_if<geo::Circle>(&c.shape);
                if (!reach && circle != nullptr && circle->radius.v == 0) continue;
                if (!reach && across_itself < 3) continue;
                const double least =
                    z >= 9 ? 2 : std::max(8.0, std::ldexp(1.0, static_cast<int>(z) - 3));
                EXPECT_LT(across, 1.1 * least)
                    << "not drawn at zoom " << z << ", case " << i << ", tile " << at.tile.x << "/"
                    << at.tile.y << (reach ? " reach " : " footprint ") << p.lat_e7 << " "
                    << p.lng_e7 << ": " << geo::test::show(c.shape);
                continue;
            }
            ++drawn;
            // The point itself is rounded to 1e-7 degrees, which close to a pole are many units.
            const double rounded = std::ldexp(1e-7 / 360, static_cast<int>(z) + 12) /
                                   std::cos(p.lat_e7 / 1e7 * 3.14159265358979 / 180);
            EXPECT_LE(distance_to(at.at, features), pixel + 1 + rounded)
                << (reach ? "reach " : "footprint ") << c.reach_m << " m, zoom " << z << ", case "
                << i << ": " << geo::test::show(c.shape);
        }
    }
    EXPECT_GT(drawn, cases / 2);
}

TEST(TileShapes, OfCirclesAreHardlyLarger) {
    Rng rng(12);
    int looked = 0;
    for (int i = 0; i < 2'000; ++i) {
        const geo::test::Corner c{rng.between(-60, 60), rng.between(-180, 180)};
        const double radius = geo::test::random_size(rng, 10, 50'000);
        geo::Place place;
        place.volume.shape = geo::Circle{geo::test::lat_lng(c), {0}};
        place.buffer = Decimetres{static_cast<std::int64_t>(radius * 10)};
        place.accuracy = Decimetres{0};
        History h;
        h.say({.where = std::vector<geo::Place>{place}});
        const auto picture = Picture::build(view::test::view_of(h), noon);
        const auto z = static_cast<std::uint32_t>(rng.below(18));
        const double unit_m = 40075017 * std::cos(c.lat * 3.14159265358979 / 180) /
                              std::ldexp(4096.0, static_cast<int>(z));
        const double beyond = radius * 1.04 + 2 * pixel * unit_m;
        const geo::test::Corner p = geo::test::moved(c, rng.between(0, 360), beyond);
        const OnTile at = on_tile(geo::test::lat_lng({p.lat, std::remainder(p.lng, 360)}), z);
        auto layers = decode_tile(tile(*picture, at.tile, noon));
        if (layers["reaches"].features.empty()) continue;
        ++looked;
        EXPECT_GT(distance_to(at.at, layers["reaches"].features), 0)
            << radius << " m at " << c.lat << ", " << c.lng << ", zoom " << z;
    }
    EXPECT_GT(looked, 300);
}

TEST(TileShapes, OfARegisterStayWithinTheirBounds) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        test::TileWorld world(seed, 2500);
        const auto picture = Picture::build(world.view(), world.now());
        for (std::uint32_t z = 0; z <= tile_zoom_max; ++z) {
            for (int i = 0; i < 4; ++i) {
                const auto slot =
                    static_cast<view::Slot>(world.rng().below(picture->view().size()));
                const auto places = picture->view().at(slot).places(world.now());
                if (places.empty()) continue;
                const OnTile at =
                    on_tile(test::point_by_hand(places[0].reached->place.volume.shape), z);
                const Bytes mvt = tile(*picture, at.tile, world.now());
                EXPECT_LT(mvt.size(), 500'000u);
                for (const auto& [name, layer] : decode_tile(mvt)) {
                    if (name == "protections") continue;
                    EXPECT_LE(layer.features.size(), shapes_max);
                    for (const DecodedFeature& f : layer.features) {
                        EXPECT_EQ(
                            f.tags.count("id") + f.tags.count("class") + f.tags.count("state"), 3u);
                        for (const Part& part : f.parts) {
                            for (const Coordinate c : part) {
                                EXPECT_TRUE(c.x >= -64 && c.x <= 4160 && c.y >= -64 && c.y <= 4160);
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What GDAL's MVT driver makes of a layer: (properties as JSON numbers and texts, geometry type).
std::vector<std::string> by_gdal(const std::filesystem::path& file, const std::string& layer) {
    const std::string command =
        "ogr2ogr -f GeoJSON -lco RFC7946=NO /vsistdout/ 'MVT:" + file.string() + "' " + layer +
        " -oo CLIP=NO -oo X=0 -oo Y=0 -oo Z=0 2>/dev/null";
    std::string out;
    FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return {};
    char buffer[65536];
    for (std::size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
    pclose(pipe);
    std::vector<std::string> said;
    const auto json = parse_json(out, out.size() + 1);
    if (!json || json->find("features") == nullptr) return {};
    for (const Json& f : json->find("features")->elements) {
        const Json* properties = f.find("properties");
        std::string line;
        for (const char* key : {"id", "class", "state", "count"}) {
            const Json* value = properties->find(key);
            line += (value == nullptr ? "" : value->text) + "|";
        }
        std::string type = f.find("geometry")->find("type")->text;
        if (type.starts_with("Multi")) type.erase(0, 5);
        said.push_back(line + type);
    }
    std::sort(said.begin(), said.end());
    return said;
}

TEST(TileShapes, AreReadByGdalAsByUs) {
    test::TileWorld world(3, 900);
    const auto picture = Picture::build(world.view(), world.now());
    const Bytes mvt = tile(*picture, {0, 0, 0}, world.now());
    const auto folder =
        std::filesystem::temp_directory_path() /
        ("entente-tile-test-" +
         std::to_string(world.rng().next() ^ reinterpret_cast<std::uintptr_t>(&world)));
    std::filesystem::create_directories(folder);
    const auto file = folder / "0.mvt";
    std::ofstream(file, std::ios::binary) << mvt;
    int compared = 0;
    for (const auto& [name, layer] : decode_tile(mvt)) {
        std::vector<std::string> ours;
        for (const DecodedFeature& f : layer.features) {
            const char* types[] = {"", "Point", "LineString", "Polygon"};
            ours.push_back(f.text("id") + "|" + f.text("class") + "|" + f.text("state") + "|" +
                           f.text("count") + "|" + types[f.type]);
        }
        std::sort(ours.begin(), ours.end());
        EXPECT_EQ(by_gdal(file, name), ours) << name;
        ++compared;
    }
    EXPECT_EQ(compared, 3);
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace entente::formats
