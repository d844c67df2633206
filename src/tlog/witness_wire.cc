// SPDX-License-Identifier: Apache-2.0
#include "tlog/witness_wire.h"

#include <charconv>
#include <optional>

#include "base/encode.h"
#include "base/limits.h"

namespace entente::tlog {
namespace {

constexpr std::string_view old_key = "old ";
constexpr std::uint64_t size_max = ~std::uint64_t{0} >> 1;

// Decimal without leading zeros, below 2^63.
std::optional<TreeSize> size_of(std::string_view digits) {
    TreeSize size;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, size.v);
    if (error != std::errc() || stop != end || size.v > size_max) return std::nullopt;
    if (std::to_string(size.v) != digits) return std::nullopt;
    return size;
}

Result<std::string_view> take_line(std::string_view& text, std::string_view wanted) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) {
        return fail(Errc::malformed, "the request ends before its " + std::string(wanted));
    }
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

// The first good line of the witness, amid whatever else stands there.
Result<WitnessReply> read_lines(BytesView body, const CosignerKey& witness,
                                std::string_view checkpoint_text) {
    Error seen{Errc::unknown_key, "the answer holds no cosignature of " + witness.name};
    while (!body.empty()) {
        const std::size_t end = body.find('\n');
        std::string_view line = body.substr(0, end);
        body.remove_prefix(end == body.npos ? body.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        const auto parsed = parse_signature_line(line);
        if (!parsed || parsed->name != witness.name || parsed->key_id != witness.id()) continue;
        const auto cosignature = Cosignature::parse(*parsed);
        const auto verified = cosignature
                                  ? verify_cosignature(witness, *cosignature, checkpoint_text)
                                  : Result<void>(tl::unexpected(cosignature.error()));
        if (verified) return *cosignature;
        seen = verified.error();
    }
    return tl::unexpected(std::move(seen));
}

}  // namespace

Result<AddCheckpoint> parse_add_checkpoint(BytesView body) {
    if (body.size() > limits::add_checkpoint_bytes_max) {
        return fail(Errc::too_large,
                    "a request has at most " + std::to_string(limits::add_checkpoint_bytes_max) +
                        " bytes (add_checkpoint_bytes_max), not " + std::to_string(body.size()));
    }
    AddCheckpoint out;
    TRY(first, take_line(body, "line 'old <size>'"));
    const auto old_size =
        first.starts_with(old_key) ? size_of(first.substr(old_key.size())) : std::nullopt;
    if (!old_size) {
        return fail(Errc::malformed,
                    "the first line is 'old <decimal without leading zeros, below 2^63>'");
    }
    out.old_size = *old_size;
    while (true) {
        TRY(line, take_line(body, "empty line"));
        if (line.empty()) break;
        if (out.proof.size() == limits::proof_hashes_max) {
            return fail(Errc::too_large, "a proof has at most " +
                                             std::to_string(limits::proof_hashes_max) +
                                             " hashes (proof_hashes_max)");
        }
        auto hash = hash_from_base64(line);
        if (!hash) return at("hash " + std::to_string(out.proof.size()), hash.error());
        out.proof.push_back(*hash);
    }
    auto note = parse_note(body);
    if (!note) return at("checkpoint", note.error());
    auto checkpoint = parse_checkpoint(note->text);
    if (!checkpoint) return at("checkpoint", checkpoint.error());
    if (out.old_size > checkpoint->size) {
        return fail(Errc::malformed, "the old size, " + std::to_string(out.old_size.v) +
                                         ", is above the checkpoint's, " +
                                         std::to_string(checkpoint->size.v));
    }
    out.checkpoint = *std::move(checkpoint);
    out.note = *std::move(note);
    return out;
}

Bytes format_add_checkpoint(const AddCheckpoint& request) {
    Bytes out(old_key);
    out += std::to_string(request.old_size.v) + '\n';
    for (const Hash& hash : request.proof) out += to_base64(hash.view()) + '\n';
    return out + '\n' + format_note(request.note);
}

Bytes format_signature_lines(std::span<const NoteSignature> lines) {
    Bytes out;
    for (const NoteSignature& line : lines) out += format_signature_line(line);
    return out;
}

Bytes format_size_line(TreeSize size) { return std::to_string(size.v) + '\n'; }

Result<WitnessReply> read_witness_reply(int status, BytesView body, const CosignerKey& witness,
                                        std::string_view checkpoint_text) {
    if (body.size() > limits::add_checkpoint_bytes_max) {
        return fail(Errc::too_large,
                    "an answer has at most " + std::to_string(limits::add_checkpoint_bytes_max) +
                        " bytes (add_checkpoint_bytes_max), not " + std::to_string(body.size()));
    }
    const std::string who = "witness " + witness.name;
    switch (status) {
        case 200: return read_lines(body, witness, checkpoint_text);
        case 400: return fail(Errc::malformed, who + " could not read the request");
        case 403: return fail(Errc::unknown_key, who + " does not know the key that signed this");
        case 404: return fail(Errc::not_found, who + " does not know this log");
        case 422: return fail(Errc::bad_proof, who + " could not verify the proof");
        case 409: break;
        default:
            return fail(Errc::unavailable,
                        who + " answered " + std::to_string(status) + "; try again later");
    }
    while (!body.empty() && (body.back() == '\n' || body.back() == '\r')) body.remove_suffix(1);
    if (const auto size = size_of(body)) return *size;
    return fail(Errc::split_view,
                who +
                    " names no size from which it wants a proof: it may know another root of "
                    "this size. Compare its newest checkpoint with this one");
}

}  // namespace entente::tlog
