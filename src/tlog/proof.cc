// SPDX-License-Identifier: Apache-2.0
#include "tlog/proof.h"

#include <charconv>

#include "base/encode.h"
#include "base/limits.h"

namespace entente::tlog {
namespace {

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1";
constexpr std::string_view extra_key = "extra ";
constexpr std::string_view index_key = "index ";

// The next line without its newline; an error at the end of the text.
Result<std::string_view> take_line(std::string_view& text, std::string_view wanted) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) {
        return fail(Errc::malformed, "the proof ends before its " + std::string(wanted));
    }
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

Result<EntryIndex> parse_index(std::string_view line) {
    EntryIndex index;
    if (line.starts_with(index_key)) {
        line.remove_prefix(index_key.size());
        const char* const end = line.data() + line.size();
        const auto [stop, error] = std::from_chars(line.data(), end, index.v);
        if (error == std::errc() && stop == end && std::to_string(index.v) == line) return index;
    }
    return fail(Errc::malformed, "wanted is a line 'index <decimal without leading zeros>'");
}

}  // namespace

Result<InclusionProof> parse_proof(BytesView bytes) {
    if (bytes.size() > limits::note_bytes_max) {
        return fail(Errc::too_large,
                    "a proof has at most " + std::to_string(limits::note_bytes_max) +
                        " bytes (note_bytes_max), not " + std::to_string(bytes.size()));
    }
    InclusionProof proof;
    TRY(version, take_line(bytes, "first line"));
    if (version != first_line) {
        return fail(Errc::malformed, "the first line of a proof is " + std::string(first_line));
    }
    TRY(line, take_line(bytes, "index"));
    if (line.starts_with(extra_key)) {
        auto extra = from_base64(line.substr(extra_key.size()));
        if (!extra) return at("extra", extra.error());
        proof.extra = *std::move(extra);
        TRY(next, take_line(bytes, "index"));
        line = next;
    }
    TRY(index, parse_index(line));
    proof.index = index;
    while (true) {
        TRY(text, take_line(bytes, "checkpoint"));
        if (text.empty()) break;
        if (proof.hashes.size() == limits::proof_hashes_max) {
            return fail(Errc::too_large, "a proof has at most " +
                                             std::to_string(limits::proof_hashes_max) +
                                             " hashes (proof_hashes_max)");
        }
        auto hash = hash_from_base64(text);
        if (!hash) return at("hash " + std::to_string(proof.hashes.size()), hash.error());
        proof.hashes.push_back(*hash);
    }
    auto note = parse_note(bytes);
    if (!note) return at("checkpoint", note.error());
    const auto head = parse_checkpoint(note->text);
    if (!head) return at("checkpoint", head.error());
    proof.checkpoint = *std::move(note);
    return proof;
}

Bytes format_proof(const InclusionProof& proof) {
    Bytes out(first_line);
    out += '\n';
    if (proof.extra) {
        out += extra_key;
        out += to_base64(*proof.extra) + '\n';
    }
    out += index_key;
    out += std::to_string(proof.index.v) + '\n';
    for (const Hash& hash : proof.hashes) out += to_base64(hash.view()) + '\n';
    return out + '\n' + format_note(proof.checkpoint);
}

Result<InclusionProof> prove(const Tree& tree, EntryIndex index, const SignedCheckpoint& head) {
    TRY(hashes, tree.inclusion_proof(index, head.checkpoint.size));
    if (tree.root(head.checkpoint.size) != head.checkpoint.root) {
        return fail(Errc::bad_proof, "the checkpoint is not of this tree");
    }
    return InclusionProof{.extra = std::nullopt,
                          .index = index,
                          .hashes = std::move(hashes),
                          .checkpoint = head.note};
}

Result<SignedCheckpoint> verify_proof(const InclusionProof& proof, const Hash& leaf,
                                      const Origin& origin, const VerifierKey& key) {
    TRY(head, open_checkpoint(format_note(proof.checkpoint), origin, key));
    const Inclusion claim{
        .leaf = leaf,
        .index = proof.index,
        .size = head.checkpoint.size,
        .root = head.checkpoint.root,
    };
    TRYV(verify_inclusion(claim, proof.hashes));
    return head;
}

}  // namespace entente::tlog
