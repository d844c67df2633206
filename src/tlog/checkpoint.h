// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-checkpoint: origin, size and root of a log as the text of a note.
//
//     TRY(head, open_checkpoint(bytes, origin, key));   // signed by this log's key
//     head.checkpoint.size, head.checkpoint.root
#pragma once

#include <string>
#include <vector>

#include "base/ids.h"
#include "tlog/note.h"

namespace entente::tlog {

/// What a log says of itself. Nothing here is verified.
struct Checkpoint {
    Origin origin;
    TreeSize size;  // at most 2^63 - 1
    Hash root;
    std::vector<std::string> extensions;  // further lines, opaque, not empty
    bool operator==(const Checkpoint&) const = default;
};

/// Reads a note's text; strict, so that format_checkpoint gives the same bytes again.
Result<Checkpoint> parse_checkpoint(std::string_view text);
std::string format_checkpoint(const Checkpoint& checkpoint);

/// A checkpoint with the note it came in. Made by open_checkpoint and sign_checkpoint, and then it
/// is verified.
struct SignedCheckpoint {
    Checkpoint checkpoint;
    Note note;
    bool operator==(const SignedCheckpoint&) const = default;
    Bytes bytes() const { return format_note(note); }
};

/// Form, signature, origin, and that size 0 has the empty root, in this order.
Result<SignedCheckpoint> open_checkpoint(BytesView bytes, const Origin& origin,
                                         const VerifierKey& key);

/// Puts the log's signature over format_checkpoint(checkpoint) to it. Errc::bad_signature if it is
/// not this key's: nothing leaves that would not verify.
Result<SignedCheckpoint> sign_checkpoint(const Checkpoint& checkpoint, const VerifierKey& key,
                                         BytesView signature);

}  // namespace entente::tlog
