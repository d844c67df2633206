// SPDX-License-Identifier: Apache-2.0
// Protections as CSV (RFC 4180, CRLF, UTF-8). A cell that a spreadsheet would run as a formula gets
// a leading ' (OWASP, "CSV Injection"); numbers stay numbers.
#pragma once

#include <string>
#include <vector>

#include "formats/geojson.h"
#include "statement/protection.h"

namespace entente::formats {

/// The heading line with its end: id, the import fields, source, WKT, then the extras. Earlier
/// places of a move and further names have no column.
std::string csv_heading(const std::vector<std::string>& extras = {});

/// One line with its end; extras in the order of the heading, values only.
std::string csv_line(const statement::Protection& protection, const std::string& id,
                     const std::vector<std::string>& extras = {});

/// One cell, escaped.
std::string csv_cell(std::string_view text);

}  // namespace entente::formats
