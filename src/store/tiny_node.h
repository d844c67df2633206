// SPDX-License-Identifier: Apache-2.0
// The smallest node: the order of work of PROTOCOL 26 and nothing else, so that the store and the
// signer are tested together before and apart from the real one. Tests only (recover_test.cc).
#pragma once

#include "node/ports.h"
#include "tlog/key.h"

namespace entente::store {

tlog::LogKey tiny_key();

/// What a start finds. `halted` says why, and then nothing may be signed.
struct Start {
    std::optional<node::StoredHead> head;
    std::string halted;
};

/// PROTOCOL 26: the database equals `last` (drop `next`) or `next` (settle it); anything else
/// halts. An error: the world failed, try again.
Result<Start> start(node::Store& store, node::Signer& signer);

/// propose, commit, settle. Afterwards, and only then, the commit is acknowledged.
Result<node::StoredHead> advance(node::Store& store, node::Signer& signer,
                                 const std::optional<node::StoredHead>& head, std::uint64_t size);

}  // namespace entente::store
