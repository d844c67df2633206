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

/// And what only a presence has.
const std::vector<std::string>& presence_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all = known_names();
        all.insert(all.end(), {"group", "sponsor", "grade"});
        return all;
    }();
    return names;
}

Result<statement::Presence> presence_of(const Feature& feature) {
    statement::Presence out;
    TRY(group_text, text_property(feature, "group"));
    auto group = RecordId::parse(group_text);
    if (!group) return at(feature.at("group"), group.error());
    TRY(grade_text, text_property(feature, "grade"));
    auto grade = statement::parse_grade(grade_text);
    if (!grade) return at(feature.at("grade"), grade.error());
    TRY(sponsor_text, text_property(feature, "sponsor"));
    if (!sponsor_text.empty()) {
        auto sponsor = PartyId::parse(sponsor_text);
        if (!sponsor) return at(feature.at("sponsor"), sponsor.error());
        out.sponsor = *sponsor;
    }
    out.group = *group;
    out.grade = *grade;
    return out;
}

/// Kind, class and what only its kind has.
Result<void> read_kind(const Feature& feature, const std::string& kind, Protection& out) {
    if (kind == statement::presence_kind) {
        TRY(presence, presence_of(feature));
        out.presence = std::move(presence);
    }
    TRY(protection_class, class_property(feature));
    out.protection_class = protection_class;
    return {};
}

}  // namespace

Result<ReadProtection> read_protection(BytesView json) {
    TRY(tree, parse_json(json, limits::plan_bytes_max));
    return read_protection(tree);
}

Result<ReadProtection> read_protection(const Json& tree) {
    ReadProtection out;
    TRY(feature, take_feature(tree, "", known_names(), out.ignored));
    TRY(kind, text_property(feature, "kind"));
    const bool is_presence = kind == statement::presence_kind;
    TRYV(check_protection_names(feature, is_presence ? presence_names() : known_names(),
                                out.ignored));
    if (!kind.empty() && kind != statement::protection_kind && !is_presence) {
        return fail(Errc::malformed, feature.at("kind") + ": " + quote_json(kind.substr(0, 40)) +
                                         " is no protection and no presence; a movement is a "
                                         "FeatureCollection of its legs (entente move)");
    }
    TRYV(read_kind(feature, kind, out.protection));
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
    if (!stays(protection) || protection.presence) out.text("kind", protection.kind());
    if (protection.presence) {
        out.text("group", protection.presence->group.text());
        out.text("grade", grade_text(protection.presence->grade));
        if (protection.presence->sponsor) out.text("sponsor", protection.presence->sponsor->v);
    }
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
