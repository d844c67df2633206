// SPDX-License-Identifier: Apache-2.0
#include "intake/changes.h"

#include <algorithm>

#include "base/decimal.h"

namespace entente::intake {
namespace {

using statement::Protection;

constexpr unsigned degree_scale = 7;

std::string text(const geo::LatLng& p) {
    return format_decimal(p.lat_e7, degree_scale) + ", " + format_decimal(p.lng_e7, degree_scale);
}

std::string text(const std::optional<Decimetres>& length) {
    return length ? format_decimal(length->v, 1) : "";
}

std::string text(const std::optional<Instant>& time) { return time ? format_rfc3339(*time) : ""; }

std::string text(const geo::Band& band, const std::optional<std::int64_t>& end) {
    if (!end) return "";
    const bool level = band.reference == geo::AltitudeReference::fl;
    return level ? std::to_string(*end) : format_decimal(*end, 1);
}

const char* text(geo::AltitudeReference reference) {
    switch (reference) {
        case geo::AltitudeReference::w84: return "W84";
        case geo::AltitudeReference::agl: return "AGL";
        case geo::AltitudeReference::amsl: return "AMSL";
        case geo::AltitudeReference::fl: return "FL";
    }
    return "";
}

std::string text(const std::vector<statement::Name>& names) {
    std::string result;
    for (const auto& one : names) {
        result += (result.empty() ? "" : " / ") + one.text;
        if (!one.language.empty()) result += " (" + one.language + ")";
        if (!one.script.empty()) result += " [" + one.script + "]";
    }
    return result;
}

void compare(std::vector<FieldChange>& out, std::string field, std::string before,
             std::string after) {
    if (before != after) {
        out.push_back({std::move(field), std::move(before), std::move(after)});
    }
}

void compare_places(std::vector<FieldChange>& out, const std::string& prefix,
                    const geo::Place& before, const geo::Place& after) {
    const auto& b = before.volume;
    const auto& a = after.volume;
    if (b.shape != a.shape) {
        std::string was = describe(b.shape);
        std::string is = describe(a.shape);
        // Two long lines can differ in the middle only.
        out.push_back({prefix + "place", was, was == is ? is + " (other points)" : is});
    }
    compare(out, prefix + "altitude_lower", text(b.band, b.band.lower), text(a.band, a.band.lower));
    compare(out, prefix + "altitude_upper", text(b.band, b.band.upper), text(a.band, a.band.upper));
    compare(out, prefix + "altitude_reference", text(b.band.reference), text(a.band.reference));
    compare(out, prefix + "time_start", text(b.window.start), text(a.window.start));
    compare(out, prefix + "time_end", text(b.window.end), text(a.window.end));
    compare(out, prefix + "buffer_m", text(before.buffer), text(after.buffer));
    compare(out, prefix + "accuracy_m", text(before.accuracy), text(after.accuracy));
}

void compare_texts(std::vector<FieldChange>& out, const Protection& before,
                   const Protection& after) {
    for (const auto& [key, was] : before.texts) {
        auto is = after.texts.find(key);
        compare(out, key, was, is == after.texts.end() ? "" : is->second);
    }
    for (const auto& [key, is] : after.texts) {
        if (before.texts.count(key) == 0) compare(out, key, "", is);
    }
}

}  // namespace

std::string describe(const geo::Shape& shape) {
    if (const auto* circle = std::get_if<geo::Circle>(&shape)) {
        std::string result = text(circle->center);
        if (circle->radius.v != 0) {
            result += ", radius " + format_decimal(circle->radius.v, 1) + " m";
        }
        return result;
    }
    if (const auto* corridor = std::get_if<geo::Corridor>(&shape)) {
        std::string result = "line of " + std::to_string(corridor->line.size()) + " points from " +
                             (corridor->line.empty() ? "" : text(corridor->line.front()));
        if (corridor->half_width.v != 0) {
            result += ", half-width " + format_decimal(corridor->half_width.v, 1) + " m";
        }
        return result;
    }
    const auto& area = std::get<geo::Area>(shape);
    std::size_t points = 0;
    for (const auto& polygon : area.polygons) points += polygon.outer.points.size();
    std::string result = "area of " + std::to_string(points) + " points";
    if (points != 0) result += " from " + text(area.polygons.front().outer.points.front());
    return result;
}

std::vector<FieldChange> changes(const Protection& before, const Protection& after) {
    std::vector<FieldChange> out;
    if (before == after) return out;
    compare(out, "class", statement::name(before.protection_class),
            statement::name(after.protection_class));
    compare(out, "name", text(before.names), text(after.names));
    compare(out, "source", before.source, after.source);
    compare(out, "ref", before.ref, after.ref);
    compare(out, "contact", before.contact, after.contact);
    compare(out, "reconfirm_by", text(before.reconfirm_by), text(after.reconfirm_by));
    compare_texts(out, before, after);
    std::size_t most = std::max(before.where.size(), after.where.size());
    for (std::size_t i = 0; i < most; ++i) {
        std::string prefix = i == 0 ? "" : "earlier place " + std::to_string(i) + ": ";
        if (i >= before.where.size()) {
            out.push_back({prefix + "place", "", describe(after.where[i].volume.shape)});
        } else if (i >= after.where.size()) {
            out.push_back({prefix + "place", describe(before.where[i].volume.shape), ""});
        } else {
            compare_places(out, prefix, before.where[i], after.where[i]);
        }
    }
    // Names that read alike can still differ in what is not shown; no difference goes unsaid.
    if (out.empty()) out.push_back({"other", "", "differs in a way that has no words"});
    return out;
}

}  // namespace entente::intake
