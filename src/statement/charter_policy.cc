// SPDX-License-Identifier: Apache-2.0
#include "statement/charter_policy.h"

namespace entente::statement {

std::size_t mirrors_needed(std::size_t others) { return others == 0 ? 0 : 1 + 2 * others / 3; }

Result<std::string> tlog_policy(const Charter& charter, const PartyId& party) {
    const CharterParty* own = charter.party(party);
    if (own == nullptr) {
        return fail(Errc::not_found, "charter " + charter.id + " names no party " + party.v);
    }
    std::string out = "# " + charter.id + " version " + std::to_string(charter.version) +
                      ": when a head of " + party.v + "'s log is final\nlog " + own->log;
    if (!own->address.empty()) out += " " + own->address + "/log";
    out += "\n";
    // A mirror signs once it has stored what it cosigns, so it is not asked: no address behind it.
    std::string group;
    std::size_t others = 0;
    for (const CharterParty& other : charter.parties) {
        if (other.id == party) continue;
        ++others;
        out += "witness mirror-" + other.id.v + " " + other.mirror + "\n";
        group += " mirror-" + other.id.v;
    }
    for (const OutsideWitness& witness : charter.witnesses) {
        out += "witness outside-" + witness.name + " " + witness.vkey + " " + witness.url + "\n";
    }
    if (others == 0) return out + "quorum none\n";
    return out + "group mirrors " + std::to_string(mirrors_needed(others)) + group +
           "\nquorum mirrors\n";
}

}  // namespace entente::statement
