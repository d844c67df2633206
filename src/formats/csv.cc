// SPDX-License-Identifier: Apache-2.0
#include "formats/csv.h"

#include <algorithm>

#include "base/decimal.h"
#include "base/printable.h"
#include "formats/geometry.h"
#include "formats/properties.h"

namespace entente::formats {
namespace {

/// Whether a program for tables may take it for a formula: some pass over blanks, and some over the
/// width of a sign.
bool may_be_formula(std::string_view cell) {
    if (cell.empty()) return false;
    const std::size_t first = cell.find_first_not_of(" \t\r\n");
    const std::string_view text = first == std::string_view::npos ? "" : cell.substr(first);
    constexpr std::string_view starts[] = {"=",      "+",      "-",      "@",
                                           "\uff1d", "\uff0b", "\uff0d", "\uff20"};
    return cell[0] == '\t' || cell[0] == '\r' ||
           std::any_of(std::begin(starts), std::end(starts),
                       [&](std::string_view one) { return text.starts_with(one); });
}

bool is_plain_number(std::string_view text) {
    return parse_decimal(text, 7, Rounding::nearest, Exponent::allowed).has_value();
}

std::string joined(const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) line += (i == 0 ? "" : ",") + csv_cell(cells[i]);
    return line + "\r\n";
}

std::string length(const std::optional<Decimetres>& value) {
    return value ? format_decimal(value->v, 1) : "";
}

std::string time(const std::optional<Instant>& value) {
    return value ? format_rfc3339(*value) : "";
}

/// lat, lon, radius_m, half_width_m, buffer_m, accuracy_m, altitudes, times, WKT.
void put_place(std::vector<std::string>& cells, const geo::Place& place) {
    const auto& volume = place.volume;
    const auto* circle = std::get_if<geo::Circle>(&volume.shape);
    const auto* corridor = std::get_if<geo::Corridor>(&volume.shape);
    cells.push_back(circle ? format_decimal(circle->center.lat_e7, 7) : "");
    cells.push_back(circle ? format_decimal(circle->center.lng_e7, 7) : "");
    cells.push_back(circle ? format_decimal(circle->radius.v, 1) : "");
    cells.push_back(corridor ? format_decimal(corridor->half_width.v, 1) : "");
    cells.push_back(length(place.buffer));
    cells.push_back(length(place.accuracy));
    const geo::Band& band = volume.band;
    const unsigned scale = band.reference == geo::AltitudeReference::fl ? 0 : 1;
    cells.push_back(band.lower ? format_decimal(*band.lower, scale) : "");
    cells.push_back(band.upper ? format_decimal(*band.upper, scale) : "");
    cells.push_back(band.lower || band.upper ? name(band.reference) : "");
    cells.push_back(time(volume.window.start));
    cells.push_back(time(volume.window.end));
}

}  // namespace

std::string csv_cell(std::string_view text) {
    // A cell may have several lines; nothing else that a terminal obeys belongs in one.
    std::string cell;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t unseen = text[i] == '\n' || text[i] == '\t' ? 0 : unseen_at(text, i);
        cell += unseen > 0 ? ' ' : text[i];
        i += std::max<std::size_t>(unseen, 1);
    }
    if (may_be_formula(cell) && !is_plain_number(cell)) cell.insert(0, 1, '\'');
    if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
    std::string quoted = "\"";
    for (char c : cell) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + "\"";
}

std::string csv_heading(const std::vector<std::string>& extras) {
    std::vector<std::string> cells = {
        "id",
        "ref",
        "name",
        "class",
        "lat",
        "lon",
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
        "source",
        "WKT",
    };
    cells.insert(cells.end(), extras.begin(), extras.end());
    return joined(cells);
}

std::string csv_line(const statement::Protection& protection, const std::string& id,
                     const std::vector<std::string>& extras) {
    std::vector<std::string> cells = {id, protection.ref,
                                      protection.names.empty() ? "" : protection.names.front().text,
                                      statement::name(protection.protection_class)};
    static const geo::Place nowhere{};
    const geo::Place& place = protection.where.empty() ? nowhere : protection.where.front();
    put_place(cells, place);
    cells.push_back(time(protection.reconfirm_by));
    cells.push_back(protection.contact);
    cells.push_back(protection.source);
    cells.push_back(protection.where.empty() ? "" : write_wkt(place.volume.shape));
    cells.insert(cells.end(), extras.begin(), extras.end());
    return joined(cells);
}

}  // namespace entente::formats
