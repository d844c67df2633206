// SPDX-License-Identifier: Apache-2.0
#include "tlog/vkey.h"

#include <sodium.h>

#include <algorithm>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"

namespace entente::tlog {
namespace {

constexpr std::size_t vkey_bytes_max = limits::key_name_bytes_max + 1 + 8 + 1 + 44;
constexpr std::string_view private_prefix = "PRIVATE+KEY+";
constexpr std::size_t private_bytes_max = 400;

const char* kind(KeyType type) {
    return type == KeyType::log ? "log keys (Ed25519, type 0x01)"
                                : "cosigner keys (Ed25519 cosignatures, type 0x04)";
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

// Where the two '+' stand that part the fields: base64 may hold '+' as well, so only the first two
// count. False if the middle field is not of 8 characters.
bool find_fields(std::string_view text, std::size_t& first, std::size_t& second) {
    first = text.find('+');
    second = first == text.npos ? text.npos : text.find('+', first + 1);
    return second != text.npos && second - first == 9;
}

}  // namespace

bool is_line_name(std::string_view name) {
    const auto bad = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == '+'; };
    return !name.empty() && is_utf8(name) && !has_wide_space(name) &&
           std::none_of(name.begin(), name.end(), bad);
}

bool is_key_name(std::string_view name) {
    return name.size() <= limits::key_name_bytes_max && is_line_name(name);
}

std::uint32_t key_id(std::string_view name, KeyType type, const PublicKey& key) {
    const char byte = static_cast<char>(type);
    const Hash hash = sha256({name, BytesView("\n", 1), BytesView(&byte, 1), key.view()});
    std::uint32_t id = 0;
    for (int i = 0; i < 4; ++i) id = id << 8 | hash.bytes[static_cast<std::size_t>(i)];
    return id;
}

std::string key_id_text(std::uint32_t id) {
    Bytes four;
    for (int shift = 24; shift >= 0; shift -= 8) four += static_cast<char>(id >> shift & 255);
    return to_hex(four);
}

Result<NamedKey> named_key(std::string_view name, BytesView public_key) {
    if (!is_key_name(name)) {
        return fail(Errc::malformed,
                    "not a key name: 1 to " + std::to_string(limits::key_name_bytes_max) +
                        " bytes of UTF-8 without white space, control characters and '+'");
    }
    TRY(key, PublicKey::from(public_key));
    return NamedKey{std::string(name), key};
}

std::string vkey_text(std::string_view name, KeyType type, const PublicKey& key) {
    return std::string(name) + '+' + key_id_text(key_id(name, type, key)) + '+' +
           to_base64(static_cast<char>(type) + Bytes(key.view()));
}

Result<NamedKey> parse_vkey(std::string_view vkey, KeyType type) {
    if (vkey.size() > vkey_bytes_max) {
        return fail(Errc::too_large, "a verifier key has at most " +
                                         std::to_string(vkey_bytes_max) + " bytes, not " +
                                         std::to_string(vkey.size()));
    }
    std::size_t first = 0, second = 0;
    if (!find_fields(vkey, first, second)) {
        return fail(Errc::malformed, "a verifier key is name+hhhhhhhh+base64");
    }
    TRYV(from_hex(vkey.substr(first + 1, 8)));
    TRY(typed, from_base64(vkey.substr(second + 1)));
    if (typed.empty() || typed[0] != static_cast<char>(type)) {
        return fail(Errc::unknown_key, std::string("wanted here are ") + kind(type) + " only");
    }
    TRY(key, named_key(vkey.substr(0, first), BytesView(typed).substr(1)));
    const std::string id = key_id_text(key_id(key.name, type, key.key));
    if (id != vkey.substr(first + 1, 8)) {
        return fail(Errc::malformed, "the verifier key's id should be " + id + ", not " +
                                         std::string(vkey.substr(first + 1, 8)) +
                                         ": it was mistyped or altered");
    }
    return key;
}

std::string private_key_text(std::string_view name, KeyType type, const SecretKey& secret) {
    const std::string vkey = vkey_text(name, type, secret.public_key());
    const Secret seed = secret.seed();
    Bytes typed;
    typed.reserve(33);
    typed += static_cast<char>(type);
    typed += seed.view();
    std::string encoded = to_base64(typed);
    sodium_memzero(typed.data(), typed.size());
    std::string out;
    out.reserve(private_bytes_max);
    out += private_prefix;
    out += vkey.substr(0, name.size() + 1 + 8 + 1);  // up to the base64
    out += encoded;
    sodium_memzero(encoded.data(), encoded.size());
    return out;
}

Result<NamedSecret> parse_private_key(std::string_view text, KeyType type) {
    const auto bad = [](const char* why) {
        return fail(Errc::malformed, std::string("not a private key text (PRIVATE+KEY+name+"
                                                 "hhhhhhhh+base64): ") +
                                         why);
    };
    if (text.size() > private_bytes_max) return bad("too long");
    if (!text.starts_with(private_prefix)) return bad("begins otherwise");
    text.remove_prefix(private_prefix.size());
    std::size_t first = 0, second = 0;
    if (!find_fields(text, first, second)) return bad("parts are missing");
    Result<Bytes> typed = from_base64(text.substr(second + 1));
    if (!typed) return bad("its last part is not base64");
    if (typed->size() != 33 || (*typed)[0] != static_cast<char>(type)) {
        return bad("not an Ed25519 seed of the wanted type");
    }
    Result<Secret> seed = Secret::from(BytesView(*typed).substr(1));
    sodium_memzero(typed->data(), typed->size());
    if (!seed) return bad("not an Ed25519 seed");
    SecretKey secret = SecretKey::from_seed(*seed);
    TRY(key, named_key(text.substr(0, first), secret.public_key().view()));
    // The id is a check sum over name and key: a text that was cut or mixed up is noticed here.
    const std::string vkey = vkey_text(key.name, type, key.key);
    if (vkey.substr(0, second) != text.substr(0, second)) return bad("its id does not fit");
    return NamedSecret{std::move(key.name), secret};
}

}  // namespace entente::tlog
