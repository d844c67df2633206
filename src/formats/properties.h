// SPDX-License-Identifier: Apache-2.0
// The properties of a GeoJSON Feature that say how large, how high and when; the same for plans and
// protections. Lengths and altitudes are rounded outward, so that nothing becomes smaller. A name
// that is nearly a known one is refused: a misspelt radius would be no radius.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "formats/json.h"
#include "geo/shape.h"

namespace entente::formats {

/// A Feature taken apart, with its path for errors.
struct Feature {
    std::string path;  // empty for a lone Feature
    const Json* geometry = nullptr;
    const Json* properties = nullptr;  // an object

    /// `features[3].properties.radius_m`
    std::string at(std::string_view member) const;
    /// Absent and null are the same.
    const Json* property(std::string_view name) const;
};

/// Checks the form of a Feature; adds foreign members to `ignored`.
Result<Feature> take_feature(const Json& json, const std::string& path,
                             const std::vector<std::string>& known,
                             std::vector<std::string>& ignored);

/// Refuses properties nearly named as a known one; adds all other unknown ones to `ignored`.
Result<void> check_names(const Feature& feature, const std::vector<std::string>& known,
                         std::vector<std::string>& ignored);

/// The known name that `name` is most likely meant to be, if it is not one itself.
std::optional<std::string> nearly(std::string_view name, const std::vector<std::string>& known);

Result<std::optional<Decimetres>> length_property(const Feature& feature, const char* name,
                                                  std::int64_t most);
Result<geo::Band> band_properties(const Feature& feature);
Result<geo::Window> window_properties(const Feature& feature);
Result<std::optional<Instant>> time_property(const Feature& feature, const char* name);
/// A text, or a number as it was written.
Result<std::string> text_property(const Feature& feature, const std::string& name);

/// Puts radius_m and half_width_m into the shapes that take them; the properties of another kind of
/// shape are refused. `required`: a point must say its radius and a line its half-width.
Result<void> widen(const Feature& feature, std::vector<geo::Shape>& shapes, bool required);

/// "W84", "AGL", "AMSL", "FL".
const char* name(geo::AltitudeReference reference);
std::optional<geo::AltitudeReference> parse_reference(std::string_view text);

}  // namespace entente::formats
