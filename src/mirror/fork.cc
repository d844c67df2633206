// SPDX-License-Identifier: Apache-2.0
#include "mirror/fork.h"

#include <algorithm>

#include "base/encode.h"
#include "base/limits.h"
#include "mirror/subtrees.h"
#include "tlog/cosignature.h"

namespace entente::mirror {
namespace {

using tlog::Checkpoint;

constexpr std::string_view first_line = "entente/fork/v1\n";

struct Pair {
    Checkpoint older;
    Checkpoint newer;
};

// What can be said without the key: one signature each, one origin, the order, the path's presence.
Result<Pair> check_form(const ForkProof& proof) {
    if (proof.older.signatures.size() != 1 || proof.newer.signatures.size() != 1) {
        return fail(Errc::not_canonical,
                    "each checkpoint of a fork proof has one signature line, its log's");
    }
    TRY(older, tlog::parse_checkpoint(proof.older.text));
    TRY(newer, tlog::parse_checkpoint(proof.newer.text));
    if (older.origin != newer.origin) {
        return fail(Errc::bad_proof, "the two checkpoints are of two logs, " + older.origin.v +
                                         " and " + newer.origin.v);
    }
    const bool in_order =
        older.size < newer.size || (older.size == newer.size && older.root < newer.root);
    if (!in_order) {
        return fail(Errc::not_canonical,
                    "the checkpoints of a fork proof stand in order of size, then of root, and "
                    "are not the same");
    }
    if ((older.size == newer.size) != proof.path.empty()) {
        return fail(Errc::not_canonical,
                    "a fork proof has a path if and only if its checkpoints differ in size");
    }
    return Pair{std::move(older), std::move(newer)};
}

// Takes what stands before the next empty line, with its last newline.
Result<BytesView> take_block(BytesView& bytes, const char* what) {
    const std::size_t end = bytes.find("\n\n");
    if (end == bytes.npos) {
        return fail(Errc::malformed, std::string("the fork proof ends within its ") + what);
    }
    const BytesView block = bytes.substr(0, end + 1);
    bytes.remove_prefix(end + 2);
    return block;
}

Result<tlog::Proof> parse_path(BytesView lines) {
    if (!lines.starts_with(first_line)) {
        return fail(Errc::malformed, "the first line of a fork proof is entente/fork/v1");
    }
    lines.remove_prefix(first_line.size());
    tlog::Proof path;
    while (!lines.empty()) {
        if (path.size() == limits::proof_hashes_max + 1) {
            return fail(
                Errc::too_large,
                "a path has at most " + std::to_string(limits::proof_hashes_max + 1) + " hashes");
        }
        const std::size_t end = lines.find('\n');
        auto hash = hash_from_base64(lines.substr(0, end));
        if (!hash) return at("hash " + std::to_string(path.size()), hash.error());
        path.push_back(*hash);
        lines.remove_prefix(end + 1);
    }
    return path;
}

}  // namespace

Origin ForkProof::origin() const { return {older.text.substr(0, older.text.find('\n'))}; }

Result<ForkProof> parse_fork(BytesView bytes) {
    if (bytes.size() > limits::fork_bytes_max) {
        return fail(Errc::too_large,
                    "a fork proof has at most " + std::to_string(limits::fork_bytes_max) +
                        " bytes (fork_bytes_max), not " + std::to_string(bytes.size()));
    }
    ForkProof proof;
    TRY(head, take_block(bytes, "path"));
    TRY(path, parse_path(head));
    proof.path = std::move(path);
    const BytesView both = bytes;
    TRYV(take_block(bytes, "older checkpoint"));
    TRYV(take_block(bytes, "older checkpoint's signature"));
    // The empty line behind the first note is the proof's, not the note's.
    auto older = tlog::parse_note(both.substr(0, both.size() - bytes.size() - 1));
    if (!older) return at("older checkpoint", older.error());
    auto newer = tlog::parse_note(bytes);
    if (!newer) return at("newer checkpoint", newer.error());
    proof.older = *std::move(older);
    proof.newer = *std::move(newer);
    TRYV(check_form(proof));
    return proof;
}

Bytes format_fork(const ForkProof& proof) {
    Bytes out(first_line);
    for (const Hash& hash : proof.path) out += to_base64(hash.view()) + '\n';
    return out + '\n' + tlog::format_note(proof.older) + '\n' + tlog::format_note(proof.newer);
}

Result<void> verify_fork(const ForkProof& proof, const tlog::VerifierKey& log) {
    TRY(pair, check_form(proof));
    for (const tlog::Note* note : {&proof.older, &proof.newer}) {
        TRYV(tlog::open_checkpoint(tlog::format_note(*note), {log.name}, log));
    }
    // The same size, and check_form has seen that the roots differ.
    if (proof.path.empty()) return {};
    TRY(roots, tlog::growth_roots(pair.older.size, pair.newer.size, proof.path));
    if (roots.new_root != pair.newer.root) {
        return fail(Errc::bad_proof, "the path does not lead to the newer checkpoint's root");
    }
    if (roots.old_root == pair.older.root) {
        return fail(Errc::bad_proof,
                    "the two checkpoints are consistent: this is a proof of innocence");
    }
    return {};
}

Result<ForkProof> make_fork(const tlog::SignedCheckpoint& one, const tlog::SignedCheckpoint& other,
                            const tlog::Proof& path, const tlog::VerifierKey& log) {
    const Checkpoint &a = one.checkpoint, &b = other.checkpoint;
    const bool swap = b.size < a.size || (b.size == a.size && b.root < a.root);
    ForkProof proof{
        .older = tlog::without_cosignatures(swap ? other : one, log).note,
        .newer = tlog::without_cosignatures(swap ? one : other, log).note,
        .path = a.size == b.size ? tlog::Proof{} : path,
    };
    TRYV(verify_fork(proof, log));
    if (format_fork(proof).size() > limits::fork_bytes_max) {
        return fail(Errc::too_large,
                    "the fork proof does not fit fork_bytes_max: its checkpoints "
                    "have extension lines, or an origin beyond 170 bytes");
    }
    return proof;
}

TreeSize common_prefix(const tlog::Tree& one, const tlog::Tree& other) {
    TreeSize same{0}, differ{std::min(one.size().v, other.size().v) + 1};
    while (differ.v - same.v > 1) {
        const TreeSize middle{same.v + (differ.v - same.v) / 2};
        (one.root(middle) == other.root(middle) ? same : differ) = middle;
    }
    return same;
}

TreeSize common_at_least(const ForkProof& proof, const tlog::Tree& held) {
    const auto pair = check_form(proof);
    if (!pair || proof.path.empty()) return {0};
    // The path shows the newer branch: that says something to who holds the older one.
    const TreeSize older = pair->older.size;
    if (held.size() < older || held.root(older) != pair->older.root) return {0};
    const Sizes sizes{older, pair->newer.size};
    if (!tlog::growth_roots(older, pair->newer.size, proof.path)) return {0};
    TreeSize common{0};
    for (const auto& [range, hash] : shown_by(sizes, proof.path)) {
        if (range.end > older.v || held.range_root(range.begin, range.end) != hash) break;
        common.v = range.end;
    }
    return common;
}

}  // namespace entente::mirror
