// SPDX-License-Identifier: Apache-2.0
#include "formats/geometry.h"

#include <cstdlib>

#include "base/decimal.h"
#include "base/limits.h"
#include "formats/geojson.h"
#include "geo/valid.h"

namespace entente::formats {
namespace {

constexpr unsigned degree_scale = 7;
constexpr std::int32_t pole_e7 = 900'000'000;
constexpr std::int64_t turn_e7 = 3'600'000'000;
constexpr std::size_t geometry_bytes_max = limits::plan_bytes_max;

tl::unexpected<Error> refuse(const std::string& path, std::string text) {
    return fail(Errc::malformed, path + ": " + std::move(text));
}

Result<std::int64_t> degrees(const Json& json, const std::string& path, bool latitude) {
    if (!json.is(JsonKind::number)) {
        return refuse(path, std::string("expected a number of degrees, got ") + name(json.kind));
    }
    auto value = parse_decimal(json.text, degree_scale, Rounding::nearest, Exponent::allowed);
    const std::int64_t limit = latitude ? pole_e7 : 5'400'000'000;
    if (!value || *value > limit || *value < -limit) {
        return refuse(path, (latitude ? "latitude " : "longitude ") + json.text.substr(0, 40) +
                                (latitude ? " is beyond ±90" : " is beyond ±540") +
                                "; positions are [longitude, latitude] in degrees");
    }
    return *value;
}

Result<geo::LatLng> position(const Json& json, const std::string& path, std::size_t& vertices) {
    if (!json.is(JsonKind::array) || json.elements.size() < 2 || json.elements.size() > 3) {
        return refuse(path, "expected a position [longitude, latitude]");
    }
    if (++vertices > limits::vertices_max) {
        return fail(Errc::too_large, path + ": more than " + std::to_string(limits::vertices_max) +
                                         " points (vertices_max); split it");
    }
    TRY(lng, degrees(json.elements[0], path, false));
    TRY(lat, degrees(json.elements[1], path, true));
    return geo::LatLng{static_cast<std::int32_t>(lat), lng};
}

std::string item(const std::string& path, std::size_t i) {
    return path + "[" + std::to_string(i) + "]";
}

Result<const std::vector<Json>*> list(const Json& json, const std::string& path, const char* of) {
    if (!json.is(JsonKind::array)) {
        return refuse(path, std::string("expected an array of ") + of + ", got " + name(json.kind));
    }
    if (json.elements.empty()) {
        return refuse(path, std::string("is empty; give ") + of + ", or leave the feature out");
    }
    return &json.elements;
}

Result<std::vector<geo::LatLng>> positions(const Json& json, const std::string& path,
                                           std::size_t& vertices) {
    TRY(elements, list(json, path, "positions"));
    std::vector<geo::LatLng> points;
    for (std::size_t i = 0; i < elements->size(); ++i) {
        TRY(point, position((*elements)[i], item(path, i), vertices));
        points.push_back(point);
    }
    return points;
}

/// Along a pole all longitudes are one place, and files split at the antimeridian run along it in
/// one edge of up to 360°. Points between keep each edge short of 180°.
void append(std::vector<geo::LatLng>& points, const geo::LatLng& next) {
    if (!points.empty() && points.back().lat_e7 == next.lat_e7 &&
        std::abs(next.lat_e7) == pole_e7) {
        const geo::LatLng from = points.back();
        const std::int64_t span = next.lng_e7 - from.lng_e7;
        if (std::abs(span) >= turn_e7 / 2) {
            for (int i = 1; i <= 3; ++i) {
                points.push_back({next.lat_e7, from.lng_e7 + span / 4 * i});
            }
        }
    }
    points.push_back(next);
}

Result<geo::Ring> ring(const Json& json, const std::string& path, std::size_t& vertices) {
    TRY(raw, positions(json, path, vertices));
    if (raw.size() < 4) {
        return refuse(path, "a ring has at least four positions, the last one the first again");
    }
    if (raw.front() != raw.back()) {
        return refuse(path, "the ring is not closed; repeat its first position at its end");
    }
    geo::Ring result;
    for (const auto& point : raw) append(result.points, point);
    result.points.pop_back();
    return result;
}

Result<geo::Polygon> polygon(const Json& json, const std::string& path, std::size_t& vertices) {
    TRY(rings, list(json, path, "rings"));
    geo::Polygon result;
    for (std::size_t i = 0; i < rings->size(); ++i) {
        TRY(one, ring((*rings)[i], item(path, i), vertices));
        if (i == 0) {
            result.outer = std::move(one);
        } else {
            result.holes.push_back(std::move(one));
        }
    }
    return result;
}

Result<geo::Shape> shape(const std::string& type, const Json& json, const std::string& path,
                         std::size_t& vertices) {
    if (type == "Point") {
        TRY(center, position(json, path, vertices));
        return geo::Shape(geo::Circle{center, {}});
    }
    if (type == "LineString") {
        TRY(line, positions(json, path, vertices));
        return geo::Shape(geo::Corridor{std::move(line), {}});
    }
    TRY(one, polygon(json, path, vertices));
    return geo::Shape(geo::Area{{std::move(one)}});
}

Result<std::vector<geo::Shape>> parts(const std::string& type, const Json& json,
                                      const std::string& path, std::size_t& vertices) {
    std::vector<geo::Shape> result;
    if (type == "Point" || type == "LineString" || type == "Polygon") {
        TRY(one, shape(type, json, path, vertices));
        result.push_back(std::move(one));
        return result;
    }
    TRY(elements, list(json, path, "coordinates"));
    geo::Area area;
    for (std::size_t i = 0; i < elements->size(); ++i) {
        TRY(one, shape(type.substr(5), (*elements)[i], item(path, i), vertices));
        if (type == "MultiPolygon") {
            area.polygons.push_back(std::move(std::get<geo::Area>(one).polygons.front()));
        } else {
            result.push_back(std::move(one));
        }
    }
    if (type == "MultiPolygon") result.emplace_back(std::move(area));
    return result;
}

bool is_type(const std::string& type) {
    for (const char* known :
         {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"}) {
        if (type == known) return true;
    }
    return false;
}

Result<std::vector<geo::Shape>> shapes_at(const Json& geometry, const std::string& path,
                                          std::size_t& vertices, bool collections) {
    if (!geometry.is(JsonKind::object)) {
        return refuse(path, std::string("expected a geometry, got ") + name(geometry.kind));
    }
    const Json* type = geometry.find("type");
    if (type != nullptr && type->text == "GeometryCollection" && collections) {
        const Json* members = geometry.find("geometries");
        TRY(elements,
            list(members != nullptr ? *members : Json{}, path + ".geometries", "geometries"));
        std::vector<geo::Shape> all;
        for (std::size_t i = 0; i < elements->size(); ++i) {
            TRY(some, shapes_at((*elements)[i], item(path + ".geometries", i), vertices, false));
            for (auto& one : some) all.push_back(std::move(one));
        }
        return all;
    }
    if (type == nullptr || !type->is(JsonKind::text) || !is_type(type->text)) {
        std::string got = type == nullptr ? "nothing" : quote_json(type->text.substr(0, 40));
        return refuse(path + ".type",
                      "expected Point, LineString, Polygon, MultiPoint, "
                      "MultiLineString or MultiPolygon, got " +
                          got);
    }
    const Json* coordinates = geometry.find("coordinates");
    if (coordinates == nullptr) return refuse(path, "has no coordinates");
    return parts(type->text, *coordinates, path + ".coordinates", vertices);
}

// Writing.

std::string text(const geo::LatLng& p, char between) {
    return format_decimal(p.lng_e7, degree_scale) + between +
           format_decimal(p.lat_e7, degree_scale);
}

/// The ring closed; around a pole by way of the pole, which is the same set of places.
std::vector<geo::LatLng> closed(const geo::Ring& ring) {
    std::vector<geo::LatLng> points = ring.points;
    if (points.empty()) return points;
    const geo::LatLng first = points.front();
    if (ring.pole != geo::Pole::none) {
        const std::int32_t pole = ring.pole == geo::Pole::north ? pole_e7 : -pole_e7;
        const std::int64_t far =
            points.back().lng_e7 > first.lng_e7 ? first.lng_e7 + turn_e7 : first.lng_e7 - turn_e7;
        points.push_back({first.lat_e7, far});
        points.push_back({pole, far});
        points.push_back({pole, first.lng_e7});
    }
    points.push_back(first);
    return points;
}

/// How a format spells nesting: GeoJSON [[x,y],[x,y]], WKT (x y, x y).
struct Spelling {
    char open, close, between;
    bool wraps_positions;
};
constexpr Spelling geojson{'[', ']', ',', true};
constexpr Spelling wkt{'(', ')', ' ', false};

std::string spell(const std::vector<geo::LatLng>& points, const Spelling& s) {
    std::string out(1, s.open);
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (i != 0) out += ',';
        if (s.wraps_positions) out += s.open;
        out += text(points[i], s.between);
        if (s.wraps_positions) out += s.close;
    }
    return out + s.close;
}

std::string spell(const geo::Polygon& polygon, const Spelling& s) {
    std::string out = s.open + spell(closed(polygon.outer), s);
    for (const auto& hole : polygon.holes) out += "," + spell(closed(hole), s);
    return out + s.close;
}

std::string spell(const geo::Area& area, const Spelling& s) {
    if (area.polygons.size() == 1) return spell(area.polygons.front(), s);
    std::string out(1, s.open);
    for (std::size_t i = 0; i < area.polygons.size(); ++i) {
        out += (i == 0 ? "" : ",") + spell(area.polygons[i], s);
    }
    return out + s.close;
}

struct Spelt {
    const char* type;
    std::string coordinates;
};

Spelt spell(const geo::Shape& shape, const Spelling& s) {
    if (const auto* circle = std::get_if<geo::Circle>(&shape)) {
        return {"Point", s.open + text(circle->center, s.between) + s.close};
    }
    if (const auto* corridor = std::get_if<geo::Corridor>(&shape)) {
        return {"LineString", spell(corridor->line, s)};
    }
    const auto& area = std::get<geo::Area>(shape);
    return {area.polygons.size() == 1 ? "Polygon" : "MultiPolygon", spell(area, s)};
}

}  // namespace

Result<std::vector<geo::Shape>> shapes_of(const Json& geometry, const std::string& path,
                                          std::size_t& vertices) {
    TRY(shapes, shapes_at(geometry, path, vertices, true));
    for (const auto& one : shapes) {
        auto valid = geo::validate(one);
        if (!valid) return at(path, valid.error());
    }
    return shapes;
}

Result<std::vector<geo::Shape>> read_geometry(BytesView json) {
    auto tree = parse_json(json, geometry_bytes_max);
    if (!tree) return at("geometry", tree.error());
    std::size_t vertices = 0;
    return shapes_of(*tree, "geometry", vertices);
}

std::string write_geometry(const geo::Shape& shape) {
    Spelt spelt = spell(shape, geojson);
    return std::string("{\"type\":\"") + spelt.type + "\",\"coordinates\":" + spelt.coordinates +
           "}";
}

std::string write_wkt(const geo::Shape& shape) {
    Spelt spelt = spell(shape, wkt);
    std::string type = spelt.type;
    for (char& c : type) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return type + " " + spelt.coordinates;
}

}  // namespace entente::formats
