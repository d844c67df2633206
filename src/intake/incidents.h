// SPDX-License-Identifier: Apache-2.0
// Incidents out of a row of a list that others keep: UCDP GED (codebook 23.1) and ACLED (codebook
// 2023). What the list says is kept in its own words; who did it is not taken over as anybody's
// responsibility, and a number that the list uses for "not known" stays unknown.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "geo/shape.h"
#include "statement/incident.h"

namespace entente::intake {

enum class IncidentList : std::uint8_t { ucdp, acled };
/// Errc::malformed names the known ones.
Result<IncidentList> parse_incident_list(std::string_view text);

struct IncidentRow {
    std::map<std::string, std::string> cells;  // by the column's name in lower case
    std::optional<geo::LatLng> point;          // of a geometry; else `latitude` and `longitude`
};

/// `contact` is who answers for the import here. Errors name the column and what it holds.
Result<statement::Incident> read_incident(IncidentList list, const IncidentRow& row,
                                          const std::string& contact);

/// What the list says now, with what people here have put to what it said `before`: objects, a
/// grade, sources that are no media or rest on a statement, casualties on another basis than the
/// list's, and a time or a place that is known more precisely.
statement::Incident corrected(const statement::Incident& before, statement::Incident now);

}  // namespace entente::intake
