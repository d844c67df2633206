// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/limits.h"
#include "formats/geojson.h"
#include "formats/geometry.h"
#include "formats/plan_feature.h"
#include "formats/properties.h"
#include "geo/valid.h"

namespace entente::formats {
namespace {

/// What enlarges a protection, and would silently do nothing in a plan.
Result<void> refuse_margins(const Feature& feature) {
    for (const char* name : {"buffer_m", "accuracy_m"}) {
        if (feature.property(name) == nullptr) continue;
        return fail(Errc::malformed, feature.at(name) +
                                         ": belongs to protections; give a plan a "
                                         "larger shape, or check it with a margin");
    }
    return {};
}

Result<void> add(Plan& plan, const Json& json, const std::string& path, std::size_t& vertices) {
    TRY(volumes, plan_volumes(json, path, plan.ignored, vertices));
    for (geo::Volume4D& volume : volumes) {
        if (plan.volumes.size() == limits::volumes_max) {
            return fail(Errc::too_large, "the plan has more than " +
                                             std::to_string(limits::volumes_max) +
                                             " volumes (volumes_max); check it in parts");
        }
        plan.volumes.push_back(std::move(volume));
        plan.paths.push_back(path);
    }
    return {};
}

Result<void> add_collection(Plan& plan, const Json& json) {
    const Json* features = json.find("features");
    if (features == nullptr || !features->is(JsonKind::array)) {
        return fail(Errc::malformed, "features: expected an array of Features");
    }
    if (features->elements.empty()) {
        return fail(Errc::malformed, "features: there are none; a plan has at least one");
    }
    std::size_t vertices = 0;
    for (std::size_t i = 0; i < features->elements.size(); ++i) {
        TRYV(add(plan, features->elements[i], "features[" + std::to_string(i) + "]", vertices));
    }
    // A height or time said once for all would be dropped, and may be what a Feature lacks.
    for (const auto& [key, value] : json.members) {
        if (key == "type" || key == "features" || key == "bbox" || key == "crs") continue;
        const auto& known = plan_names();
        if (std::find(known.begin(), known.end(), key) != known.end() || nearly(key, known)) {
            return fail(Errc::malformed,
                        key + ": stands beside features; put it into each one's properties");
        }
        plan.ignored.push_back(key);
    }
    return {};
}

}  // namespace

const std::vector<std::string>& plan_names() {
    static const std::vector<std::string> names = {
        "radius_m",           "half_width_m", "altitude_lower", "altitude_upper",
        "altitude_reference", "time_start",   "time_end",
    };
    return names;
}

Result<std::vector<geo::Volume4D>> plan_volumes(const Json& json, const std::string& path,
                                                std::vector<std::string>& ignored,
                                                std::size_t& vertices) {
    TRY(feature, take_feature(json, path, plan_names(), ignored));
    TRYV(check_names(feature, plan_names(), ignored));
    TRYV(refuse_margins(feature));
    TRY(shapes,
        shapes_of(*feature.geometry, path.empty() ? "geometry" : path + ".geometry", vertices));
    TRYV(widen(feature, shapes, true));
    TRY(band, band_properties(feature));
    TRY(window, window_properties(feature));
    std::vector<geo::Volume4D> out;
    for (auto& shape : shapes) {
        geo::Volume4D volume{std::move(shape), band, window};
        auto valid = geo::validate(volume);
        if (!valid) return at(path.empty() ? "the feature" : path, valid.error());
        out.push_back(std::move(volume));
    }
    return out;
}

Result<Plan> read_plan(BytesView json) {
    constexpr BytesView byte_order_mark = "\xEF\xBB\xBF";
    if (json.substr(0, byte_order_mark.size()) == byte_order_mark) {
        json.remove_prefix(byte_order_mark.size());
    }
    if (json.size() > limits::plan_bytes_max) {
        return fail(Errc::too_large,
                    "the plan has " + std::to_string(json.size()) + " bytes; at most " +
                        std::to_string(limits::plan_bytes_max) + " (plan_bytes_max)");
    }
    TRY(tree, parse_json(json, limits::plan_bytes_max));
    return read_plan(tree);
}

Result<Plan> read_plan(const Json& tree) {
    const Json* type = tree.find("type");
    const std::string kind = type == nullptr ? "" : type->text;
    Plan plan;
    if (kind == "FeatureCollection") {
        TRYV(add_collection(plan, tree));
        return plan;
    }
    if (kind != "Feature") {
        const std::string got = kind.empty() ? "neither" : quote_json(kind);
        return fail(Errc::malformed,
                    "type: a plan is a GeoJSON Feature or FeatureCollection, got " + got +
                        "; put a bare geometry into a Feature: {\"type\": \"Feature\", "
                        "\"geometry\": ..., \"properties\": {}}");
    }
    std::size_t vertices = 0;
    TRYV(add(plan, tree, "", vertices));
    return plan;
}

}  // namespace entente::formats
