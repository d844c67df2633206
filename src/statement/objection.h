// SPDX-License-Identifier: Apache-2.0
// An objection to an activity (DESIGN 3): where, when and on what grounds somebody objects to what
// another plans. It is said as a protection is, with the activity's volumes as they were objected
// to for its `where`, so that whoever does not know the kind takes it for something to be kept away
// from. Only its author lifts it, as slowly as any relaxation (PROTOCOL 15).
//
//     Protection said;                                   // class other, no names
//     said.where = {volume of the activity, buffer 0};
//     said.objection = Objection{activity, its version's leaf, "our clinic moves there on Friday"};
//     TRYV(validate(said));                              // statement/body.h
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"

namespace entente::statement {

constexpr const char* objection_kind = "objection";
constexpr std::size_t found_max = 64;

struct Objection {
    RecordId activity;
    Hash entry;               // leaf of the version of it that is objected to
    std::string grounds;      // why, for people; never empty
    std::vector<Hash> found;  // leaves of what it rests on, each once; of what the activity's party
                              // was given, so that they name nothing that it may not see
    bool automatic = false;   // made by the node, not by a person
    bool operator==(const Objection&) const = default;
};

}  // namespace entente::statement
