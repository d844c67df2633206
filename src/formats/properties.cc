// SPDX-License-Identifier: Apache-2.0
#include "formats/properties.h"

#include <algorithm>

#include "base/decimal.h"
#include "base/limits.h"

namespace entente::formats {
namespace {

tl::unexpected<Error> refuse(const std::string& path, std::string text) {
    return fail(Errc::malformed, path + ": " + std::move(text));
}

/// Levenshtein's distance; texts are short names.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

std::string plain(std::string_view name) {
    std::string out;
    for (char c : name) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        out += c == '-' || c == ' ' || c == '.' ? '_' : c;
    }
    return out;
}

Result<std::string> number_text(const Feature& feature, const Json& value, const char* name) {
    if (!value.is(JsonKind::number)) {
        return refuse(feature.at(name), std::string("expected a number without quotes, got ") +
                                            formats::name(value.kind));
    }
    return value.text;
}

Result<std::optional<std::int64_t>> altitude(const Feature& feature, const char* name,
                                             unsigned scale, Rounding rounding) {
    const Json* value = feature.property(name);
    if (value == nullptr) return std::optional<std::int64_t>();
    TRY(text, number_text(feature, *value, name));
    auto number = parse_decimal(text, scale, rounding, Exponent::allowed);
    if (!number) return at(feature.at(name), number.error());
    return std::optional(*number);
}

/// GeoJSON of before RFC 7946 could name another system.
Result<void> check_crs(const Json& json, const std::string& path) {
    const Json* crs = json.find("crs");
    if (crs == nullptr || crs->is(JsonKind::null)) return {};
    const Json* properties = crs->find("properties");
    const Json* given = properties == nullptr ? nullptr : properties->find("name");
    std::string text = given == nullptr ? "" : given->text;
    auto ends = [&](std::string_view with) {
        return text.size() >= with.size() && text.substr(text.size() - with.size()) == with;
    };
    if (ends("CRS84") || ends(":4326")) return {};
    return refuse(path + "crs", "only WGS84 longitude and latitude are read (RFC 7946)");
}

}  // namespace

std::string Feature::at(std::string_view member) const {
    return (path.empty() ? "" : path + ".") + "properties." + std::string(member);
}

const Json* Feature::property(std::string_view name) const {
    const Json* value = properties == nullptr ? nullptr : properties->find(name);
    return value == nullptr || value->is(JsonKind::null) ? nullptr : value;
}

Result<Feature> take_feature(const Json& json, const std::string& path,
                             const std::vector<std::string>& known,
                             std::vector<std::string>& ignored) {
    const std::string prefix = path.empty() ? "" : path + ".";
    const Json* type = json.is(JsonKind::object) ? json.find("type") : nullptr;
    if (type == nullptr || type->text != "Feature") {
        return refuse(prefix + "type", "expected a GeoJSON Feature");
    }
    TRYV(check_crs(json, prefix));
    Feature feature;
    feature.path = path;
    static const Json none{JsonKind::object, false, {}, {}, {}};
    feature.properties = &none;
    for (const auto& [key, value] : json.members) {
        if (key == "geometry") {
            feature.geometry = &value;
        } else if (key == "properties" && !value.is(JsonKind::null)) {
            if (!value.is(JsonKind::object)) return refuse(prefix + key, "expected an object");
            feature.properties = &value;
        } else if (key == "type" || key == "id" || key == "bbox" || key == "crs" ||
                   key == "properties") {
            continue;
        } else if (std::find(known.begin(), known.end(), key) != known.end() ||
                   nearly(key, known)) {
            return refuse(prefix + key, "stands beside properties; put it inside them");
        } else {
            ignored.push_back(prefix + key);
        }
    }
    if (feature.geometry == nullptr || feature.geometry->is(JsonKind::null)) {
        return refuse(prefix + "geometry", "there is none; a feature needs a place");
    }
    return feature;
}

std::optional<std::string> nearly(std::string_view name, const std::vector<std::string>& known) {
    const std::string spelt = plain(name);
    std::optional<std::string> best;
    std::size_t best_distance = std::min<std::size_t>(2, spelt.size() / 3) + 1;
    for (const auto& one : known) {
        std::size_t here = distance(spelt, one);
        if (here >= best_distance) continue;
        best_distance = here;
        best = one;
    }
    return best;
}

Result<void> check_names(const Feature& feature, const std::vector<std::string>& known,
                         std::vector<std::string>& ignored) {
    for (const auto& [key, value] : feature.properties->members) {
        if (std::find(known.begin(), known.end(), key) != known.end()) continue;
        if (auto meant = nearly(key, known)) {
            return refuse(feature.at(key), "is no property here; is it meant to be " + *meant +
                                               "? Correct the name, or take it out");
        }
        ignored.push_back(feature.at(key));
    }
    return {};
}

