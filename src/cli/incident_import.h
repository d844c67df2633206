// SPDX-License-Identifier: Apache-2.0
// `entente incident import`: a list that others keep, as incidents of this party's own log that
// name the list and their id there. Brought again it adds what is new, corrects what is other by
// now, and says nothing twice.
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"

namespace entente::cli {

struct IncidentImportArgs {
    Common common;
    std::string file;
    std::string list;  // ucdp, acled
    std::string contact;
    std::vector<std::string> to;
    std::string tear;  // for those who are given it coarsely
    bool dry_run = false;
};

Exit import_incidents(const IncidentImportArgs& args);

}  // namespace entente::cli
