// SPDX-License-Identifier: Apache-2.0
#include "tlog/checkpoint.h"

#include <algorithm>
#include <charconv>

#include "base/encode.h"
#include "base/limits.h"
#include "tlog/merkle.h"

namespace entente::tlog {
namespace {

// Precondition: the text ends with a newline.
std::string_view take_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

Result<TreeSize> parse_size(std::string_view text) {
    constexpr std::uint64_t most = ~std::uint64_t{0} >> 1;
    TreeSize size;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, size.v);
    if (error != std::errc() || stop != end || size.v > most || std::to_string(size.v) != text) {
        return fail(Errc::malformed,
                    "the second line is the tree size in decimal, without leading "
                    "zeros and below 2^63, not '" +
                        std::string(text.substr(0, 30)) + "'");
    }
    return size;
}

}  // namespace

Result<Checkpoint> parse_checkpoint(std::string_view text) {
    TRYV(check_note_text(text));
    if (std::count(text.begin(), text.end(), '\n') < 3 || text[0] == '\n' ||
        text.find("\n\n") != text.npos) {
        return fail(Errc::malformed,
                    "a checkpoint has at least three lines (origin, size, root), none empty");
    }
    Checkpoint out;
    out.origin.v = take_line(text);
    if (out.origin.v.size() > limits::key_name_bytes_max) {
        return fail(Errc::too_large,
                    "an origin has at most " + std::to_string(limits::key_name_bytes_max) +
                        " bytes (key_name_bytes_max), not " + std::to_string(out.origin.v.size()));
    }
    TRY(size, parse_size(take_line(text)));
    out.size = size;
    auto root = hash_from_base64(take_line(text));
    if (!root) return at("the third line is the root", root.error());
    out.root = *root;
    while (!text.empty()) out.extensions.emplace_back(take_line(text));
    return out;
}

std::string format_checkpoint(const Checkpoint& checkpoint) {
    std::string out = checkpoint.origin.v + '\n' + std::to_string(checkpoint.size.v) + '\n' +
                      to_base64(checkpoint.root.view()) + '\n';
    for (const std::string& line : checkpoint.extensions) out += line + '\n';
    return out;
}

Result<SignedCheckpoint> open_checkpoint(BytesView bytes, const Origin& origin,
                                         const VerifierKey& key) {
    TRY(note, parse_note(bytes));
    TRY(checkpoint, parse_checkpoint(note.text));
    TRYV(open_note(note, {&key, 1}));
    if (checkpoint.origin != origin) {
        return fail(Errc::refused,
                    "this is a checkpoint of " + checkpoint.origin.v + ", not of " + origin.v);
    }
    if (checkpoint.size.v == 0 && checkpoint.root != empty_root()) {
        return fail(Errc::bad_proof, "the root of an empty log is the hash of nothing");
    }
    return SignedCheckpoint{std::move(checkpoint), std::move(note)};
}

Result<SignedCheckpoint> sign_checkpoint(const Checkpoint& checkpoint, const VerifierKey& key,
                                         BytesView signature) {
    Note note{.text = format_checkpoint(checkpoint), .signatures = {}};
    note.signatures.push_back({key.name, key.id(), Bytes(signature)});
    return open_checkpoint(format_note(note), checkpoint.origin, key);
}

}  // namespace entente::tlog
