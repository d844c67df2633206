// SPDX-License-Identifier: Apache-2.0
#include "intake/field.h"

#include <algorithm>

namespace entente::intake {
namespace {

constexpr const char* field_names[field_count] = {
    "ref",        "name",           "class",          "lat",
    "lon",        "radius_m",       "half_width_m",   "buffer_m",
    "accuracy_m", "altitude_lower", "altitude_upper", "altitude_reference",
    "time_start", "time_end",       "reconfirm_by",   "contact",
};

/// Headings that mean a field, as folded() writes them, the surest first. English, French, Spanish,
/// Portuguese, Arabic. Fields that could shrink what is protected (times, altitudes, lengths
/// without a unit) are guessed from their exact names only.
const std::vector<std::vector<std::string_view>>& synonyms() {
    // One word a line would hide that each brace is one field.
    // clang-format off
    static const std::vector<std::vector<std::string_view>> table = {
        {"ref", "uuid", "globalid", "gppdidnr", "pcode", "facilityid", "siteid", "schoolid", "hfid",
         "id", "fid", "iaeaid", "osmid", "identifiant", "identificador", "codigo", "رمز", "الرمز",
         "معرف", "المعرف"},
        {"name", "facilityname", "sitename", "hospitalname", "schoolname", "plantname", "nom",
         "nomdusite", "nomdeletablissement", "nomdelaformationsanitaire", "nombre",
         "nombredelcentro", "nome", "اسم", "الاسم", "اسمالمنشأة", "اسمالموقع", "nameen", "namefr",
         "namear", "title", "label"},
        {"class", "protectionclass", "amenity", "facilitytype", "sitetype", "type", "category",
         "kind", "healthcare", "primaryfuel", "typedestructure", "typedetablissement", "categorie",
         "tipo", "tipodecentro", "categoria", "نوع", "النوع", "نوعالمنشأة", "الفئة"},
        {"lat", "latitude", "geolat", "gpslat", "gpslatitude", "latdd", "latwgs84", "latitudewgs84",
         "decimallatitude", "latdecimal", "ycoord", "coordy", "y", "latitud", "خطالعرض",
         "دائرةالعرض", "العرض"},
        {"lon", "long", "lng", "longitude", "geolon", "gpslon", "gpslong", "gpslongitude", "londd",
         "longdd", "lonwgs84", "longitudewgs84", "decimallongitude", "londecimal", "xcoord",
         "coordx", "x", "longitud", "خطالطول", "الطول"},
        {"radiusm", "radiusmetres", "radiusmeters", "rayonm", "radiom"},
        {"halfwidthm"},
        {"bufferm"},
        {"accuracym", "accuracymetres", "accuracymeters", "gpsaccuracym", "precisionm"},
        {"altitudelower"},
        {"altitudeupper"},
        {"altitudereference"},
        {"timestart"},
        {"timeend"},
        {"reconfirmby"},
        {"contact", "contactrole"},
    };
    // clang-format on
    return table;
}

constexpr const char* meanings[field_count] = {
    "the source's own id",
    "the name",
    "the class",
    "the latitude",
    "the longitude",
    "the radius in metres",
    "the half-width in metres",
    "the buffer in metres",
    "the accuracy in metres",
    "the lower altitude",
    "the upper altitude",
    "what altitudes are measured from",
    "the start",
    "the end",
    "when to reconfirm",
    "the contact role",
};

/// Lower case, without accents, blanks and punctuation; bytes that are not Latin stay.
std::string folded(std::string_view heading) {
    // The second byte of U+00C0..U+00FF in UTF-8, after 0xC3, less 0x80.
    constexpr std::string_view latin =
        "aaaaaaaceeeeiiiidnooooo*ouuuuyts"
        "aaaaaaaceeeeiiiidnooooo/ouuuuyty";
    std::string out;
    for (std::size_t i = 0; i < heading.size(); ++i) {
        auto c = static_cast<unsigned char>(heading[i]);
        if (c == 0xC3 && i + 1 < heading.size()) {
            auto next = static_cast<unsigned char>(heading[++i]);
            out += latin[(next - 0x80u) % latin.size()];
        } else if (c >= 'A' && c <= 'Z') {
            out += static_cast<char>(c - 'A' + 'a');
        } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80) {
            out += heading[i];
        }
    }
    return out;
}

std::string listed(const std::vector<std::string>& columns) {
    std::string text;
    for (const auto& column : columns) text += (text.empty() ? "" : ", ") + column;
    return text.empty() ? "none" : text;
}

Result<std::size_t> find_column(const std::vector<std::string>& columns, Field field,
                                const std::string& wanted) {
    std::vector<std::size_t> exact, folds;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i] == wanted) exact.push_back(i);
        if (folded(columns[i]) == folded(wanted) && !folded(wanted).empty()) folds.push_back(i);
    }
    const auto& found = exact.empty() ? folds : exact;
    std::string which = "--map " + std::string(name(field)) + "=" + wanted;
    if (found.empty()) {
        return fail(Errc::not_found,
                    which + ": there is no such column; the columns are " + listed(columns));
    }
    if (found.size() > 1) {
        return fail(Errc::refused, which + ": several columns have that heading; rename one");
    }
    return found.front();
}