Result<std::optional<Decimetres>> length_property(const Feature& feature, const char* name,
                                                  std::int64_t most) {
    const Json* value = feature.property(name);
    if (value == nullptr) return std::optional<Decimetres>();
    TRY(text, number_text(feature, *value, name));
    auto number = parse_decimal(text, 1, Rounding::ceiling, Exponent::allowed);
    if (!number || *number > most) {
        return refuse(feature.at(name),
                      text.substr(0, 40) + " is more than " + format_decimal(most, 1) + " metres");
    }
    // -0.01 would round up to nothing, and is still less than nothing.
    if (text[0] == '-') return refuse(feature.at(name), text.substr(0, 40) + " is negative");
    return std::optional(Decimetres{*number});
}

const char* name(geo::AltitudeReference reference) {
    switch (reference) {
        case geo::AltitudeReference::w84: return "W84";
        case geo::AltitudeReference::agl: return "AGL";
        case geo::AltitudeReference::amsl: return "AMSL";
        case geo::AltitudeReference::fl: return "FL";
    }
    return "";
}

std::optional<geo::AltitudeReference> parse_reference(std::string_view text) {
    using geo::AltitudeReference;
    for (auto one : {AltitudeReference::w84, AltitudeReference::agl, AltitudeReference::amsl,
                     AltitudeReference::fl}) {
        if (text == name(one)) return one;
    }
    return std::nullopt;
}

Result<geo::Band> band_properties(const Feature& feature) {
    using geo::AltitudeReference;
    geo::Band band;
    const Json* reference = feature.property("altitude_reference");
    const auto known = reference == nullptr ? std::nullopt : parse_reference(reference->text);
    if (known) band.reference = *known;
    if (reference != nullptr && !known) {
        return refuse(feature.at("altitude_reference"),
                      "expected W84, AGL, AMSL or FL, got " + quote_json(reference->text));
    }
    bool given = feature.property("altitude_lower") != nullptr ||
                 feature.property("altitude_upper") != nullptr;
    if (!given) {
        band.reference = AltitudeReference::w84;  // all heights, from whatever they are measured
        return band;
    }
    if (!known) {
        return refuse(feature.at("altitude_reference"),
                      "is missing; an altitude could mean several heights: give W84, AGL, AMSL or "
                      "FL");
    }
    const unsigned scale = band.reference == AltitudeReference::fl ? 0 : 1;
    TRY(lower, altitude(feature, "altitude_lower", scale, Rounding::floor));
    TRY(upper, altitude(feature, "altitude_upper", scale, Rounding::ceiling));
    band.lower = lower;
    band.upper = upper;
    return band;
}

Result<std::optional<Instant>> time_property(const Feature& feature, const char* name) {
    const Json* value = feature.property(name);
    if (value == nullptr) return std::optional<Instant>();
    if (!value->is(JsonKind::text)) {
        return refuse(feature.at(name), std::string("expected a time as "
                                                    "\"2015-10-03T02:08:00Z\", got ") +
                                            formats::name(value->kind));
    }
    auto time = parse_rfc3339(value->text);
    if (!time) return at(feature.at(name), time.error());
    return std::optional(*time);
}

Result<geo::Window> window_properties(const Feature& feature) {
    TRY(start, time_property(feature, "time_start"));
    TRY(end, time_property(feature, "time_end"));
    return geo::Window{start, end};
}

Result<std::string> text_property(const Feature& feature, const std::string& name) {
    const Json* value = feature.property(name);
    if (value == nullptr) return std::string();
    if (!value->is(JsonKind::text) && !value->is(JsonKind::number)) {
        return refuse(feature.at(name),
                      std::string("expected a text, got ") + formats::name(value->kind));
    }
    if (value->text.size() > limits::text_bytes_max) {
        return fail(Errc::too_large, feature.at(name) + ": has " +
                                         std::to_string(value->text.size()) + " bytes; at most " +
                                         std::to_string(limits::text_bytes_max) +
                                         " (text_bytes_max)");
    }
    if (value->text.find('\0') != std::string::npos) {
        return refuse(feature.at(name), "has a zero byte in it");
    }
    return value->text;
}

Result<void> widen(const Feature& feature, std::vector<geo::Shape>& shapes, bool required) {
    TRY(radius, length_property(feature, "radius_m", limits::radius_dm_max));
    TRY(half_width, length_property(feature, "half_width_m", limits::radius_dm_max));
    bool points = false;
    bool lines = false;
    for (auto& shape : shapes) {
        if (auto* circle = std::get_if<geo::Circle>(&shape)) {
            points = true;
            if (radius) circle->radius = *radius;
        } else if (auto* corridor = std::get_if<geo::Corridor>(&shape)) {
            lines = true;
            if (half_width) corridor->half_width = *half_width;
        }
    }
    if (radius && !points) {
        return refuse(feature.at("radius_m"), "belongs to a Point, and this is none");
    }
    if (half_width && !lines) {
        return refuse(feature.at("half_width_m"), "belongs to a LineString, and this is none");
    }
    if (required && points && !radius) {
        return refuse(feature.at("radius_m"),
                      "is missing; give a Point its radius in metres (0 for the point alone)");
    }
    if (required && lines && !half_width) {
        return refuse(feature.at("half_width_m"),
                      "is missing; give a LineString its half-width in metres (0 for the line "
                      "alone)");
    }
    return {};
}

}  // namespace entente::formats
