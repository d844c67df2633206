// SPDX-License-Identifier: Apache-2.0
#include "formats/zones.h"

#include <algorithm>

#include "base/decimal.h"
#include "base/limits.h"
#include "formats/geometry.h"
#include "formats/plan_feature.h"
#include "formats/zone_parts.h"
#include "geo/valid.h"

namespace entente::formats {
namespace {

std::string item(const std::string& path, std::size_t i) {
    return path + "[" + std::to_string(i) + "]";
}

tl::unexpected<Error> refuse(const std::string& path, std::string text) {
    return fail(Errc::malformed, path + ": " + std::move(text));
}

/// Absent and null are the same.
const Json* member(const Json& json, std::string_view name) {
    const Json* value = json.is(JsonKind::object) ? json.find(name) : nullptr;
    return value == nullptr || value->is(JsonKind::null) ? nullptr : value;
}

/// The text or number of the first of these members that has one.
Result<std::string> identifier(const Json& json, const std::string& path,
                               std::initializer_list<const char*> names) {
    for (const char* name : names) {
        const Json* value = member(json, name);
        if (value == nullptr || !(value->is(JsonKind::text) || value->is(JsonKind::number))) {
            continue;
        }
        if (value->text.size() > limits::text_bytes_max) {
            return fail(Errc::too_large, path + "." + name + ": has more than " +
                                             std::to_string(limits::text_bytes_max) +
                                             " bytes (text_bytes_max)");
        }
        return value->text;
    }
    return std::string();
}

/// Every shape in every window.
Result<void> add(ReadZones& out, const std::string& zone, const std::string& path,
                 std::vector<geo::Shape> shapes, const geo::Band& band,
                 const std::vector<geo::Window>& windows) {
    for (const geo::Shape& shape : shapes) {
        for (const geo::Window& window : windows) {
            if (out.volumes.size() == zone_volumes_max) {
                return fail(Errc::too_large, path + ": the file has more than " +
                                                 std::to_string(zone_volumes_max) +
                                                 " volumes (zone_volumes_max); split it");
            }
            geo::Volume4D volume{shape, band, window};
            if (const auto valid = geo::validate(volume); !valid) return at(path, valid.error());
            out.volumes.push_back({zone, path, std::move(volume)});
        }
    }
    return {};
}

// -- ED-269 --

Result<std::vector<geo::Shape>> projection(const Json& volume, const std::string& path, Uom uom,
                                           std::size_t& vertices) {
    const Json* shape = member(volume, "horizontalProjection");
    if (shape == nullptr) return refuse(path, "is missing; a zone needs a place");
    const Json* type = member(*shape, "type");
    if (type == nullptr || type->text != "Circle") return shapes_of(*shape, path, vertices);
    // A circle is no geometry of GeoJSON: its centre is read as a Point.
    const Json* center = member(*shape, "center");
    if (center == nullptr) return refuse(path + ".center", "is missing");
    Json point{JsonKind::object, false, {}, {}, {}};
    point.members.push_back({"type", Json{JsonKind::text, false, "Point", {}, {}}});
    point.members.push_back({"coordinates", *center});
    TRY(shapes, shapes_of(point, path, vertices));
    TRY(radius, radius_of(member(*shape, "radius"), path + ".radius", uom));
    std::get<geo::Circle>(shapes.front()).radius = radius;
    return shapes;
}

Result<void> add_uas_zone(ReadZones& out, const Json& zone, const std::string& path) {
    if (!zone.is(JsonKind::object)) return refuse(path, "expected an object: one zone");
    TRY(id, identifier(zone, path, {"identifier"}));
    TRY(windows, windows_of(member(zone, "applicability"), path + ".applicability", out.widened));
    const Json* geometry = member(zone, "geometry");
    const std::string where = path + ".geometry";
    if (geometry == nullptr || !geometry->is(JsonKind::array) || geometry->elements.empty()) {
        return refuse(where, "expected an array of at least one volume");
    }
    std::size_t vertices = 0;
    for (std::size_t i = 0; i < geometry->elements.size(); ++i) {
        const Json& volume = geometry->elements[i];
        const std::string here = item(where, i);
        TRY(uom, uom_of(member(volume, "uomDimensions"), here + ".uomDimensions"));
        TRY(shapes, projection(volume, here + ".horizontalProjection", uom, vertices));
        const Limits limits{
            {member(volume, "lowerLimit"), member(volume, "lowerVerticalReference"), "lowerLimit"},
            {member(volume, "upperLimit"), member(volume, "upperVerticalReference"), "upperLimit"},
            uom};
        TRY(band, band_of(limits, here, out.widened));
        TRYV(add(out, id, here, std::move(shapes), band, windows));
    }
    return {};
}

Result<void> add_uas_zones(ReadZones& out, const Json& list) {
    if (!list.is(JsonKind::array) || list.elements.empty()) {
        return refuse("UASZoneList", "expected an array of at least one zone");
    }
    for (std::size_t i = 0; i < list.elements.size(); ++i) {
        TRYV(add_uas_zone(out, list.elements[i], item("UASZoneList", i)));
    }
    return {};
}

// -- ED-318 --

bool is_layered(const Json& geometry) {
    return member(geometry, "layer") != nullptr || member(geometry, "extent") != nullptr;
}

/// The geometries of a feature, each of which has a layer of its own.
std::vector<std::pair<const Json*, std::string>> parts_of(const Json& geometry,
                                                          const std::string& path) {
    const Json* parts = member(geometry, "geometries");
    if (parts == nullptr) return {{&geometry, path}};
    std::vector<std::pair<const Json*, std::string>> out;
    for (std::size_t i = 0; i < parts->elements.size(); ++i) {
        out.emplace_back(&parts->elements[i], item(path + ".geometries", i));
    }
    return out;
}

bool is_ed318(const Json& feature) {
    const Json* geometry = member(feature, "geometry");
    if (geometry == nullptr) return false;
    const auto parts = parts_of(*geometry, "");
    return std::any_of(parts.begin(), parts.end(),
                       [](const auto& part) { return is_layered(*part.first); });
}

Result<void> add_layered(ReadZones& out, const Json& feature, const std::string& path) {
    static const Json none{JsonKind::object, false, {}, {}, {}};
    const Json* properties = member(feature, "properties");
    if (properties == nullptr) properties = &none;
    TRY(id, identifier(*properties, path, {"identifier"}));
    TRY(windows, windows_of(member(*properties, "limitedApplicability"),
                            path + ".properties.limitedApplicability", out.widened));
    std::size_t vertices = 0;
    for (const auto& [geometry, where] :
         parts_of(*member(feature, "geometry"), path + ".geometry")) {
        TRY(shapes, shapes_of(*geometry, where, vertices));
        const Json* extent = member(*geometry, "extent");
        for (geo::Shape& shape : shapes) {
            auto* circle = std::get_if<geo::Circle>(&shape);
            if (circle == nullptr) continue;
            if (extent == nullptr) return refuse(where + ".extent", "a Point needs its radius");
            // In metres whatever the layer's heights are in (ED-318 4.2.3.1).
            TRY(radius,
                radius_of(member(*extent, "radius"), where + ".extent.radius", Uom::metres));
            circle->radius = radius;
        }
        const Json* layer = member(*geometry, "layer");
        if (layer == nullptr) layer = &none;
        TRY(uom, uom_of(member(*layer, "uom"), where + ".layer.uom"));
        const Limits limits{{member(*layer, "lower"), member(*layer, "lowerReference"), "lower"},
                            {member(*layer, "upper"), member(*layer, "upperReference"), "upper"},
                            uom};
        TRY(band, band_of(limits, where + ".layer", out.widened));
        TRYV(add(out, id, path, std::move(shapes), band, windows));
    }
    return {};
}

// -- GeoJSON --

Result<void> add_feature(ReadZones& out, const Json& feature, const std::string& path) {
    if (is_ed318(feature)) return add_layered(out, feature, path);
    std::size_t vertices = 0;
    TRY(volumes, plan_volumes(feature, path, out.ignored, vertices));
    TRY(own, identifier(feature, path, {"id"}));
    const Json* properties = member(feature, "properties");
    if (own.empty() && properties != nullptr) {
        TRY(given, identifier(*properties, path, {"identifier", "id", "ref", "name"}));
        own = given;
    }
    for (geo::Volume4D& one : volumes) {
        TRYV(add(out, own, path, {std::move(one.shape)}, one.band, {one.window}));
    }
    return {};
}

Result<void> add_features(ReadZones& out, const Json& tree) {
    const Json* features = member(tree, "features");
    if (features == nullptr || !features->is(JsonKind::array) || features->elements.empty()) {
        return refuse("features", "expected an array of at least one Feature");
    }
    // A height or time said once for all would be dropped, and may be what a Feature lacks.
    for (const std::string& name : plan_names()) {
        if (member(tree, name) == nullptr) continue;
        return refuse(name, "stands beside features; put it into each one's properties");
    }
    for (std::size_t i = 0; i < features->elements.size(); ++i) {
        TRYV(add_feature(out, features->elements[i], item("features", i)));
    }
    return {};
}

}  // namespace

Result<ReadZones> read_zones(BytesView json) {
    constexpr BytesView byte_order_mark = "\xEF\xBB\xBF";
    if (json.substr(0, byte_order_mark.size()) == byte_order_mark) {
        json.remove_prefix(byte_order_mark.size());
    }
    if (json.size() > zone_file_bytes_max) {
        return fail(Errc::too_large, "the file has " + std::to_string(json.size()) +
                                         " bytes; at most " + std::to_string(zone_file_bytes_max) +
                                         " (zone_file_bytes_max); split it");
    }
    TRY(tree, parse_json(json, zone_file_bytes_max));
    ReadZones out;
    const Json* type = member(tree, "type");
    if (const Json* list = member(tree, "UASZoneList"); list != nullptr) {
        TRYV(add_uas_zones(out, *list));
    } else if (type != nullptr && type->text == "FeatureCollection") {
        TRYV(add_features(out, tree));
    } else if (type != nullptr && type->text == "Feature") {
        TRYV(add_feature(out, tree, ""));
    } else {
        return refuse("type",
                      "zones are a GeoJSON Feature or FeatureCollection, ED-318, or ED-269 with "
                      "its UASZoneList; this is none of them");
    }
    return out;
}

}  // namespace entente::formats
