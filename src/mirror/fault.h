// SPDX-License-Identifier: Apache-2.0
// Why what a peer sent about a log was not taken: one reason code that a status can show and a
// policy can act on, a sentence for people, and, where the log contradicted itself, the proof.
//
//     Checked<Advance> next = mirror.advance(chunk);
//     if (!next && next.error().reason == Reason::fork) tell_everybody(*next.error().fork);
#pragma once

#include <optional>

#include "mirror/fork.h"

namespace entente::mirror {

enum class Reason : std::uint8_t {
    malformed,    // not of the form of a note, checkpoint, tile or bundle
    too_large,    // beyond a limit, which the detail names
    not_signed,   // the log's key did not sign this
    other_log,    // a checkpoint of another origin
    wrong_root,   // a proof or tiles that do not lead to the root that the log signed
    wrong_hash,   // entries or tiles that are not those of the log
    withheld,     // a file that must be there was not to be had
    rolled_back,  // a head older than one that is known, and consistent with it: a replay
    stale,        // the mirror has moved since this was begun; nobody's fault, begin again
    unavailable,  // this node's own disk or clock failed
    fork,         // the log contradicted itself; the proof says how
};

/// The word for it, the same in every language: `wrong_root`.
const char* name(Reason reason);

/// Of a source's reasons, those that only a lying or broken source has. Not stale, unavailable and
/// rolled_back; not fork either, which is the log's own doing, whoever brings it.
bool is_rubbish(Reason reason);

struct Fault {
    Reason reason;
    std::string detail;             // what was wrong, where, and what to do
    std::optional<ForkProof> fork;  // if and only if the reason is fork
    bool operator==(const Fault&) const = default;

    /// For callers that only pass it on.
    Error error() const;
};

template <class T>
using Checked = tl::expected<T, Fault>;

inline tl::unexpected<Fault> fault(Reason reason, std::string detail) {
    return tl::unexpected<Fault>(Fault{reason, std::move(detail), std::nullopt});
}
/// A reason out of an error of form: too_large or malformed.
tl::unexpected<Fault> fault_of_form(const Error& error);

/// The contradiction of two heads with its path (ForkProof): a fault whose reason is fork, or, if
/// they do not contradict each other after all, wrong_root.
Fault contradiction(const tlog::SignedCheckpoint& one, const tlog::SignedCheckpoint& other,
                    const tlog::Proof& path, const tlog::VerifierKey& log);

/// A checkpoint of this log (named as its key is) as it may come from a peer: at most
/// limits::head_bytes_max, no extension lines (doc/protocol/log.md), signed.
Checked<tlog::SignedCheckpoint> open_head(BytesView note, const tlog::VerifierKey& log);

}  // namespace entente::mirror
