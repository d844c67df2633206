// SPDX-License-Identifier: Apache-2.0
// The fields that a row of somebody's list can give, and which column gives which. The names are
// those of --map and of GeoJSON properties.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "statement/protection.h"

namespace entente::intake {

enum class Field : std::uint8_t {
    ref,
    name,
    protection_class,
    lat,
    lon,
    radius_m,
    half_width_m,
    buffer_m,
    accuracy_m,
    altitude_lower,
    altitude_upper,
    altitude_reference,
    time_start,
    time_end,
    reconfirm_by,
    contact,
};
constexpr std::size_t field_count = 16;
const char* name(Field field);
/// An unknown name is an error that lists the known ones.
Result<Field> parse_field(std::string_view text);

/// One field and the column that gives it.
struct Choice {
    Field field;
    std::size_t column;
    bool given;          // by --map; otherwise guessed
    std::string reason;  // for a person: `the heading "Lat" means latitude`
    bool operator==(const Choice&) const = default;
};

/// How rows become protections.
struct Mapping {
    std::vector<std::string> columns;
    std::array<std::optional<std::size_t>, field_count> column;  // by field
    std::vector<Choice> choices;                                 // in order of field
    std::vector<std::size_t> unused;                             // columns that give nothing
    std::optional<statement::ProtectionClass> fallback;          // --class
    std::map<std::string, statement::ProtectionClass> class_of;  // --class-of, exact
    std::optional<std::size_t> at(Field field) const {
        return column[static_cast<std::size_t>(field)];
    }
    /// Whether any choice was guessed, so that a person has to confirm it.
    bool guessed() const;
};

struct MappingOptions {
    std::vector<std::pair<Field, std::string>> map;  // --map; an empty column: none, do not guess
    std::optional<statement::ProtectionClass> fallback;
    std::map<std::string, statement::ProtectionClass> class_of;
    bool has_geometry = false;  // then lat and lon are not guessed: the geometry is the place
};

/// Guesses what --map does not say, never two fields from one column. Errc::not_found for a column
/// that is not there; Errc::refused where the rows could have no place or no class at all.
Result<Mapping> map_columns(const std::vector<std::string>& columns, const MappingOptions& options);

/// `FIELD=COLUMN` and `VALUE=CLASS` as the command line has them.
Result<std::pair<Field, std::string>> parse_map(std::string_view text);
Result<std::pair<std::string, statement::ProtectionClass>> parse_class_of(std::string_view text);

}  // namespace entente::intake
