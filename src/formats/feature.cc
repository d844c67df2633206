// SPDX-License-Identifier: Apache-2.0
// Protections as GeoJSON Features, in and out (formats/geojson.h).
#include "base/limits.h"
#include "formats/feature_parts.h"
#include "formats/geometry.h"
#include "statement/body.h"

namespace entente::formats {
namespace {

using statement::Protection;

constexpr const char* earlier_places = "earlier_places";

const std::vector<std::string>& known_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all = {
            "ref",
            "name",
            "class",
            "source",
            "radius_m",
            "half_width_m",
            "buffer_m",
            "accuracy_m",
            "altitude_lower",
            "altitude_upper",
            "altitude_reference",
            "time_start",
            "time_end",
            "reconfirm_by",
            "contact",
            "kind",
        };
        for (const auto& text : statement::text_field_names()) all.push_back(text);
        return all;
    }();
    return names;
}

}  // namespace

Result<ReadProtection> read_protection(BytesView json) {
    TRY(tree, parse_json(json, limits::plan_bytes_max));
    return read_protection(tree);
}

Result<ReadProtection> read_protection(const Json& tree) {
    ReadProtection out;
    TRY(feature, take_feature(tree, "", known_names(), out.ignored));
    TRYV(check_protection_names(feature, known_names(), out.ignored));
    TRY(kind, text_property(feature, "kind"));
    if (!kind.empty() && kind != statement::protection_kind) {
        return fail(Errc::malformed, feature.at("kind") + ": " + quote_json(kind.substr(0, 40)) +
                                         " is no protection; a movement is a FeatureCollection of "
                                         "its legs (entente move)");
    }
    TRY(protection_class, class_property(feature));
    out.protection.protection_class = protection_class;
    std::size_t vertices = 0;
    TRY(place, place_of(feature, false, vertices));
    out.protection.where.push_back(std::move(place));
    TRYV(read_texts(feature, out.protection));
    TRY(reconfirm_by, time_property(feature, "reconfirm_by"));
    out.protection.reconfirm_by = reconfirm_by;
    TRYV(statement::validate(out.protection));
    return out;
}

namespace {

/// Whether it is said of one place, beside those it had before.
bool stays(const Protection& protection) { return !protection.moves() && !protection.objects(); }

/// What only a place that stays has: sizes, heights, times, and where it was before.
void write_places(const Protection& protection, Writer& out) {
    if (!protection.where.empty()) write_place(protection.where.front(), true, out);
    if (protection.where.size() < 2) return;
    std::string places;
    for (std::size_t i = 1; i < protection.where.size(); ++i) {
        places += (i == 1 ? "" : ",") + write_geometry(protection.where[i].volume.shape);
    }
    out.raw(earlier_places, "[" + places + "]");
}

std::string geometry_of(const Protection& protection) {
    if (protection.where.empty()) return "null";
    if (stays(protection) || (protection.objects() && protection.where.size() == 1)) {
        return write_geometry(protection.where.front().volume.shape);
    }
    std::string lines;
    for (const geo::Place& place : protection.where) {
        lines += (lines.empty() ? "" : ",") + write_geometry(place.volume.shape);
    }
    return "{\"type\":\"GeometryCollection\",\"geometries\":[" + lines + "]}";
}

}  // namespace

std::string write_feature(const Protection& protection, const std::string& id,
                          const Extras& extras) {
    Writer out;
    if (!stays(protection)) out.text("kind", protection.kind());
    out.text("ref", protection.ref);
    write_names(protection, out);
    out.text("class", statement::name(protection.protection_class));
    if (stays(protection)) write_places(protection, out);
    out.time("reconfirm_by", protection.reconfirm_by);
    out.text("contact", protection.contact);
    out.text("source", protection.source);
    for (const auto& [key, value] : protection.texts) out.text(key, value);
    for (const auto& [key, value] : extras) out.text(key, value);
    return "{\"type\":\"Feature\"," + (id.empty() ? "" : "\"id\":" + quote_json(id) + ",") +
           "\"geometry\":" + geometry_of(protection) + ",\"properties\":{" + out.members() + "}}";
}

}  // namespace entente::formats
