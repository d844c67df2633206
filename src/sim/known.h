// SPDX-License-Identifier: Apache-2.0
// Reports, incidents and who is held responsible, as their authors meant them: the oracle's own
// reading of doc/protocol/sharing.md and join.md. It knows no register and no view.
#pragma once

#include <vector>

#include "statement/source.h"

namespace entente::sim {

struct KnownVersion {
    Hash leaf = {};
    bool withdrawn = false;
    int site = 0;  // of an incident: where, and when
    Instant from = {}, until = {};
    std::vector<RecordId> about = {};  // what a report speaks of
    std::vector<statement::Source> sources = {};
};

struct KnownSaid {
    std::size_t author = 0;  // its seat
    std::string kind;
    std::vector<KnownVersion> versions;
};

}  // namespace entente::sim
