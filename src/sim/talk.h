// SPDX-License-Identifier: Apache-2.0
// Challenges, hot-line messages and boundaries as their authors meant them: the oracle's own
// reading of doc/protocol/dealings.md. It knows no register and no view.
#pragma once

#include "sim/plans.h"

namespace entente::sim {

struct ContestVersion {
    Hash leaf;
    bool withdrawn = false;
    Instant answer_by = {};
    std::string text = {};
};

/// A challenge.
struct Contest {
    std::size_t author = 0, of_author = 0;  // seats: who contests, and whose record it is
    RecordId of;
    std::vector<ContestVersion> versions;
};

struct MessageSaid {
    std::size_t author = 0;
    Hash leaf;
    std::string text;
};

struct ZoneVersion {
    Hash leaf;
    bool withdrawn = false;
    PlanVolume volume = {};
};

/// A boundary or zone of an airspace.
struct Zone {
    std::size_t author = 0;
    std::vector<ZoneVersion> versions;
};

/// The number of the version with this leaf, from 1; 0: there is none such.
template <class Versions>
std::uint32_t number_of(const Versions& versions, const Hash& leaf) {
    for (std::size_t i = 0; i < versions.size(); ++i) {
        if (versions[i].leaf == leaf) return static_cast<std::uint32_t>(i + 1);
    }
    return 0;
}

}  // namespace entente::sim
