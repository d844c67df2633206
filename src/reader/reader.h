// SPDX-License-Identifier: Apache-2.0
// Rows out of a file that a stranger made: CSV, TSV, XLSX, ODS, GeoJSON, KML, GPX, GeoPackage,
// FlatGeobuf, Shapefile. GDAL's ogr2ogr parses it in a process of its own: no shell, no network, no
// writing, few drivers, bounded memory, time and output. What comes back is read as hostile too.
// Not here: what a column means (intake) and what a shape is (geo).
//
//     auto done = reader::read_rows("hospitals.xlsx", {}, [&](const reader::Row& row) {
//         return plan.add(row);   // an error stops the reading and is returned
//     });
//
// Text comes as it stands in the file, never re-typed. Coordinates of geometry are WGS84 degrees,
// whatever the file's own system was. Blocks the calling thread; one call per thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace entente::reader {

/// A sheet, folder or table of the file.
struct Layer {
    std::string name;  // empty where the format has one table only
    std::vector<std::string> columns;
};

struct Row {
    /// Counts from 1 within its layer, in the order of the file; a header line is not counted, so
    /// row 1 is the second line of a spreadsheet.
    std::uint64_t number = 0;
    const Layer* layer = nullptr;    // lives as long as the call of the callback
    std::vector<std::string> cells;  // as many as columns; what is absent is empty
    std::string geometry;            // a GeoJSON geometry, or empty
    std::string problem;             // not empty: why this row must be refused
};

/// Where the reading stands; bytes of the file are 0 while not known.
struct Progress {
    std::uint64_t rows = 0;
    std::uint64_t bytes_read = 0;
    std::uint64_t bytes_total = 0;
};

struct Limits {
    std::uint64_t file_bytes_max = limits::import_bytes_max;
    std::uint64_t output_bytes_max = 4 * limits::import_bytes_max;
    std::uint64_t rows_max = limits::import_rows_max;
    std::size_t row_bytes_max = limits::row_bytes_max;
    std::size_t columns_max = limits::columns_max;
    std::uint64_t memory_bytes_max = 3ull * 1024 * 1024 * 1024;  // address space of ogr2ogr
    std::chrono::seconds cpu_max{300};
    std::chrono::seconds wall_max{600};
};

struct Summary {
    std::uint64_t rows = 0;
    std::vector<Layer> layers;          // also those without a row
    std::vector<std::string> warnings;  // of ogr2ogr, shortened
};

using OnRow = std::function<Result<void>(Row& row)>;
using OnProgress = std::function<void(const Progress&)>;

/// Errc::refused: not a file to be read (ending, directory, link, FIFO). Errc::too_large: a limit,
/// by name. Errc::malformed: the file is not what its ending says. Errc::unavailable: ogr2ogr is
/// missing or could not be started.
Result<Summary> read_rows(const std::string& path, const Limits& limits, const OnRow& on_row,
                          const OnProgress& on_progress = {});

/// The endings that read_rows takes, for messages: ".csv, .csv.gz, ...".
std::string known_endings();

}  // namespace entente::reader
