// SPDX-License-Identifier: Apache-2.0
// The keys by role that lie in a data directory, beside what a charter says of them. A rotated key
// waits as DIR/keys/ROLE.next until a version of the charter names it.
#pragma once

#include "cli/data_dir.h"
#include "statement/charter.h"

namespace entente::cli {

/// Roles whose keys a card states and the directory holds: witness, mirror, sealing, channel, duty.
const std::vector<std::string>& card_roles();

/// The public half of a secret in its role.
Bytes public_key(const std::string& role, const Secret& secret);
/// What a card states for the role, 32 bytes.
Result<Bytes> stated_key(const statement::CharterParty& card, const std::string& role);
/// The card with another key for the role.
statement::CharterParty with_key(const statement::Charter& charter, statement::CharterParty card,
                                 const std::string& role, BytesView key);

std::string next_key(const DataDir& dir, const std::string& role);

/// Every role's key here, or the one that waits, is the one that the card states. Errc::refused
/// names the role that is not.
Result<void> check_role_keys(const DataDir& dir, const statement::CharterParty& card);
/// Puts the keys that wait into their places, as far as the card states them.
Result<void> install_role_keys(const DataDir& dir, const statement::CharterParty& card);

}  // namespace entente::cli
