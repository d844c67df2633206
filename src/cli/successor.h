// SPDX-License-Identifier: Apache-2.0
// `entente key rotate log` (PROTOCOL 7, 25, 26): a party goes on in a successor log, under a new
// key and a name with a number.
#pragma once

#include "base/ed25519.h"
#include "base/ids.h"
#include "cli/verbs.h"

namespace entente::cli {

/// What to tell whoever asked for it.
Result<std::string> rotate_log(const KeyArgs& args);

// Internal to the two kinds of it.
Result<std::string> rotate_among_others(const KeyArgs& args, const Bytes& charter_file,
                                        const SecretKey& root);
/// States in the log that signer.next/ signs what protects in this one; how many records.
Result<std::size_t> state_anew_from(const KeyArgs& args, const Origin& before,
                                    const Bytes& charter_file);

}  // namespace entente::cli
