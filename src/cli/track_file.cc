// SPDX-License-Identifier: Apache-2.0
#include "cli/track_file.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/decimal.h"
#include "formats/geojson.h"
#include "geo/valid.h"
#include "intake/degrees.h"
#include "intake/field.h"
#include "reader/reader.h"

namespace entente::cli {
namespace {

/// Where in a row what stands.
struct Columns {
    std::optional<std::size_t> time, lat, lng, height;
};

/// Latitude and longitude by every heading that an import knows.
Result<Columns> columns_of(const reader::Row& row) {
    intake::MappingOptions options;
    options.has_geometry = !row.geometry.empty();
    options.fallback = statement::ProtectionClass::other;  // a fix has no class
    TRY(mapping, intake::map_columns(row.layer->columns, options));
    Columns out;
    out.lat = mapping.at(intake::Field::lat);
    out.lng = mapping.at(intake::Field::lon);
    for (std::size_t i = 0; i < row.layer->columns.size(); ++i) {
        std::string name = row.layer->columns[i];
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        const auto is_one_of = [&](std::initializer_list<const char*> known) {
            return std::find(known.begin(), known.end(), name) != known.end();
        };
        if (!out.time && is_one_of({"time", "timestamp"})) out.time = i;
        if (!out.height && is_one_of({"altitude", "alt", "height", "ele"})) out.height = i;
    }
    return out;
}

/// GDAL writes the times of a GPX file as `2015/11/24 07:24:05+00`, or `…+0530`.
std::string as_rfc3339(std::string text) {
    if (text.size() < 22 || text[4] != '/' || text[7] != '/' || text[10] != ' ') return text;
    text[4] = text[7] = '-';
    text[10] = 'T';
    const std::size_t sign = text.find_first_of("+-", 11);
    if (sign == std::string::npos) return text;
    const std::size_t digits = text.size() - sign - 1;
    if (digits == 2) text += ":00";
    if (digits == 4) text.insert(sign + 3, ":");
    return text;
}

Result<Instant> time_of(const std::string& text) {
    constexpr std::int64_t first_ms = 100'000'000'000;  // 1973: fewer are seconds, or no time
    std::int64_t ms = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), ms);
    if (read.ec == std::errc() && read.ptr == text.data() + text.size()) {
        if (ms >= first_ms) {
            TRYV(geo::validate(geo::Window{instant(ms), {}}));
            return instant(ms);
        }
        return fail(Errc::malformed,
                    "the time " + text + " is no count of milliseconds since 1970");
    }
    return parse_rfc3339(as_rfc3339(text));
}

Result<geo::LatLng> place_of(const reader::Row& row, const Columns& columns) {
    if (columns.lat && columns.lng) {
        TRY(lat, intake::parse_degrees(row.cells[*columns.lat], intake::Axis::latitude));
        TRY(lng, intake::parse_degrees(row.cells[*columns.lng], intake::Axis::longitude));
        return geo::LatLng{static_cast<std::int32_t>(lat), lng};
    }
    TRY(shapes, formats::read_geometry(row.geometry));
    if (shapes.size() != 1 || !std::holds_alternative<geo::Circle>(shapes.front())) {
        return fail(Errc::malformed, "a fix is one point");
    }
    TRYV(geo::validate(shapes.front()));
    return std::get<geo::Circle>(shapes.front()).center;
}

/// Precondition: the layer has a time.
Result<watch::Fix> fix_of(const reader::Row& row, const Columns& columns,
                          std::optional<geo::AltitudeReference> reference) {
    if (!row.problem.empty()) return fail(Errc::malformed, row.problem);
    TRY(time, time_of(row.cells[*columns.time]));
    TRY(at, place_of(row, columns));
    watch::Fix out{time, at, {}};
    if (reference && columns.height && !row.cells[*columns.height].empty()) {
        const unsigned scale = *reference == geo::AltitudeReference::fl ? 0 : 1;
        TRY(height, parse_decimal(row.cells[*columns.height], scale, Rounding::nearest));
        if (std::abs(height) > limits::altitude_dm_max) {
            return fail(Errc::malformed, "its height is beyond ±1,000 km");
        }
        out.height = height;
    }
    return out;
}

}  // namespace

Result<watch::Track> read_track(const std::string& path,
                                std::optional<geo::AltitudeReference> reference) {
    std::vector<watch::Fix> fixes;
    std::optional<std::string> layer;
    Columns columns;
    const auto take = [&](reader::Row& row) -> Result<void> {
        // A GPX file's other layers have a column for the time as well, and no way.
        for (const char* other : {"waypoints", "routes", "route_points", "tracks"}) {
            if (row.layer->name == other) return {};
        }
        if (layer != row.layer->name) {
            TRY(found, columns_of(row));
            columns = found;
            layer = row.layer->name;
        }
        if (!columns.time) return {};  // a sheet of notes, say
        auto fix = fix_of(row, columns, reference);
        if (!fix) return at("row " + std::to_string(row.number), fix.error());
        fixes.push_back(*fix);
        return {};
    };
    if (const auto read = reader::read_rows(path, {}, take); !read) return at(path, read.error());
    if (fixes.empty()) {
        return fail(Errc::malformed, path +
                                         " has no fix: rows need a column 'time', and 'lat' and "
                                         "'lon' where they are no points");
    }
    return watch::Track(std::move(fixes), reference.value_or(geo::AltitudeReference::amsl));
}

}  // namespace entente::cli
