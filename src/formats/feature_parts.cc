// SPDX-License-Identifier: Apache-2.0
#include "formats/feature_parts.h"

#include <algorithm>
#include <cctype>

#include "base/limits.h"
#include "formats/geometry.h"

namespace entente::formats {
namespace {

using statement::Name;
using statement::Protection;

bool is_alpha(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; });
}

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// `name:sr-Latn:2` to language and script; a BCP 47 script is four letters after the language.
Name name_of(std::string_view key, std::string text) {
    Name result{std::move(text), "", ""};
    std::string_view tag = key.substr(std::min<std::size_t>(key.size(), 5));
    std::size_t colon = tag.rfind(':');
    if (colon != std::string_view::npos && is_number(tag.substr(colon + 1))) {
        tag = tag.substr(0, colon);
    }
    std::size_t dash = tag.find('-');
    if (dash != std::string_view::npos) {
        std::string_view script = tag.substr(dash + 1, tag.find('-', dash + 1) - dash - 1);
        if (script.size() == 4 && is_alpha(script)) {
            result.script = script;
            result.language = std::string(tag.substr(0, dash)) +
                              std::string(tag.substr(dash + 1 + script.size()));
            if (result.language == "und") result.language.clear();
            return result;
        }
    }
    result.language = tag;
    return result;
}

/// The property for a name: `name`, `name:ar`, `name:und-Arab`.
std::string key_of(const Name& name) {
    if (name.language.empty() && name.script.empty()) return "name";
    std::string key = "name:" + (name.language.empty() ? "und" : name.language);
    if (name.script.empty()) return key;
    std::size_t dash = key.find('-');
    std::string rest = dash == std::string::npos ? "" : key.substr(dash);
    return key.substr(0, dash) + "-" + name.script + rest;
}

bool is_name(std::string_view key) { return key == "name" || key.substr(0, 5) == "name:"; }

}  // namespace

Result<void> read_texts(const Feature& feature, Protection& protection) {
    for (const auto& [key, value] : feature.properties->members) {
        if (value.is(JsonKind::null)) continue;
        const auto& fields = statement::text_field_names();
        bool extension = key.substr(0, 2) == "x_";
        if (is_name(key)) {
            TRY(text, text_property(feature, key));
            protection.names.push_back(name_of(key, std::move(text)));
        } else if (extension || std::find(fields.begin(), fields.end(), key) != fields.end()) {
            TRY(text, text_property(feature, key));
            protection.texts[key] = std::move(text);
        }
    }
    TRY(ref, text_property(feature, "ref"));
    TRY(source, text_property(feature, "source"));
    TRY(contact, text_property(feature, "contact"));
    protection.ref = std::move(ref);
    protection.source = std::move(source);
    protection.contact = std::move(contact);
    return {};
}

Result<void> check_protection_names(const Feature& feature, std::vector<std::string> known,
                                    std::vector<std::string>& ignored) {
    for (const auto& [key, value] : feature.properties->members) {
        if (is_name(key) || key.substr(0, 2) == "x_") known.push_back(key);
    }
    return check_names(feature, known, ignored);
}

Result<statement::ProtectionClass> class_property(const Feature& feature) {
    TRY(text, text_property(feature, "class"));
    if (text.empty()) {
        return fail(Errc::malformed,
                    feature.at("class") + ": is missing; say what it is (hospital, school, ...)");
    }
    auto known = statement::parse_class(text);
    if (!known) return at(feature.at("class"), known.error());
    return *known;
}

Result<geo::Place> place_of(const Feature& feature, bool sized, std::size_t& vertices) {
    const std::string path = feature.path.empty() ? "geometry" : feature.path + ".geometry";
    TRY(shapes, shapes_of(*feature.geometry, path, vertices));
    if (shapes.size() != 1) {
        return fail(Errc::malformed,
                    path + ": has " + std::to_string(shapes.size()) +
                        " separate points or lines; there is one place in each Feature: "
                        "make several");
    }
    TRYV(widen(feature, shapes, sized));
    geo::Place place;
    place.volume.shape = std::move(shapes.front());
    TRY(band, band_properties(feature));
    TRY(window, window_properties(feature));
    place.volume.band = band;
    place.volume.window = window;
    TRY(buffer, length_property(feature, "buffer_m", limits::buffer_dm_max));
    TRY(accuracy, length_property(feature, "accuracy_m", limits::buffer_dm_max));
    place.buffer = buffer;
    place.accuracy = accuracy;
    return place;
}

void write_names(const Protection& protection, Writer& out) {
    std::map<std::string, int> seen;
    for (const auto& one : protection.names) {
        std::string key = key_of(one);
        int count = ++seen[key];
        // `name::2`: a second name without a language.
        if (count > 1) key += (key == "name" ? "::" : ":") + std::to_string(count);
        out.raw(key, quote_json(one.text));
    }
}

void write_place(const geo::Place& place, bool times, Writer& out) {
    const auto& volume = place.volume;
    if (const auto* circle = std::get_if<geo::Circle>(&volume.shape)) {
        out.length("radius_m", circle->radius);
    } else if (const auto* corridor = std::get_if<geo::Corridor>(&volume.shape)) {
        out.length("half_width_m", corridor->half_width);
    }
    out.length("buffer_m", place.buffer);
    out.length("accuracy_m", place.accuracy);
    const geo::Band& band = volume.band;
    const unsigned scale = band.reference == geo::AltitudeReference::fl ? 0 : 1;
    if (band.lower) out.raw("altitude_lower", format_decimal(*band.lower, scale));
    if (band.upper) out.raw("altitude_upper", format_decimal(*band.upper, scale));
    if (band.lower || band.upper) out.text("altitude_reference", name(band.reference));
    if (!times) return;
    out.time("time_start", volume.window.start);
    out.time("time_end", volume.window.end);
}

}  // namespace entente::formats
