// SPDX-License-Identifier: Apache-2.0
// `entente incident join`: which protections, versions and receipts were in force where and when an
// incident was, who had been told on which rung, what had been checked; and all of it as a time
// line.
#pragma once

#include <string>

#include "cli/console.h"

namespace entente::cli {

struct IncidentJoinArgs {
    Common common;
    std::string id;
    std::string within;  // metres; empty: the API's own
    bool lines = false;
    bool csv = false;
};

Exit join_incident(const IncidentJoinArgs& args);

}  // namespace entente::cli
