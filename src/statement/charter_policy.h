// SPDX-License-Identifier: Apache-2.0
// When a head is final (PROTOCOL 16), as a number and as the C2SP tlog-policy text that verifiers
// of others read.
#pragma once

#include "statement/charter.h"

namespace entente::statement {

/// How many of `others` must have a mirror cosignature over a head: 1 + floor(2m/3), and 0 of 0.
/// Two sets of so many meet in more than a third, so that one honest third cannot be shown two
/// heads.
std::size_t mirrors_needed(std::size_t others);

/// The policy for the log of `party`: its key, the mirrors of all others in a group, the outside
/// witnesses, and the group as quorum. Errc::not_found if the charter does not name the party.
Result<std::string> tlog_policy(const Charter& charter, const PartyId& party);

}  // namespace entente::statement