/// Tries all words of a field in order; the first that is the heading of a free column wins.
void guess(Field field, const std::vector<std::string>& folds, std::vector<bool>& taken,
           Mapping& mapping) {
    auto index = static_cast<std::size_t>(field);
    for (std::string_view word : synonyms()[index]) {
        for (std::size_t column = 0; column < folds.size(); ++column) {
            if (taken[column] || folds[column] != word) continue;
            taken[column] = true;
            mapping.column[index] = column;
            mapping.choices.push_back(
                {field, column, false,
                 "the heading \"" + mapping.columns[column] + "\" means " + meanings[index]});
            return;
        }
    }
}

Result<void> check_complete(const Mapping& mapping, bool has_geometry) {
    bool lat = mapping.at(Field::lat).has_value();
    bool lon = mapping.at(Field::lon).has_value();
    if (lat != lon || (!lat && !has_geometry)) {
        const char* missing = lat ? "lon" : "lat";
        return fail(Errc::refused, "no column is known to give " + std::string(missing) +
                                       "; say --map " + missing + "=COLUMN (the columns are " +
                                       listed(mapping.columns) + ")");
    }
    if (!mapping.at(Field::protection_class) && !mapping.fallback) {
        return fail(Errc::refused,
                    "no column is known to give the class; say --class CLASS for "
                    "all rows, or --map class=COLUMN (the columns are " +
                        listed(mapping.columns) + ")");
    }
    return {};
}

}  // namespace

const char* name(Field field) { return field_names[static_cast<std::size_t>(field)]; }

Result<Field> parse_field(std::string_view text) {
    std::string known;
    for (std::size_t i = 0; i < field_count; ++i) {
        if (text == field_names[i]) return static_cast<Field>(i);
        known += (i == 0 ? "" : ", ") + std::string(field_names[i]);
    }
    return fail(Errc::not_found,
                "\"" + std::string(text.substr(0, 40)) + "\" is no field; the fields are " + known);
}

bool Mapping::guessed() const {
    return std::any_of(choices.begin(), choices.end(), [](const Choice& c) { return !c.given; });
}

Result<Mapping> map_columns(const std::vector<std::string>& columns,
                            const MappingOptions& options) {
    Mapping mapping;
    mapping.columns = columns;
    mapping.fallback = options.fallback;
    mapping.class_of = options.class_of;
    std::vector<bool> taken(columns.size(), false);
    std::array<bool, field_count> said{};
    for (const auto& [field, wanted] : options.map) {
        auto index = static_cast<std::size_t>(field);
        if (said[index]) {
            return fail(Errc::refused, "--map gives " + std::string(name(field)) + " twice");
        }
        said[index] = true;
        if (wanted.empty()) continue;
        TRY(column, find_column(columns, field, wanted));
        if (taken[column]) {
            return fail(Errc::refused, "--map gives column " + columns[column] +
                                           " to two fields; a column gives one");
        }
        taken[column] = true;
        mapping.column[index] = column;
        mapping.choices.push_back({field, column, true, "given by --map"});
    }
    std::vector<std::string> folds;
    folds.reserve(columns.size());
    for (const auto& column : columns) folds.push_back(folded(column));
    for (std::size_t i = 0; i < field_count; ++i) {
        auto field = static_cast<Field>(i);
        bool place = field == Field::lat || field == Field::lon;
        if (!said[i] && !(place && options.has_geometry)) guess(field, folds, taken, mapping);
    }
    std::sort(mapping.choices.begin(), mapping.choices.end(),
              [](const Choice& a, const Choice& b) { return a.field < b.field; });
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!taken[i]) mapping.unused.push_back(i);
    }
    TRYV(check_complete(mapping, options.has_geometry));
    return mapping;
}

Result<std::pair<Field, std::string>> parse_map(std::string_view text) {
    std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) {
        return fail(Errc::malformed, "--map takes FIELD=COLUMN, not \"" + std::string(text) + "\"");
    }
    TRY(field, parse_field(text.substr(0, equals)));
    return std::pair(field, std::string(text.substr(equals + 1)));
}

Result<std::pair<std::string, statement::ProtectionClass>> parse_class_of(std::string_view text) {
    // The last one: a value may have an equals sign in it, a class has none.
    std::size_t equals = text.rfind('=');
    if (equals == std::string_view::npos) {
        return fail(Errc::malformed,
                    "--class-of takes VALUE=CLASS, not \"" + std::string(text) + "\"");
    }
    TRY(parsed, statement::parse_class(text.substr(equals + 1)));
    return std::pair(std::string(text.substr(0, equals)), parsed);
}

}  // namespace entente::intake
