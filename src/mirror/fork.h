// SPDX-License-Identifier: Apache-2.0
// A fork proof: two checkpoints under one log key that cannot both be of an append-only log. It
// convicts the key by itself, offline, whoever hands it over (PROTOCOL 25). What follows from it
// (both branches protect, none relaxes) is the register's.
//
//     TRY(proof, make_fork(a, b, path, log));       // verified before it is handed out
//     TRY(proof, parse_fork(bytes));                // form only
//     TRYV(verify_fork(proof, log));                // the key of proof.origin() is convicted
#pragma once

#include "tlog/checkpoint.h"
#include "tlog/merkle.h"

namespace entente::mirror {

/// A fork proof of good form. Nothing in it is verified.
struct ForkProof {
    // With one signature line each. `older` has the smaller size; of two of one size it has the
    // smaller root, so that one fork has one proof.
    tlog::Note older;
    tlog::Note newer;
    /// From the older to the newer size in the newer tree, as tlog::growth_roots takes it: it leads
    /// to the newer root, and to an old root that is not the older checkpoint's. Empty for two of
    /// one size, whose roots differ.
    tlog::Proof path;
    bool operator==(const ForkProof&) const = default;

    /// Whose log this is about. Precondition: of good form.
    Origin origin() const;
};

/// Strict: format_fork gives the same bytes again. At most limits::fork_bytes_max.
Result<ForkProof> parse_fork(BytesView bytes);
Bytes format_fork(const ForkProof& proof);

/// Both checkpoints are of this log (whose key is named as its origin) and signed by its key, and
/// they contradict each other. Errc::bad_proof if they do not: then nobody is convicted.
Result<void> verify_fork(const ForkProof& proof, const tlog::VerifierKey& log);

/// Puts the two in order, leaves out cosignatures, and verifies. The path (see ForkProof) is not
/// looked at for two of one size.
Result<ForkProof> make_fork(const tlog::SignedCheckpoint& one, const tlog::SignedCheckpoint& other,
                            const tlog::Proof& path, const tlog::VerifierKey& log);

/// The entries that two branches have in common: relaxations behind them are void.
TreeSize common_prefix(const tlog::Tree& one, const tlog::Tree& other);
/// As much of it as a proof shows to the holder of one branch before the other one is here: not
/// more than common_prefix, and 0 where only the root of the other branch is known.
TreeSize common_at_least(const ForkProof& proof, const tlog::Tree& held);

}  // namespace entente::mirror
