// SPDX-License-Identifier: Apache-2.0
// A log's private key: making, signing, and the text in which an edge stores it (the one that Go's
// note tools use). Where it lies on disk and who may read it is the edge's.
#pragma once

#include <string>

#include "tlog/note.h"

namespace entente::tlog {

class LogKey {
  public:
    /// Errc::malformed if a note could not carry the name.
    static Result<LogKey> generate(std::string_view name, const Random& random);
    /// `PRIVATE+KEY+name+hhhhhhhh+base64(0x01 || seed)`. Error details never quote the text.
    static Result<LogKey> parse(std::string_view text);
    std::string text() const;

    const VerifierKey& verifier() const { return verifier_; }
    /// The raw 64 bytes over a note's text; sign_checkpoint wants them.
    Bytes sign(std::string_view note_text) const { return secret_.sign(note_text); }

  private:
    LogKey(VerifierKey verifier, const SecretKey& secret);
    VerifierKey verifier_;
    SecretKey secret_;
};

}  // namespace entente::tlog
