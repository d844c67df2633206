// SPDX-License-Identifier: Apache-2.0
// The other side of witness.h: a log asks one witness to cosign its newest head (C2SP
// tlog-witness). Sans-IO: an edge posts what request() gives to `add-checkpoint` and hands the
// answer to take(). It learns from the witness what that cosigned last, so it remembers nothing
// over a restart; and a witness that has cosigned more of the log than is here says so aloud: then
// this log is an old copy of itself (PROTOCOL 26).
//
//     AskWitness ask(log.verifier(), witness_key);
//     while (auto body = ask.request(head, tree)) {
//         TRY(line, ask.take(status, answer));        // nothing: ask again, from another size
//         if (line) keep(ask.head(), *line);
//     }
#pragma once

#include <optional>

#include "tlog/witness_wire.h"

namespace entente::mirror {

class AskWitness {
  public:
    AskWitness(tlog::VerifierKey log, tlog::CosignerKey witness)
        : log_(std::move(log)), witness_(std::move(witness)) {}

    /// The body for `head`, or nothing if the witness has cosigned it. Precondition: the head was
    /// opened under the log's key, and the tree holds it.
    std::optional<Bytes> request(const tlog::SignedCheckpoint& head, const tlog::Tree& tree);
    /// The answer to the body that request() gave last: a cosignature over head() that verifies,
    /// or nothing where the witness wants another proof. Errc::stale if it has cosigned more than
    /// there is here: sign nothing until that is understood. Errc::split_view if it goes on naming
    /// sizes, or knows another root of this size. Otherwise as tlog::read_witness_reply.
    Result<std::optional<tlog::Cosignature>> take(int status, BytesView body);

    /// The head that was asked for last.
    const tlog::SignedCheckpoint& head() const { return asked_; }
    /// What it has cosigned, as far as it has said so; 0 before that.
    TreeSize cosigned() const { return cosigned_; }

  private:
    tlog::VerifierKey log_;
    tlog::CosignerKey witness_;
    tlog::SignedCheckpoint asked_;
    TreeSize cosigned_;
    TreeSize done_;           // the size of the newest head over which a cosignature came
    bool corrected_ = false;  // it has named its size for the head that is asked for
};

}  // namespace entente::mirror
