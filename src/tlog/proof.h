// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-proof: one file that proves offline that an entry is in a log.
//
//     TRY(proof, prove(log.tree(), EntryIndex{17}, head));
//     write("entry.tlog-proof", format_proof(proof));
//     ...
//     TRY(head, verify_proof(proof, leaf_hash(entry), origin, key));
#pragma once

#include <optional>

#include "tlog/checkpoint.h"
#include "tlog/merkle.h"

namespace entente::tlog {

/// A proof of good form. Nothing in it is verified.
struct InclusionProof {
    std::optional<Bytes> extra;  // the sender's own; not authenticated
    EntryIndex index;
    Proof hashes;  // at most 63
    Note checkpoint;
    bool operator==(const InclusionProof&) const = default;
};

/// Strict: format_proof gives the same bytes again.
Result<InclusionProof> parse_proof(BytesView bytes);
Bytes format_proof(const InclusionProof& proof);

/// The proof of one entry under a head. Errc::bad_proof if the head is not of this tree.
Result<InclusionProof> prove(const Tree& tree, EntryIndex index, const SignedCheckpoint& head);

/// Origin, log key and inclusion of `leaf`; gives the checkpoint that covers it.
Result<SignedCheckpoint> verify_proof(const InclusionProof& proof, const Hash& leaf,
                                      const Origin& origin, const VerifierKey& key);

}  // namespace entente::tlog
