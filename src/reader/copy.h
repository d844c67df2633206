// SPDX-License-Identifier: Apache-2.0
// Reads what ogr2ogr writes with `-f PGDump` and PG_USE_COPY=YES: per layer one `COPY "schema"."t"
// ("column", ...) FROM STDIN;`, one line a row, `\.`. That form was chosen over CSV and GeoJSONSeq
// because it carries several layers, exact binary geometry and the end of the data, and because it
// was the fastest of the three. Nothing of it is trusted: every length meets a limit.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "reader/reader.h"

namespace entente::reader {

/// The column that ogr2ogr is told to put the geometry into.
constexpr const char* geometry_column = "entente_geometry";

/// Feeds on pieces of any size. Not thread-safe.
class CopyParser {
  public:
    /// `named`: whether layers keep their names; otherwise the only layer has none.
    CopyParser(const Limits& limits, bool named, OnRow on_row);
    Result<void> feed(BytesView piece);
    /// Errc::malformed if the output stops before its end.
    Result<void> finish();

    std::uint64_t rows() const { return rows_; }
    std::vector<Layer> take_layers();

  private:
    Result<void> take_lines();
    Result<void> statement(std::string_view line);
    Result<void> begin_layer(std::string_view header);
    Result<void> row(std::string_view line);
    Result<void> overlong_row();
    Result<void> emit();
    Result<void> split(std::string_view line);
    void read_geometry();

    Limits limits_;
    bool named_;
    OnRow on_row_;
    std::string pending_;      // bytes not yet taken
    std::size_t scanned_ = 0;  // of pending_, known to hold no end of line
    bool in_copy_ = false;
    bool skipping_ = false;  // within a line that is too long
    bool committed_ = false;
    std::uint64_t rows_ = 0;
    std::vector<std::unique_ptr<Layer>> layers_;
    std::size_t cells_ = 0;        // of a line, geometry included
    std::size_t geometry_at_ = 0;  // its place among them; cells_ if there is none
    std::string geometry_hex_;
    Row row_;
};

}  // namespace entente::reader
