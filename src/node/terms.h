// SPDX-License-Identifier: Apache-2.0
// The terms that hold while the charter changes (PROTOCOL 8): until all parties have adopted the
// newest version, of every two limits the stricter; of rivals too. Worked out at a start, from what
// the store knows: what restrains may come at once, what relaxes waits for the next start.
#pragma once

#include "node/genesis.h"
#include "node/ports.h"

namespace entente::node {

/// Names of rows of Store::local.
inline const std::string proposals_name = "charter/proposals";
inline const std::string rivals_name = "charter/rivals";
std::string adopted_name(const PartyId& party);

/// Files of versions newer than what was adopted here, oldest first, as verified when they came.
/// Some may have been adopted since.
Result<std::vector<Bytes>> stored_proposals(Store& store);

/// Files of texts that other logs adopt beside the ones that are known here, verified when they
/// came. Of a version that has rivals neither may be adopted: the one before stands (PROTOCOL 8).
Result<std::vector<Bytes>> stored_rivals(Store& store);
/// Errc::refused where another text of this version is known to be adopted or to wait.
Result<void> check_unrivalled(Store& store, std::uint32_t version, const Hash& hash);

/// Precondition: the chain is that of the charter in force here.
Result<statement::CharterTerms> terms_in_force(Store& store, const Chain& chain,
                                               const PartyId& self);

}  // namespace entente::node
