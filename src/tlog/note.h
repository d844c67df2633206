// SPDX-License-Identifier: Apache-2.0
// C2SP signed-note: a text, an empty line, and signature lines. The logs' verifier keys (Ed25519,
// type 0x01) are here, their private half is in key.h. Cosignatures (cosignature.h) are lines of
// unknown keys here, and are kept.
//
//     TRY(note, parse_note(bytes));          // form only
//     TRY(signers, open_note(note, keys));   // who signed, of the keys that are known
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/ed25519.h"
#include "tlog/vkey.h"

namespace entente::tlog {

/// A log's verifier key, `name+hhhhhhhh+base64(0x01 || public key)`.
struct VerifierKey {
    std::string name;
    PublicKey key;
    bool operator==(const VerifierKey&) const = default;

    /// The first four bytes of SHA-256(name || 0x0A || 0x01 || key), big-endian.
    std::uint32_t id() const;
    std::string text() const;
    /// Errc::unknown_key for a type other than 0x01, Errc::refused for a weak key.
    static Result<VerifierKey> parse(std::string_view vkey);
    /// Refuses a name that a note could not carry, and weak keys.
    static Result<VerifierKey> make(std::string_view name, BytesView public_key);
};

struct NoteSignature {
    std::string name;
    std::uint32_t key_id = 0;
    Bytes signature;  // without the key id; at least one byte
    bool operator==(const NoteSignature&) const = default;
};

/// A note of good form. Nothing in it is verified.
struct Note {
    std::string text;  // ends with a newline; what is signed
    std::vector<NoteSignature> signatures;
    bool operator==(const Note&) const = default;
};

/// The form of a note's text, and of a whole note: limit, UTF-8, no control characters but
/// newlines, a newline at the end.
Result<void> check_note_text(std::string_view text);

/// Errc::too_large beyond limits::note_bytes_max or note_signatures_max, else Errc::malformed.
Result<Note> parse_note(BytesView bytes);
/// parse_note's only inverse.
Bytes format_note(const Note& note);

/// One signature line, the first without its newline, the second with it.
Result<NoteSignature> parse_signature_line(std::string_view line);
Bytes format_signature_line(const NoteSignature& signature);

/// The known keys that signed, in the order of `known`. Lines of unknown (name, id) are ignored;
/// one line of a known key that does not verify rejects the note (Errc::bad_signature), and so does
/// a note that no known key signed (Errc::unknown_key). Two different known keys with one name and
/// id are Errc::refused.
Result<std::vector<VerifierKey>> open_note(const Note& note, std::span<const VerifierKey> known);

}  // namespace entente::tlog
