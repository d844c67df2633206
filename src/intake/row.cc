// SPDX-License-Identifier: Apache-2.0
#include "intake/row.h"

#include <algorithm>

#include "base/decimal.h"
#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "geo/valid.h"
#include "intake/degrees.h"

namespace entente::intake {
namespace {

constexpr std::size_t ref_digits = 32;

/// The cell that gives a field, without blanks at its ends; empty if none does.
std::string_view cell(const Row& row, const Mapping& mapping, Field field) {
    auto column = mapping.at(field);
    if (!column || *column >= row.cells.size()) return {};
    return trimmed(row.cells[*column]);
}

/// The error with the field's name before it.
tl::unexpected<Error> in(Field field, Error error) { return at(name(field), std::move(error)); }

Result<std::optional<Decimetres>> length(const Row& row, const Mapping& mapping, Field field,
                                         std::int64_t most) {
    std::string_view text = cell(row, mapping, field);
    if (text.empty()) return std::optional<Decimetres>();
    auto value = parse_metres(text, Rounding::ceiling);
    if (!value) return in(field, value.error());
    if (value->v > most) {
        return fail(Errc::too_large, std::string(name(field)) + ": " + std::string(text) +
                                         " is more than " + format_decimal(most, 1) + " m");
    }
    return std::optional(*value);
}

Result<std::optional<Instant>> instant_of(const Row& row, const Mapping& mapping, Field field) {
    std::string_view text = cell(row, mapping, field);
    if (text.empty()) return std::optional<Instant>();
    auto value = parse_rfc3339(text);
    if (!value) return in(field, value.error());
    return std::optional(*value);
}

Result<geo::AltitudeReference> reference_of(std::string_view text) {
    if (text == "W84") return geo::AltitudeReference::w84;
    if (text == "AGL") return geo::AltitudeReference::agl;
    if (text == "AMSL") return geo::AltitudeReference::amsl;
    if (text == "FL") return geo::AltitudeReference::fl;
    return fail(Errc::malformed, "altitude_reference: \"" + std::string(text.substr(0, 40)) +
                                     "\" is none of W84, AGL, AMSL, FL");
}

Result<geo::Band> band(const Row& row, const Mapping& mapping) {
    geo::Band result;
    std::string_view lower = cell(row, mapping, Field::altitude_lower);
    std::string_view upper = cell(row, mapping, Field::altitude_upper);
    if (lower.empty() && upper.empty()) return result;
    std::string_view reference = cell(row, mapping, Field::altitude_reference);
    if (reference.empty()) {
        return fail(Errc::refused,
                    "an altitude without altitude_reference could mean several "
                    "heights; give W84, AGL, AMSL or FL");
    }
    TRY(known, reference_of(reference));
    result.reference = known;
    const unsigned scale = known == geo::AltitudeReference::fl ? 0 : 1;
    if (!lower.empty()) {
        auto value = parse_decimal(lower, scale, Rounding::floor);
        if (!value) return in(Field::altitude_lower, value.error());
        result.lower = *value;
    }
    if (!upper.empty()) {
        auto value = parse_decimal(upper, scale, Rounding::ceiling);
        if (!value) return in(Field::altitude_upper, value.error());
        result.upper = *value;
    }
    return result;
}

Result<statement::ProtectionClass> class_of(const Row& row, const Mapping& mapping) {
    std::string_view text = cell(row, mapping, Field::protection_class);
    if (!text.empty()) {
        auto said = mapping.class_of.find(std::string(text));
        if (said != mapping.class_of.end()) return said->second;
        for (std::size_t i = 0; i < statement::protection_class_count; ++i) {
            auto known = static_cast<statement::ProtectionClass>(i);
            if (text == statement::name(known)) return known;
        }
    }
    if (mapping.fallback) return *mapping.fallback;
    if (text.empty()) {
        return fail(Errc::refused, "it has no class; give --class CLASS for rows without one");
    }
    return fail(Errc::refused, "the class \"" + std::string(text.substr(0, 60)) +
                                   "\" is not known; say --class-of \"" +
                                   std::string(text.substr(0, 60)) +
                                   "=CLASS\", or --class CLASS "
                                   "for all that are not");
}

Result<geo::LatLng> position(const Row& row, const Mapping& mapping) {
    std::string_view lat = cell(row, mapping, Field::lat);
    std::string_view lon = cell(row, mapping, Field::lon);
    if (lat.empty() && lon.empty()) {
        return fail(Errc::refused, mapping.at(Field::lat) ? "no coordinates: lat and lon are empty"
                                                          : "no coordinates: it has no geometry");
    }
    if (lat.empty() || lon.empty()) {
        return fail(Errc::refused,
                    std::string("no coordinates: ") + (lat.empty() ? "lat" : "lon") + " is empty");
    }
    auto lat_e7 = parse_degrees(lat, Axis::latitude);
    if (!lat_e7) return in(Field::lat, lat_e7.error());
    auto lng_e7 = parse_degrees(lon, Axis::longitude);
    if (!lng_e7) return in(Field::lon, lng_e7.error());
    return geo::LatLng{static_cast<std::int32_t>(*lat_e7), *lng_e7};
}

Result<geo::Shape> shape(const Row& row, const Mapping& mapping) {
    TRY(radius, length(row, mapping, Field::radius_m, limits::radius_dm_max));
    TRY(half_width, length(row, mapping, Field::half_width_m, limits::radius_dm_max));
    geo::Shape result;
    if (mapping.at(Field::lat) || row.shapes.empty()) {
        TRY(center, position(row, mapping));
        result = geo::Circle{center, {}};
    } else if (row.shapes.size() > 1) {
        // Several places of one protection would read as a move that is not confirmed.
        return fail(Errc::refused, "it has " + std::to_string(row.shapes.size()) +
                                       " separate points or lines; give each a row of its own");
    } else {
        result = row.shapes.front();
    }
    auto* circle = std::get_if<geo::Circle>(&result);
    auto* corridor = std::get_if<geo::Corridor>(&result);
    if (radius && circle == nullptr) {
        return fail(Errc::refused, "radius_m belongs to a point, and this is none");
    }
    if (half_width && corridor == nullptr) {
        return fail(Errc::refused, "half_width_m belongs to a line, and this is none");
    }
    if (radius) circle->radius = *radius;
    if (half_width) corridor->half_width = *half_width;
    return result;
}

Result<geo::Place> place(const Row& row, const Mapping& mapping) {
    geo::Place result;
    TRY(shape_of_row, shape(row, mapping));
    result.volume.shape = std::move(shape_of_row);
    TRY(heights, band(row, mapping));
    result.volume.band = heights;
    TRY(start, instant_of(row, mapping, Field::time_start));
    TRY(end, instant_of(row, mapping, Field::time_end));
    result.volume.window = {start, end};
    TRY(buffer, length(row, mapping, Field::buffer_m, limits::buffer_dm_max));
    TRY(accuracy, length(row, mapping, Field::accuracy_m, limits::buffer_dm_max));
    result.buffer = buffer;
    result.accuracy = accuracy;
    TRYV(geo::validate(result));
    return result;
}

Result<std::string> text(const Row& row, const Mapping& mapping, Field field) {
    std::string_view value = cell(row, mapping, field);
    if (value.size() > limits::text_bytes_max) {
        return fail(Errc::too_large, std::string(name(field)) + " has " +
                                         std::to_string(value.size()) + " bytes; at most " +
                                         std::to_string(limits::text_bytes_max) +
                                         " (text_bytes_max)");
    }
    if (!is_utf8(value)) {
        return fail(Errc::malformed, std::string(name(field)) + " is not UTF-8");
    }
    if (value.find('\0') != std::string_view::npos) {
        return fail(Errc::malformed, std::string(name(field)) + " has a zero byte in it");
    }
    return std::string(value);
}

/// Length first, so that no two lists of texts give the same bytes.
void put(std::string& out, std::string_view piece) {
    out += std::to_string(piece.size());
    out += ':';
    out += piece;
}

void put(std::string& out, const geo::LatLng& p) {
    put(out, std::to_string(p.lat_e7) + "," + std::to_string(p.lng_e7));
}

void put(std::string& out, const geo::Ring& ring) {
    put(out, std::to_string(static_cast<int>(ring.pole)));
    for (const auto& p : ring.points) put(out, p);
    put(out, "");
}

void put(std::string& out, const geo::Shape& shape) {
    if (const auto* circle = std::get_if<geo::Circle>(&shape)) {
        put(out, "point");
        put(out, circle->center);
    } else if (const auto* corridor = std::get_if<geo::Corridor>(&shape)) {
        put(out, "line");
        for (const auto& p : corridor->line) put(out, p);
    } else if (const auto* area = std::get_if<geo::Area>(&shape)) {
        for (const auto& polygon : area->polygons) {
            put(out, "polygon");
            put(out, polygon.outer);
            for (const auto& hole : polygon.holes) put(out, hole);
        }
    }
}

}  // namespace

std::string row_name(const Row& row, const Mapping& mapping) {
    return std::string(cell(row, mapping, Field::name));
}

std::string row_ref(const Row& row, const Mapping& mapping) {
    std::string content = "entente/row/v1\n";
    for (std::size_t i = 0; i < field_count; ++i) {
        auto field = static_cast<Field>(i);
        std::string_view value = cell(row, mapping, field);
        if (value.empty()) continue;
        put(content, name(field));
        put(content, value);
    }
    for (const auto& shape : row.shapes) put(content, shape);
    return "sha256:" + to_hex(sha256(content).view()).substr(0, ref_digits);
}

Result<statement::Protection> read_row(const Row& row, const Mapping& mapping,
                                       const std::string& source) {
    if (!row.problem.empty()) return fail(Errc::refused, row.problem);
    statement::Protection result;
    result.source = source;
    TRY(place_of_row, place(row, mapping));
    result.where.push_back(std::move(place_of_row));
    TRY(known_class, class_of(row, mapping));
    result.protection_class = known_class;
    TRY(name_text, text(row, mapping, Field::name));
    if (!name_text.empty()) result.names.push_back({std::move(name_text), "", ""});
    TRY(contact, text(row, mapping, Field::contact));
    result.contact = std::move(contact);
    TRY(reconfirm_by, instant_of(row, mapping, Field::reconfirm_by));
    result.reconfirm_by = reconfirm_by;
    TRY(ref, text(row, mapping, Field::ref));
    result.ref = ref.empty() ? row_ref(row, mapping) : std::move(ref);
    return result;
}

}  // namespace entente::intake
