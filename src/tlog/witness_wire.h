// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-witness on the wire: the request `add-checkpoint` and its answers. What a witness
// decides is in mirror/witness.h, HTTP is net's. A server reads strictly, a client liberally:
// witnesses of the public network differ in what they answer (litewitness, omniwitness).
//
//     POST <prefix>/add-checkpoint   format_add_checkpoint({old, proof, head.note})
//     TRY(reply, read_witness_reply(status, body, witness, head.note.text));
#pragma once

#include <variant>

#include "tlog/cosignature.h"
#include "tlog/merkle.h"

namespace entente::tlog {

/// A request of good form. Nothing in it is verified.
struct AddCheckpoint {
    TreeSize old_size;
    Proof proof;  // RFC 6962 consistency proof from old_size to the checkpoint's; at most 63
    Checkpoint checkpoint;
    Note note;  // that the checkpoint came in
    bool operator==(const AddCheckpoint&) const = default;
};

/// Strict: format_add_checkpoint gives the same bytes again. Errc::malformed also where the old
/// size is above the checkpoint's, Errc::too_large beyond limits::add_checkpoint_bytes_max: the
/// status is 400 for all of them.
Result<AddCheckpoint> parse_add_checkpoint(BytesView body);
Bytes format_add_checkpoint(const AddCheckpoint& request);

/// The body of a 200: the lines as they stand in a note.
Bytes format_signature_lines(std::span<const NoteSignature> lines);
/// The body of a 409, whose Content-Type is `text/x.tlog.size`.
Bytes format_size_line(TreeSize size);
constexpr std::string_view size_content_type = "text/x.tlog.size";

/// What a witness answered: its cosignature, or the size from which it wants a proof.
using WitnessReply = std::variant<Cosignature, TreeSize>;

/// Reads an answer as a client. 200 without a good line of this witness is Errc::bad_signature or
/// unknown_key; 409 without a size Errc::split_view, as omniwitness says that it knows another root
/// of this size; 422 Errc::bad_proof, 403 Errc::unknown_key, 404 Errc::not_found, 400
/// Errc::malformed; anything else Errc::unavailable: try again later.
Result<WitnessReply> read_witness_reply(int status, BytesView body, const CosignerKey& witness,
                                        std::string_view checkpoint_text);

}  // namespace entente::tlog
