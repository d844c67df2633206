// SPDX-License-Identifier: Apache-2.0
// What a cosigner may sign. A witness (C2SP tlog-witness) signs at once what is proven to extend
// the last head that it signed; a mirror signs a head of which it has stored every entry. Neither
// ever signs two heads that contradict each other, whenever it is killed: the new head is durable
// before its signature exists. Decisions are pure; the order of work is in answer_add_checkpoint
// and cosign_mirrored, which see the world through a port.
//
//     WitnessAnswer answer = answer_add_checkpoint(body, port);    // POST add-checkpoint
//     TRY(line, cosign_mirrored(mirror, port_of_the_mirror_key));
//
// Witness and mirror have different keys (PROTOCOL 7), and each its own last head.
#pragma once

#include <optional>

#include "mirror/mirror.h"
#include "tlog/witness_wire.h"

namespace entente::mirror {

/// A log that a cosigner knows, with the last head that it cosigned.
struct CosignedLog {
    tlog::VerifierKey key;
    std::optional<tlog::SignedCheckpoint> last;
};

/// What a cosigner needs of its edge: one for each key. One thread at a time.
class CosignerPort {
  public:
    virtual ~CosignerPort() = default;
    /// Nothing if the log is not known.
    virtual Result<std::optional<CosignedLog>> log(const Origin& origin) = 0;
    /// Makes `next` the last head, durably, if it is still `expected`; Errc::stale if not. When it
    /// fails otherwise, either was stored.
    virtual Result<void> remember(const std::optional<tlog::SignedCheckpoint>& expected,
                                  const tlog::SignedCheckpoint& next) = 0;
    /// A cosignature of now over a checkpoint's text (tlog::CosignerSecret::sign).
    virtual Result<tlog::NoteSignature> sign(std::string_view checkpoint_text) = 0;
};

/// What a witness decides about a request, as C2SP tlog-witness numbers it.
struct WitnessDecision {
    int status = 400;    // 200, 400, 403, 404, 409, 422
    std::string detail;  // why, for people
    /// 200: what is remembered and then signed, with the log's own line only.
    std::optional<tlog::SignedCheckpoint> cosign;
    TreeSize size;                  // 409: from where a proof is wanted
    std::optional<ForkProof> fork;  // 422: if the request convicts the log
};
WitnessDecision decide(const tlog::AddCheckpoint& request, const std::optional<CosignedLog>& log);

struct WitnessAnswer {
    int status = 503;
    std::string_view content_type = "text/plain; charset=utf-8";
    Bytes body;
    std::string detail;             // why, for people; not sent where the body has a meaning
    std::optional<ForkProof> fork;  // to be kept and told to everybody
};
/// Reads the request, decides, remembers, signs. 503 if the port fails: nothing was promised.
WitnessAnswer answer_add_checkpoint(BytesView body, CosignerPort& port);

/// The head that a mirror may cosign: its newest, if it holds all of it and it extends `last`.
/// Nothing if it is not whole, or if its last cosigned head is beyond it (a copy restored from an
/// old backup has to catch up first). Reason::fork if the log has contradicted itself.
/// Precondition: what the mirror holds is durable, as it is where a step is stored before adopt.
Checked<std::optional<tlog::SignedCheckpoint>> decide_mirrored(
    const Mirror& mirror, const std::optional<tlog::SignedCheckpoint>& last);

/// Decides, remembers, signs. Nothing where there is nothing to sign.
Checked<std::optional<tlog::NoteSignature>> cosign_mirrored(const Mirror& mirror,
                                                            CosignerPort& port);

}  // namespace entente::mirror
