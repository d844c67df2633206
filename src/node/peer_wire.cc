// SPDX-License-Identifier: Apache-2.0
#include "node/peer_wire.h"

#include <charconv>

#include "base/encode.h"
#include "base/limits.h"

namespace entente::node {
namespace {

constexpr BytesView heads_line = "entente/heads/v1\n";
constexpr BytesView releases_line = "entente/releases/v1\n";
constexpr BytesView received_line = "entente/received/v1\n";

/// The line without its newline, taken off the front; nothing where there is none.
std::optional<BytesView> take_line(BytesView& rest) {
    const std::size_t end = rest.find('\n');
    if (end == BytesView::npos) return std::nullopt;
    const BytesView line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

/// Decimal in its only spelling.
std::optional<std::uint64_t> number(BytesView text) {
    std::uint64_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
    if (std::to_string(value) != text) return std::nullopt;
    return value;
}

tl::unexpected<Error> bad(const std::string& why) { return fail(Errc::malformed, why); }

}  // namespace

bool is_mark(BytesView text) {
    return text.size() <= mark_bytes_max && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
           });
}

Bytes format_heads(const std::vector<Bytes>& notes, std::string_view mark) {
    Bytes out(heads_line);
    out += std::string(mark) + "\n";
    for (const Bytes& note : notes) out += std::to_string(note.size()) + "\n" + note;
    return out;
}

Result<HeadsFrame> parse_heads(BytesView frame) {
    if (frame.size() > heads_bytes_max) {
        return fail(Errc::too_large,
                    "heads of " + std::to_string(frame.size()) +
                        " bytes, more than heads_bytes_max = " + std::to_string(heads_bytes_max));
    }
    if (!frame.starts_with(heads_line)) return bad("heads do not begin with entente/heads/v1");
    frame.remove_prefix(heads_line.size());
    const auto mark = take_line(frame);
    if (!mark || !is_mark(*mark)) return bad("heads do not state their mark in their second line");
    HeadsFrame out{*mark, {}};
    while (!frame.empty()) {
        const auto line = take_line(frame);
        const auto size = line ? number(*line) : std::nullopt;
        if (!size || *size > frame.size()) {
            return bad("head " + std::to_string(out.notes.size()) +
                       " does not state its size, or is cut short");
        }
        if (out.notes.size() == heads_max) {
            return fail(Errc::too_large,
                        "more than heads_max = " + std::to_string(heads_max) + " heads");
        }
        out.notes.push_back(frame.substr(0, *size));
        frame.remove_prefix(*size);
    }
    return out;
}

Bytes format_releases(const ReleasesFrame& frame) {
    Bytes out = Bytes(releases_line) + std::to_string(frame.beat.v) + "\n" + frame.content;
    for (const Hash& hash : frame.proof) out += to_base64(hash.view()) + "\n";
    out += "\n";
    out += frame.parcel;
    return out;
}

Result<ReleasesFrame> parse_releases(BytesView frame) {
    if (frame.size() > releases_bytes_max) {
        return fail(Errc::too_large, "an answer of " + std::to_string(frame.size()) +
                                         " bytes, more than releases_bytes_max = " +
                                         std::to_string(releases_bytes_max));
    }
    if (!frame.starts_with(releases_line)) {
        return bad("releases do not begin with entente/releases/v1");
    }
    frame.remove_prefix(releases_line.size());
    const auto beat_line = take_line(frame);
    const auto beat = beat_line ? number(*beat_line) : std::nullopt;
    if (!beat) return bad("releases do not state whose slot they open");
    ReleasesFrame out{{*beat}, {}, {}, {}};
    for (int line = 0; line < 2; ++line) {
        const auto text = take_line(frame);
        if (!text || text->empty()) return bad("the opened slot has two lines");
        out.content += Bytes(*text) + "\n";
    }
    for (;;) {
        const auto text = take_line(frame);
        if (!text) return bad("an empty line stands before the parcel");
        if (text->empty()) break;
        if (out.proof.size() == limits::proof_hashes_max) {
            return fail(Errc::too_large, "a proof has at most proof_hashes_max = " +
                                             std::to_string(limits::proof_hashes_max) + " hashes");
        }
        TRY(hash, hash_from_base64(*text));
        out.proof.push_back(hash);
    }
    out.parcel = frame;
    return out;
}

Bytes format_received(const ReceivedFrame& frame) {
    Bytes out = Bytes(received_line) + std::to_string(frame.beat.v) + "\n" + frame.content +
                std::to_string(frame.first) + "\n";
    for (const Bytes& leaf : frame.leaves) out += std::to_string(leaf.size()) + "\n" + leaf;
    return out;
}

Result<ReceivedFrame> parse_received(BytesView frame) {
    if (frame.size() > received_bytes_max) {
        return fail(Errc::too_large, "an answer of " + std::to_string(frame.size()) +
                                         " bytes, more than received_bytes_max = " +
                                         std::to_string(received_bytes_max));
    }
    if (!frame.starts_with(received_line)) {
        return bad("what was received does not begin with entente/received/v1");
    }
    frame.remove_prefix(received_line.size());
    const auto stated = [&frame] {
        const auto line = take_line(frame);
        return line ? number(*line) : std::nullopt;
    };
    const auto beat = stated();
    if (!beat) return bad("what was received does not state whose slot it opens");
    ReceivedFrame out{{*beat}, {}, 0, {}};
    for (int line = 0; line < 2; ++line) {
        const auto text = take_line(frame);
        if (!text || text->empty()) return bad("the opened slot has two lines");
        out.content += Bytes(*text) + "\n";
    }
    const auto first = stated();
    if (!first) return bad("what was received does not state where it begins");
    out.first = *first;
    while (!frame.empty()) {
        const auto size = stated();
        if (!size || *size > limits::release_leaf_bytes_max || *size > frame.size()) {
            return bad("a release does not state its size, or is cut short");
        }
        out.leaves.emplace_back(frame.substr(0, *size));
        frame.remove_prefix(*size);
    }
    return out;
}

}  // namespace entente::node
