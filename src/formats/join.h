// SPDX-License-Identifier: Apache-2.0
// An incident joined to what had been said before it (evidence/join.h), for programs and as a
// table.
#pragma once

#include "evidence/join.h"
#include "formats/json_out.h"

namespace entente::formats {

/// `from`, `until`, `rows`, `checks`, `lines` and what they were asked for. `lines`: the incident's
/// whole history.
void join_members(JsonOut& out, const evidence::Join& join,
                  const std::vector<evidence::JoinLine>& lines);

/// The rows as CSV (formats/csv.h), one line for each place of a version and each party that was
/// told of it; of a version that nobody was told of, one.
std::string join_csv(const evidence::Join& join);

}  // namespace entente::formats
