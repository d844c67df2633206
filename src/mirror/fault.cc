// SPDX-License-Identifier: Apache-2.0
#include "mirror/fault.h"

#include "base/limits.h"

namespace entente::mirror {

const char* name(Reason reason) {
    switch (reason) {
        case Reason::malformed: return "malformed";
        case Reason::too_large: return "too_large";
        case Reason::not_signed: return "not_signed";
        case Reason::other_log: return "other_log";
        case Reason::wrong_root: return "wrong_root";
        case Reason::wrong_hash: return "wrong_hash";
        case Reason::withheld: return "withheld";
        case Reason::rolled_back: return "rolled_back";
        case Reason::stale: return "stale";
        case Reason::unavailable: return "unavailable";
        case Reason::fork: return "fork";
    }
    return "unknown";
}

bool is_rubbish(Reason reason) {
    return reason != Reason::rolled_back && reason != Reason::stale &&
           reason != Reason::unavailable && reason != Reason::fork;
}

Error Fault::error() const {
    const auto code = [this] {
        switch (reason) {
            case Reason::malformed: return Errc::malformed;
            case Reason::too_large: return Errc::too_large;
            case Reason::not_signed: return Errc::bad_signature;
            case Reason::other_log: return Errc::refused;
            case Reason::wrong_root:
            case Reason::wrong_hash: return Errc::bad_proof;
            case Reason::withheld: return Errc::not_found;
            case Reason::rolled_back:
            case Reason::stale: return Errc::stale;
            case Reason::unavailable: return Errc::unavailable;
            case Reason::fork: break;
        }
        return Errc::split_view;
    };
    return {code(), detail};
}

tl::unexpected<Fault> fault_of_form(const Error& error) {
    return fault(error.code == Errc::too_large ? Reason::too_large : Reason::malformed,
                 error.detail);
}

Fault contradiction(const tlog::SignedCheckpoint& one, const tlog::SignedCheckpoint& other,
                    const tlog::Proof& path, const tlog::VerifierKey& log) {
    auto proof = make_fork(one, other, path, log);
    if (!proof) return {Reason::wrong_root, proof.error().detail, std::nullopt};
    const auto size = [](const tlog::SignedCheckpoint& head) {
        return std::to_string(head.checkpoint.size.v);
    };
    return {Reason::fork,
            log.name + " has signed two heads that contradict each other, of sizes " + size(one) +
                " and " + size(other) + "; the proof convicts its log key",
            *std::move(proof)};
}

Checked<tlog::SignedCheckpoint> open_head(BytesView note, const tlog::VerifierKey& log) {
    if (note.size() > limits::head_bytes_max) {
        return fault(Reason::too_large,
                     "a head has at most " + std::to_string(limits::head_bytes_max) +
                         " bytes (head_bytes_max), not " + std::to_string(note.size()));
    }
    const auto parsed = tlog::parse_note(note);
    if (!parsed) return fault_of_form(parsed.error());
    const auto checkpoint = tlog::parse_checkpoint(parsed->text);
    if (!checkpoint) return fault_of_form(checkpoint.error());
    if (checkpoint->origin.v != log.name) {
        return fault(Reason::other_log,
                     "this is a checkpoint of " + checkpoint->origin.v + ", not of " + log.name);
    }
    if (!checkpoint->extensions.empty()) {
        return fault(Reason::malformed, "the checkpoints of these logs have no extension lines");
    }
    auto head = tlog::open_checkpoint(note, {log.name}, log);
    if (head) return *std::move(head);
    return fault(head.error().code == Errc::bad_proof ? Reason::wrong_root : Reason::not_signed,
                 head.error().detail);
}

}  // namespace entente::mirror
