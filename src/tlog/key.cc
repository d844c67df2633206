// SPDX-License-Identifier: Apache-2.0
#include "tlog/key.h"

namespace entente::tlog {

LogKey::LogKey(VerifierKey verifier, const SecretKey& secret)
    : verifier_(std::move(verifier)), secret_(secret) {}

Result<LogKey> LogKey::generate(std::string_view name, const Random& random) {
    SecretKey secret = SecretKey::generate(random);
    TRY(verifier, VerifierKey::make(name, secret.public_key().view()));
    return LogKey(std::move(verifier), secret);
}

Result<LogKey> LogKey::parse(std::string_view text) {
    TRY(parsed, parse_private_key(text, KeyType::log));
    TRY(verifier, VerifierKey::make(parsed.name, parsed.secret.public_key().view()));
    return LogKey(std::move(verifier), parsed.secret);
}

std::string LogKey::text() const { return private_key_text(verifier_.name, KeyType::log, secret_); }

}  // namespace entente::tlog
