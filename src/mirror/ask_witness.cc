// SPDX-License-Identifier: Apache-2.0
#include "mirror/ask_witness.h"

#include "base/assert.h"

namespace entente::mirror {

std::optional<Bytes> AskWitness::request(const tlog::SignedCheckpoint& head,
                                         const tlog::Tree& tree) {
    const TreeSize size = head.checkpoint.size;
    if (size.v == 0 || size <= done_ || size < cosigned_) return std::nullopt;
    if (asked_.note.text != head.note.text) corrected_ = false;
    // Only the log's own line: some witnesses take no more than 10 KiB.
    asked_ = tlog::without_cosignatures(head, log_);
    tlog::Proof proof;
    if (cosigned_.v > 0 && cosigned_ < size) {
        auto grown = tree.consistency_proof(cosigned_, size);
        ASSERT(grown);
        proof = std::move(*grown);
    }
    return tlog::format_add_checkpoint(
        {cosigned_, std::move(proof), asked_.checkpoint, asked_.note});
}

Result<std::optional<tlog::Cosignature>> AskWitness::take(int status, BytesView body) {
    TRY(reply, tlog::read_witness_reply(status, body, witness_, asked_.note.text));
    const TreeSize size = asked_.checkpoint.size;
    if (const auto* line = std::get_if<tlog::Cosignature>(&reply)) {
        cosigned_ = done_ = size;
        return std::optional(*line);
    }
    const TreeSize theirs = std::get<TreeSize>(reply);
    if (theirs > size) {
        return fail(Errc::stale, "witness " + witness_.name + " has cosigned " +
                                     std::to_string(theirs.v) + " entries of this log, which has " +
                                     std::to_string(size.v) +
                                     " here: is it an old backup? Bring it up to date from the "
                                     "other nodes before it says anything");
    }
    if (corrected_ || theirs == cosigned_) {
        return fail(Errc::split_view, "witness " + witness_.name + " wants a proof from " +
                                          std::to_string(theirs.v) + " and does not take it");
    }
    cosigned_ = theirs;
    corrected_ = true;
    return std::optional<tlog::Cosignature>();
}

}  // namespace entente::mirror
