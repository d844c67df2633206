// SPDX-License-Identifier: Apache-2.0
#include "tlog/note.h"

#include <algorithm>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"

namespace entente::tlog {
namespace {

constexpr char ed25519_type = 0x01;
constexpr std::string_view dash = "\xE2\x80\x94 ";  // U+2014 and a space
constexpr std::size_t vkey_bytes_max = limits::key_name_bytes_max + 1 + 8 + 1 + 44;

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

// Unicode's White_Space beyond ASCII, in UTF-8 (PropList.txt of Unicode 15).
bool has_wide_space(std::string_view text) {
    constexpr std::string_view spaces[] = {"\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80",
                                           "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF",
                                           "\xE2\x81\x9F", "\xE3\x80\x80"};
    for (std::string_view space : spaces) {
        if (text.find(space) != text.npos) return true;
    }
    for (std::size_t at = 0; (at = text.find("\xE2\x80", at)) != text.npos; ++at) {
        // U+2000 to U+200A
        if (at + 2 < text.size() && static_cast<unsigned char>(text[at + 2]) <= 0x8A) return true;
    }
    return false;
}

// The name in a signature line may be a stranger's, and then only the specification bounds it.
bool is_line_name(std::string_view name) {
    const auto bad = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == '+'; };
    return !name.empty() && is_utf8(name) && !has_wide_space(name) &&
           std::none_of(name.begin(), name.end(), bad);
}

Result<NoteSignature> parse_signature(std::string_view line) {
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

}  // namespace

bool is_key_name(std::string_view name) {
    return name.size() <= limits::key_name_bytes_max && is_line_name(name);
}

std::uint32_t VerifierKey::id() const {
    const Hash hash = sha256({name, BytesView("\n", 1), BytesView(&ed25519_type, 1), key.view()});
    return big_endian(hash.view());
}

std::string VerifierKey::text() const {
    return name + '+' + to_hex(big_endian(id())) + '+' +
           to_base64(ed25519_type + Bytes(key.view()));
}

Result<VerifierKey> VerifierKey::make(std::string_view name, BytesView public_key) {
    if (!is_key_name(name)) {
        return fail(Errc::malformed,
                    "not a key name: 1 to " + std::to_string(limits::key_name_bytes_max) +
                        " bytes of UTF-8 without white space, control characters and '+'");
    }
    TRY(key, PublicKey::from(public_key));
    return VerifierKey{std::string(name), key};
}

Result<VerifierKey> VerifierKey::parse(std::string_view vkey) {
    if (vkey.size() > vkey_bytes_max) {
        return fail(Errc::too_large, "a verifier key has at most " +
                                         std::to_string(vkey_bytes_max) + " bytes, not " +
                                         std::to_string(vkey.size()));
    }
    // Base64 may hold '+' as well: only the first two part the fields.
    const std::size_t first = vkey.find('+');
    const std::size_t second = first == vkey.npos ? vkey.npos : vkey.find('+', first + 1);
    if (second == vkey.npos || second - first != 9) {
        return fail(Errc::malformed, "a verifier key is name+hhhhhhhh+base64");
    }
    TRY(id, from_hex(vkey.substr(first + 1, 8)));
    TRY(typed, from_base64(vkey.substr(second + 1)));
    if (typed.empty() || typed[0] != ed25519_type) {
        return fail(Errc::unknown_key, "only Ed25519 verifier keys (type 0x01) are understood");
    }
    TRY(key, make(vkey.substr(0, first), BytesView(typed).substr(1)));
    if (key.id() != big_endian(id)) {
        return fail(Errc::malformed, "the verifier key's id should be " +
                                         to_hex(big_endian(key.id())) + ", not " + to_hex(id) +
                                         ": it was mistyped or altered");
    }
    return key;
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
        auto signature = parse_signature(lines.substr(0, end));
        if (!signature) return at("signature line " + number, signature.error());
        note.signatures.push_back(*std::move(signature));
        lines.remove_prefix(end + 1);
    }
    return note;
}

Bytes format_note(const Note& note) {
    Bytes out = note.text + '\n';
    for (const NoteSignature& s : note.signatures) {
        out += dash;
        out += s.name + ' ' + to_base64(big_endian(s.key_id) + s.signature) + '\n';
    }
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
                                                 to_hex(big_endian(line.key_id)) +
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
