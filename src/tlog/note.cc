// SPDX-License-Identifier: Apache-2.0
#include "tlog/note.h"

#include <algorithm>

#include "base/encode.h"
#include "base/limits.h"
#include "tlog/vkey.h"

namespace entente::tlog {
namespace {

constexpr std::string_view dash = "\xE2\x80\x94 ";  // U+2014 and a space

std::string big_endian(std::uint32_t v) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(v >> shift & 255);
    return out;
}

std::uint32_t big_endian(BytesView four) {
    std::uint32_t v = 0;
    for (char c : four.substr(0, 4)) v = v << 8 | static_cast<unsigned char>(c);
    return v;
}

}  // namespace

std::uint32_t VerifierKey::id() const { return key_id(name, KeyType::log, key); }

std::string VerifierKey::text() const { return vkey_text(name, KeyType::log, key); }

Result<VerifierKey> VerifierKey::make(std::string_view name, BytesView public_key) {
    TRY(made, named_key(name, public_key));
    return VerifierKey{std::move(made.name), made.key};
}

Result<VerifierKey> VerifierKey::parse(std::string_view vkey) {
    TRY(parsed, parse_vkey(vkey, KeyType::log));
    return VerifierKey{std::move(parsed.name), parsed.key};
}

Result<void> check_note_text(std::string_view text) {
    if (text.size() > limits::note_bytes_max) {
        return fail(Errc::too_large,
                    "a note has at most " + std::to_string(limits::note_bytes_max) +
                        " bytes (note_bytes_max), not " + std::to_string(text.size()));
    }
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; };
    if (std::any_of(text.begin(), text.end(), control)) {
        return fail(Errc::malformed, "a note has no control characters but newlines");
    }
    if (!is_utf8(text)) return fail(Errc::malformed, "a note is UTF-8");
    if (text.empty() || text.back() != '\n') {
        return fail(Errc::malformed, "a note ends with a newline");
    }
    return {};
}

Result<NoteSignature> parse_signature_line(std::string_view line) {
    if (!line.starts_with(dash)) {
        return fail(Errc::malformed, "does not begin with an em dash and a space");
    }
    line.remove_prefix(dash.size());
    const std::size_t space = line.find(' ');
    if (space == line.npos) return fail(Errc::malformed, "has no space behind the key name");
    NoteSignature out;
    out.name = line.substr(0, space);
    if (!is_line_name(out.name)) return fail(Errc::malformed, "has a bad key name");
    TRY(payload, from_base64(line.substr(space + 1)));
    if (payload.size() < 5) return fail(Errc::malformed, "is too short for a key id and signature");
    out.key_id = big_endian(payload);
    out.signature = payload.substr(4);
    return out;
}

Bytes format_signature_line(const NoteSignature& signature) {
    Bytes out(dash);
    return out + signature.name + ' ' +
           to_base64(big_endian(signature.key_id) + signature.signature) + '\n';
}

Result<Note> parse_note(BytesView bytes) {
    TRYV(check_note_text(bytes));
    const std::size_t gap = bytes.rfind("\n\n");
    if (gap == bytes.npos) {
        return fail(Errc::malformed, "a note has an empty line between text and signatures");
    }
    Note note;
    note.text = bytes.substr(0, gap + 1);
    BytesView lines = bytes.substr(gap + 2);
    if (lines.empty()) return fail(Errc::malformed, "the note has no signature line");
    while (!lines.empty()) {
        const std::string number = std::to_string(note.signatures.size() + 1);
        if (note.signatures.size() == limits::note_signatures_max) {
            return fail(Errc::too_large, "a note has at most " +
                                             std::to_string(limits::note_signatures_max) +
                                             " signatures (note_signatures_max)");
        }
        const std::size_t end = lines.find('\n');
        auto signature = parse_signature_line(lines.substr(0, end));
        if (!signature) return at("signature line " + number, signature.error());
        note.signatures.push_back(*std::move(signature));
        lines.remove_prefix(end + 1);
    }
    return note;
}

Bytes format_note(const Note& note) {
    Bytes out = note.text + '\n';
    for (const NoteSignature& signature : note.signatures) out += format_signature_line(signature);
    return out;
}

Result<std::vector<VerifierKey>> open_note(const Note& note, std::span<const VerifierKey> known) {
    std::vector<std::uint32_t> ids;
    for (const VerifierKey& key : known) ids.push_back(key.id());
    std::vector<bool> signed_by(known.size(), false);
    for (const NoteSignature& line : note.signatures) {
        const VerifierKey* matched = nullptr;
        for (std::size_t i = 0; i < known.size(); ++i) {
            if (ids[i] != line.key_id || known[i].name != line.name) continue;
            if (matched != nullptr && *matched != known[i]) {
                return fail(Errc::refused, "two known keys are both named " + line.name +
                                               " and have one id; remove the wrong one");
            }
            matched = &known[i];
            signed_by[i] = true;
        }
        if (matched != nullptr && !verify(matched->key, note.text, line.signature)) {
            return fail(Errc::bad_signature, "the signature of " + line.name + "+" +
                                                 key_id_text(line.key_id) +
                                                 " does not fit the note's text");
        }
    }
    std::vector<VerifierKey> signers;
    for (std::size_t i = 0; i < known.size(); ++i) {
        if (signed_by[i]) signers.push_back(known[i]);
    }
    if (signers.empty()) return fail(Errc::unknown_key, "no known key signed this note");
    return signers;
}

}  // namespace entente::tlog
