// SPDX-License-Identifier: Apache-2.0
// Who must have signed a charter (PROTOCOL 8). Version 1: the root of every party. Version n+1,
// which names n's hash: roots of n's quorum; and whoever joins, or whose card is changed, has
// signed as well: a quorum sets terms and says who is in, but nobody's keys are changed without
// him. Only what is held in trust already (the version before) says which roots count.
//
//     TRY(first, verify_first(file));
//     TRY(second, verify_successor(file, next_file));
#pragma once

#include <optional>

#include "statement/charter.h"

namespace entente::statement {

/// What of the signatures that a version needs is there. All that are in the file hold.
struct Standing {
    std::vector<PartyId> signers;
    std::vector<PartyId> missing;  // must sign, whatever the quorum: all of version 1, who joins,
                                   // whose card is changed
    int votes = 0;                 // signatures of parties of the version before
    int votes_needed = 0;          // its quorum; 0 for version 1
    bool complete() const { return missing.empty() && votes >= votes_needed; }
};

/// Version 1 without `previous`, a later version with the file of the one before, which the caller
/// trusts. Errc::bad_signature for a signature that does not hold or is nobody's; Errc::bad_proof
/// for a version that does not follow from the one before.
Result<Standing> standing(std::string_view file, std::optional<std::string_view> previous);

/// The charter, if version 1 is signed by all.
Result<Charter> verify_first(std::string_view file);
/// The charter of `next`, if it follows from `file` and is signed by whom it needs.
Result<Charter> verify_successor(std::string_view file, std::string_view next);

/// The party's root in the version after `before`: its root, or the successor it committed to.
/// Errc::refused for any other key.
Result<void> check_root(const CharterParty& before, BytesView root);

/// The parties that signed both of two rival versions of one number: convicted (PROTOCOL 8, 25).
/// `trusted` is the version before, or for two first versions the one that was adopted: it says
/// whose root is whose. Empty where one text is the other, or their number or id differs.
Result<std::vector<PartyId>> convicted(std::string_view trusted, std::string_view one,
                                       std::string_view other);

}  // namespace entente::statement
