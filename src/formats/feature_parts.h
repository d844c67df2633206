// SPDX-License-Identifier: Apache-2.0
// What Features of protections and of movements have in common, read and written. Only the two
// sources that read and write them use it (formats/geojson.h and formats/movement.h are the doors).
#pragma once

#include "base/decimal.h"
#include "formats/geojson.h"
#include "formats/properties.h"

namespace entente::formats {

/// Writes members of a JSON object, those that have a value.
class Writer {
  public:
    void text(const std::string& key, const std::string& value) {
        if (!value.empty()) raw(key, quote_json(value));
    }
    void raw(const std::string& key, const std::string& json) {
        out_ += (out_.empty() ? "" : ",") + quote_json(key) + ":" + json;
    }
    void length(const std::string& key, const std::optional<Decimetres>& value) {
        if (value) raw(key, format_decimal(value->v, 1));
    }
    void time(const std::string& key, const std::optional<Instant>& value) {
        if (value) raw(key, quote_json(format_rfc3339(*value)));
    }
    const std::string& members() const { return out_; }

  private:
    std::string out_;
};

/// `name`, `name:ar`, `name:und-Arab:2`.
void write_names(const statement::Protection& protection, Writer& out);
/// Sizes, heights and, if asked, times of a place.
void write_place(const geo::Place& place, bool times, Writer& out);

/// Names, texts, ref, source and contact out of the properties.
Result<void> read_texts(const Feature& feature, statement::Protection& out);
/// check_names, which name:* and x_* do not trouble.
Result<void> check_protection_names(const Feature& feature, std::vector<std::string> known,
                                    std::vector<std::string>& ignored);
/// The class; it must be stated.
Result<statement::ProtectionClass> class_property(const Feature& feature);
/// The one place of the geometry, with sizes, heights and times. `vertices` counts up across calls
/// and meets limits::vertices_max; `sized`: a line must say its half-width.
Result<geo::Place> place_of(const Feature& feature, bool sized, std::size_t& vertices);

}  // namespace entente::formats
