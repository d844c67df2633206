// SPDX-License-Identifier: Apache-2.0
#include "tlog/key.h"

#include <sodium.h>

#include "base/encode.h"

namespace entente::tlog {
namespace {

constexpr std::string_view prefix = "PRIVATE+KEY+";
constexpr char ed25519_type = 0x01;
constexpr std::size_t text_bytes_max = 400;

}  // namespace

LogKey::LogKey(VerifierKey verifier, const SecretKey& secret)
    : verifier_(std::move(verifier)), secret_(secret) {}

Result<LogKey> LogKey::generate(std::string_view name, const Random& random) {
    SecretKey secret = SecretKey::generate(random);
    TRY(verifier, VerifierKey::make(name, secret.public_key().view()));
    return LogKey(std::move(verifier), secret);
}

Result<LogKey> LogKey::parse(std::string_view text) {
    const auto bad = [](const char* why) {
        return fail(Errc::malformed, std::string("not a private key text (PRIVATE+KEY+name+"
                                                 "hhhhhhhh+base64): ") +
                                         why);
    };
    if (text.size() > text_bytes_max) return bad("too long");
    if (!text.starts_with(prefix)) return bad("begins otherwise");
    text.remove_prefix(prefix.size());
    const std::size_t first = text.find('+');
    const std::size_t second = first == text.npos ? text.npos : text.find('+', first + 1);
    if (second == text.npos || second - first != 9) return bad("parts are missing");
    Result<Bytes> typed = from_base64(text.substr(second + 1));
    if (!typed) return bad("its last part is not base64");
    if (typed->size() != 33 || (*typed)[0] != ed25519_type) return bad("not an Ed25519 seed");
    Result<Secret> seed = Secret::from(BytesView(*typed).substr(1));
    sodium_memzero(typed->data(), typed->size());
    if (!seed) return bad("not an Ed25519 seed");
    SecretKey secret = SecretKey::from_seed(*seed);
    TRY(verifier, VerifierKey::make(text.substr(0, first), secret.public_key().view()));
    LogKey key(std::move(verifier), secret);
    // The id is a check sum over name and key: a text that was cut or mixed up is noticed here.
    const std::string vkey = key.verifier().text();
    if (vkey.substr(0, second) != text.substr(0, second)) return bad("its id does not fit");
    return key;
}

std::string LogKey::text() const {
    const std::string vkey = verifier_.text();
    const Secret seed = secret_.seed();
    // Every copy of the seed on the way is wiped; the text itself is the caller's.
    Bytes typed;
    typed.reserve(33);
    typed += ed25519_type;
    typed += seed.view();
    std::string encoded = to_base64(typed);
    sodium_memzero(typed.data(), typed.size());
    std::string out;
    out.reserve(text_bytes_max);
    out += prefix;
    out += vkey.substr(0, verifier_.name.size() + 1 + 8 + 1);  // up to the base64
    out += encoded;
    sodium_memzero(encoded.data(), encoded.size());
    return out;
}

}  // namespace entente::tlog
