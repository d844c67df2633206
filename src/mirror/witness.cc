// SPDX-License-Identifier: Apache-2.0
#include "mirror/witness.h"

#include <bit>

#include "mirror/subtrees.h"

namespace entente::mirror {
namespace {

using tlog::SignedCheckpoint;

// How often a request is decided again because another one came between.
constexpr int tries_max = 3;

WitnessDecision refuse(int status, std::string detail) {
    WitnessDecision out;
    out.status = status;
    out.detail = std::move(detail);
    return out;
}

// 422, and the proof if the two heads with this path convict the log.
WitnessDecision contradict(const SignedCheckpoint& last, const SignedCheckpoint& head,
                           const tlog::Proof& path, const tlog::VerifierKey& log) {
    Fault found = contradiction(last, head, path, log);
    WitnessDecision out = refuse(422, std::move(found.detail));
    out.fork = std::move(found.fork);
    return out;
}

// The proof of a request whose old size is the last one. Precondition: signed by the log.
WitnessDecision check_proof(const tlog::AddCheckpoint& request, const SignedCheckpoint& head,
                            const CosignedLog& log) {
    const tlog::Checkpoint& now = request.checkpoint;
    if (now.size.v == 0 && now.root != tlog::empty_root()) {
        return refuse(422, "the root of an empty log is the hash of nothing");
    }
    if (request.old_size.v == 0) {
        if (!request.proof.empty()) return refuse(422, "a proof from size 0 says nothing");
    } else {
        const tlog::Checkpoint& last = log.last->checkpoint;
        const auto verified = tlog::verify_consistency({.old_size = last.size,
                                                        .old_root = last.root,
                                                        .new_size = now.size,
                                                        .new_root = now.root},
                                                       request.proof);
        if (!verified) {
            if (last.size == now.size && last.root == now.root) {
                return refuse(422, verified.error().detail);
            }
            tlog::Proof path;
            if (std::has_single_bit(last.size.v)) path.push_back(last.root);
            path.insert(path.end(), request.proof.begin(), request.proof.end());
            return contradict(*log.last, head, path, log.key);
        }
    }
    WitnessDecision out;
    out.status = 200;
    out.cosign = tlog::without_cosignatures(head, log.key);
    return out;
}

WitnessAnswer unavailable(const Error& error) {
    WitnessAnswer out;
    out.detail = error.detail;
    out.body = "the witness cannot remember or sign at the moment; try again later\n";
    return out;
}

WitnessAnswer in_words(WitnessDecision&& decision) {
    WitnessAnswer out;
    out.status = decision.status;
    out.body = decision.detail + "\n";
    if (decision.status == 409) {
        out.content_type = tlog::size_content_type;
        out.body = tlog::format_size_line(decision.size);
    }
    out.detail = std::move(decision.detail);
    out.fork = std::move(decision.fork);
    return out;
}

// Makes the head the last one if it is not, and signs. Only here are cosignatures made.
Result<tlog::NoteSignature> remember_and_sign(const std::optional<SignedCheckpoint>& last,
                                              const SignedCheckpoint& head, CosignerPort& port) {
    if (!last || last->checkpoint != head.checkpoint) TRYV(port.remember(last, head));
    return port.sign(head.note.text);
}

}  // namespace

WitnessDecision decide(const tlog::AddCheckpoint& request, const std::optional<CosignedLog>& log) {
    if (!request.checkpoint.extensions.empty()) {
        return refuse(400,
                      "the checkpoints of the logs that are witnessed here have no extension "
                      "lines");
    }
    if (request.old_size > request.checkpoint.size) {
        return refuse(400, "the old size is above the checkpoint's");
    }
    if (!log || log->key.name != request.checkpoint.origin.v) {
        return refuse(404, "the log " + request.checkpoint.origin.v + " is not known here");
    }
    const auto signers = tlog::open_note(request.note, {&log->key, 1});
    if (!signers) return refuse(403, signers.error().detail);
    const TreeSize last = log->last ? log->last->checkpoint.size : TreeSize{0};
    if (request.old_size != last) {
        WitnessDecision out =
            refuse(409, "the last head cosigned here is of size " + std::to_string(last.v) +
                            ", not " + std::to_string(request.old_size.v));
        out.size = last;
        return out;
    }
    return check_proof(request, {request.checkpoint, request.note}, *log);
}

WitnessAnswer answer_add_checkpoint(BytesView body, CosignerPort& port) {
    const auto request = tlog::parse_add_checkpoint(body);
    if (!request) return in_words(refuse(400, request.error().detail));
    for (int attempt = 1;; ++attempt) {
        const auto log = port.log(request->checkpoint.origin);
        if (!log) return unavailable(log.error());
        WitnessDecision decision = decide(*request, *log);
        if (!decision.cosign) return in_words(std::move(decision));
        const auto line = remember_and_sign((*log)->last, *decision.cosign, port);
        if (line) {
            WitnessAnswer out;
            out.status = 200;
            out.body = tlog::format_signature_lines({&*line, 1});
            return out;
        }
        // Another request came between: it is decided anew, from what is remembered now.
        if (line.error().code != Errc::stale || attempt == tries_max) {
            return unavailable(line.error());
        }
    }
}

Checked<std::optional<SignedCheckpoint>> decide_mirrored(
    const Mirror& mirror, const std::optional<SignedCheckpoint>& last) {
    if (!mirror.is_whole()) return std::nullopt;
    SignedCheckpoint head = tlog::without_cosignatures(*mirror.head(), mirror.log());
    if (!last) return head;
    const TreeSize before = last->checkpoint.size;
    if (before > mirror.size()) return std::nullopt;
    if (last->checkpoint.root == mirror.tree().root(before)) return head;
    tlog::Proof path;
    if (before < mirror.size()) {
        path = Subtrees(&mirror.tree()).path({before, mirror.size()}).value();
    }
    return tl::unexpected(contradiction(*last, head, path, mirror.log()));
}

Checked<std::optional<tlog::NoteSignature>> cosign_mirrored(const Mirror& mirror,
                                                            CosignerPort& port) {
    const auto failed = [](const Error& error) {
        return fault(error.code == Errc::stale ? Reason::stale : Reason::unavailable, error.detail);
    };
    const auto log = port.log(mirror.origin());
    if (!log) return failed(log.error());
    if (!*log || (*log)->key != mirror.log()) {
        return fault(Reason::other_log, "the log " + mirror.origin().v +
                                            " is not known under this key to the cosigner");
    }
    TRY(head, decide_mirrored(mirror, (*log)->last));
    if (!head) return std::nullopt;
    auto line = remember_and_sign((*log)->last, *head, port);
    if (!line) return failed(line.error());
    return *std::move(line);
}

}  // namespace entente::mirror
