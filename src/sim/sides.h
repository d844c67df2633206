// SPDX-License-Identifier: Apache-2.0
// Groups and positions as their authors meant them: the oracle's own reading of
// doc/protocol/sharing.md. It knows no register and no view.
#pragma once

#include <vector>

#include "statement/position.h"

namespace entente::sim {

struct GroupSaid {
    std::size_t author = 0;  // its seat
    Hash leaf;
};

struct StandVersion {
    Hash leaf;
    bool withdrawn = false;
    statement::Stand stand = statement::Stand::no_position;
};

/// A position on a group.
struct StandSaid {
    std::size_t author = 0;
    RecordId group;
    std::vector<StandVersion> versions;
};

}  // namespace entente::sim
