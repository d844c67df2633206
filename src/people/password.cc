// SPDX-License-Identifier: Apache-2.0
#include "people/password.h"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/assert.h"
#include "base/encode.h"

namespace entente::people {
namespace {

constexpr std::size_t salt_bytes = crypto_pwhash_argon2id_SALTBYTES;
constexpr std::size_t hash_bytes = 32;
constexpr std::size_t different_min = 5;
static_assert(salt_bytes == 16);

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

struct Parts {
    Cost cost;
    Bytes salt;
    Bytes hash;
};

Result<std::uint64_t> number(std::string_view text) {
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size()) {
        return fail(Errc::malformed, "no number");
    }
    return out;
}

Result<Parts> parse(std::string_view text) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(':', at), text.size());
        parts.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    if (parts.size() != 5 || parts[0] != "argon2id") return fail(Errc::malformed, "no password");
    Parts out;
    TRY(passes, number(parts[1]));
    TRY(memory, number(parts[2]));
    TRY(salt, from_base64url(parts[3]));
    TRY(hash, from_base64url(parts[4]));
    if (salt.size() != salt_bytes || hash.size() != hash_bytes || passes > 64 ||
        memory > (std::uint64_t{1} << 30)) {
        return fail(Errc::malformed, "no password");
    }
    return Parts{{passes, memory}, std::move(salt), std::move(hash)};
}

}  // namespace

Result<void> check_password(std::string_view password, std::string_view account) {
    if (!is_utf8(password)) return fail(Errc::malformed, "a password is UTF-8");
    if (password.size() > password_bytes_max) {
        return fail(Errc::too_large, "a password has at most 1,024 bytes (password_bytes_max)");
    }
    if (characters(password) < password_characters_min) {
        return fail(Errc::malformed,
                    "a password has at least 12 characters; four words that mean nothing together "
                    "are a good one");
    }
    if (std::set<char>(password.begin(), password.end()).size() < different_min) {
        return fail(Errc::malformed, "a password has more than a few different characters");
    }
    std::string rest(password);
    for (std::size_t at; !account.empty() && (at = rest.find(account)) != std::string::npos;) {
        rest.erase(at, account.size());
    }
    if (characters(rest) < password_characters_min / 2) {
        return fail(Errc::malformed, "a password is more than the account's name");
    }
    return {};
}

Result<Bytes> stretch(std::string_view passphrase, BytesView salt16, const Cost& cost) {
    ASSERT(salt16.size() == salt_bytes);
    Bytes out(hash_bytes, '\0');
    if (crypto_pwhash_argon2id(reinterpret_cast<unsigned char*>(out.data()), out.size(),
                               passphrase.data(), passphrase.size(),
                               reinterpret_cast<const unsigned char*>(salt16.data()), cost.passes,
                               static_cast<std::size_t>(cost.memory_bytes),
                               crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0) {
        return fail(Errc::unavailable, "there is no memory to check a password (" +
                                           std::to_string(cost.memory_bytes >> 20) +
                                           " MiB); try again");
    }
    return out;
}

Result<std::string> hash_password(std::string_view password, const Random& random,
                                  const Cost& cost) {
    Bytes salt(salt_bytes, '\0');
    random(reinterpret_cast<std::uint8_t*>(salt.data()), salt.size());
    TRY(hash, stretch(password, salt, cost));
    return "argon2id:" + std::to_string(cost.passes) + ":" + std::to_string(cost.memory_bytes) +
           ":" + to_base64url(salt) + ":" + to_base64url(hash);
}

bool is_password(std::string_view hash, std::string_view password) {
    const auto parts = parse(hash);
    if (!parts || password.size() > password_bytes_max) return no_password(password);
    const auto made = stretch(password, parts->salt, parts->cost);
    return made && sodium_memcmp(made->data(), parts->hash.data(), hash_bytes) == 0;
}

bool no_password(std::string_view password, const Cost& cost) {
    (void)stretch(password.substr(0, password_bytes_max), Bytes(salt_bytes, '\0'), cost);
    return false;
}

}  // namespace entente::people
