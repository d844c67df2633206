// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-cosignature, Ed25519 `cosignature/v1` (type 0x04): a line below a checkpoint by which
// somebody other than the log says when it was the largest consistent head that he had seen. What
// else it says (stored, served) follows from which key it is. ML-DSA (0x06) is not understood; its
// lines are kept like those of other strangers.
//
//     TRY(line, secret.sign(now, head.note.text));
//     TRY(seen, cosignatures_of(head.note, cosigners));   // those that verify
#pragma once

#include <array>
#include <span>

#include "base/time.h"
#include "tlog/checkpoint.h"

namespace entente::tlog {

/// A witness's or mirror's verifier key, `name+hhhhhhhh+base64(0x04 || public key)`. The name does
/// not go into what is signed: each cosigner needs a key of its own.
struct CosignerKey {
    std::string name;
    PublicKey key;
    bool operator==(const CosignerKey&) const = default;

    std::uint32_t id() const;
    std::string text() const;
    /// Errc::unknown_key for another type, Errc::refused for a weak key.
    static Result<CosignerKey> parse(std::string_view vkey);
    /// Refuses a name that a note could not carry, and weak keys.
    static Result<CosignerKey> make(std::string_view name, BytesView public_key);
};

/// One cosignature of good form. Nothing in it is verified.
struct Cosignature {
    std::string name;
    std::uint32_t key_id = 0;
    Instant time{};  // whole seconds, from 1970-01-01T00:00:01Z on
    std::array<std::uint8_t, 64> signature{};
    bool operator==(const Cosignature&) const = default;

    bool is_of(const CosignerKey& cosigner) const;
    NoteSignature line() const;
    /// Errc::malformed for a payload that is not 72 bytes, and for times that are 0 (who says no
    /// time says nothing of what he had seen) or beyond the year 9999.
    static Result<Cosignature> parse(const NoteSignature& line);
};

/// The bytes that a cosigner signs. `time` is cut to whole seconds.
Bytes cosigned_message(Instant time, std::string_view checkpoint_text);

/// Errc::unknown_key if it is another's, Errc::bad_signature if it does not fit the text.
Result<void> verify_cosignature(const CosignerKey& cosigner, const Cosignature& cosignature,
                                std::string_view checkpoint_text);

/// The cosignatures of known cosigners, in the order of the lines. Lines of others are ignored; one
/// line of a known cosigner that does not verify is an error (Errc::malformed,
/// Errc::bad_signature).
Result<std::vector<Cosignature>> cosignatures_of(const Note& note,
                                                 std::span<const CosignerKey> known);

/// What both notes have below the same checkpoint text: the log's line, the earliest cosignature of
/// each known cosigner in the order of `known`, then lines of strangers up to
/// limits::stranger_lines_max and stranger_bytes_max, ours before theirs. Errc::refused if the
/// texts differ; errors of cosignatures_of are those of `theirs`, and then nothing of it should be
/// taken.
Result<SignedCheckpoint> merge_cosignatures(const SignedCheckpoint& ours, const Note& theirs,
                                            const VerifierKey& log,
                                            std::span<const CosignerKey> known);

/// The same checkpoint with only the lines of its log's key: what witnesses are sent, and what a
/// proof quotes. Precondition: the head was opened under this key.
SignedCheckpoint without_cosignatures(const SignedCheckpoint& head, const VerifierKey& log);

/// A cosigner's private key. Like LogKey, it knows nothing of what was signed before: that nobody
/// gets two inconsistent cosignatures is the work of mirror/witness.h.
class CosignerSecret {
  public:
    static Result<CosignerSecret> generate(std::string_view name, const Random& random);
    /// `PRIVATE+KEY+name+hhhhhhhh+base64(0x04 || seed)`. Error details never quote the text.
    static Result<CosignerSecret> parse(std::string_view text);
    std::string text() const;

    const CosignerKey& key() const { return key_; }
    /// Errc::refused for a clock before 1970-01-01T00:00:01Z or beyond the year 9999.
    Result<NoteSignature> sign(Instant time, std::string_view checkpoint_text) const;

  private:
    CosignerSecret(CosignerKey key, const SecretKey& secret);
    CosignerKey key_;
    SecretKey secret_;
};

}  // namespace entente::tlog
