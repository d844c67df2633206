// SPDX-License-Identifier: Apache-2.0
#include "people/officer_key.h"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/encode.h"
#include "people/account.h"

namespace entente::people {
namespace {

constexpr std::string_view magic = "entente-officer-key/v1\n";
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t seed_bytes = 32;
constexpr std::uint64_t passes_max = 64;
constexpr std::uint64_t memory_bytes_max = std::uint64_t{1} << 30;

const unsigned char* raw(BytesView b) { return reinterpret_cast<const unsigned char*>(b.data()); }
unsigned char* raw(Bytes& b) { return reinterpret_cast<unsigned char*>(b.data()); }

struct Parts {
    OfficerFile says;
    Cost cost;
    Bytes salt;
    Bytes locked;    // nonce, ciphertext, tag
    BytesView open;  // the lines before it, which are authenticated
};

/// The words of a line that begins with `word`; takes the line off the text.
Result<std::vector<std::string_view>> line(std::string_view& text, std::string_view word,
                                           std::size_t words) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos || !text.starts_with(word)) {
        return fail(Errc::malformed, "this is no officer's key: no line `" + std::string(word) +
                                         "` where it belongs");
    }
    std::string_view rest = text.substr(0, end);
    text.remove_prefix(end + 1);
    std::vector<std::string_view> out;
    while (!rest.empty()) {
        const std::size_t space = std::min(rest.find(' '), rest.size());
        out.push_back(rest.substr(0, space));
        rest.remove_prefix(std::min(space + 1, rest.size()));
    }
    if (out.size() != words + 1 || out[0] != word) {
        return fail(Errc::malformed, "this is no officer's key: its line `" + std::string(word) +
                                         "` is of another form");
    }
    out.erase(out.begin());
    return out;
}

Result<std::uint64_t> number(std::string_view text, std::uint64_t most) {
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || out == 0 || out > most) {
        return fail(Errc::malformed,
                    "this is no officer's key: what unlocking costs is no number "
                    "within bounds");
    }
    return out;
}

Result<Parts> parse(BytesView file) {
    if (file.size() > officer_file_bytes_max || !file.starts_with(magic)) {
        return fail(Errc::malformed,
                    "this is no officer's key (its first line is not "
                    "entente-officer-key/v1)");
    }
    std::string_view text = file.substr(magic.size());
    Parts out;
    TRY(name_words, line(text, "name", 1));
    TRYV(check_name("name", name_words[0]));
    out.says.name = std::string(name_words[0]);
    TRY(public_words, line(text, "public", 1));
    TRY(key_bytes, from_base64(public_words[0]));
    TRY(key, PublicKey::from(key_bytes));
    out.says.key = key;
    TRY(cost_words, line(text, "argon2id", 3));
    TRY(passes, number(cost_words[0], passes_max));
    TRY(memory, number(cost_words[1], memory_bytes_max));
    TRY(salt, from_base64(cost_words[2]));
    out.cost = {passes, memory};
    out.salt = std::move(salt);
    out.open = file.substr(0, file.size() - text.size());
    TRY(locked_words, line(text, "locked", 1));
    TRY(locked, from_base64(locked_words[0]));
    out.locked = std::move(locked);
    if (!text.empty() || out.salt.size() != salt_bytes ||
        out.locked.size() != nonce_bytes + seed_bytes + tag_bytes) {
        return fail(Errc::malformed, "this is no officer's key: it is longer or shorter than one");
    }
    return out;
}

}  // namespace

Result<Bytes> lock_key(const std::string& name, const SecretKey& key, std::string_view passphrase,
                       const Random& random, const Cost& cost) {
    TRYV(check_name("name", name));
    TRYV(check_password(passphrase, name));
    Bytes chance(salt_bytes + nonce_bytes, '\0');
    random(raw(chance), chance.size());
    const BytesView salt = BytesView(chance).substr(0, salt_bytes);
    TRY(locking, stretch(passphrase, salt, cost));
    Bytes out(magic);
    out += "name " + name + "\npublic " + to_base64(key.public_key().view()) + "\nargon2id " +
           std::to_string(cost.passes) + " " + std::to_string(cost.memory_bytes) + " " +
           to_base64(salt) + "\n";
    Bytes locked = chance.substr(salt_bytes);
    locked.resize(nonce_bytes + seed_bytes + tag_bytes);
    const Secret seed = key.seed();
    crypto_aead_xchacha20poly1305_ietf_encrypt(raw(locked) + nonce_bytes, nullptr,
                                               seed.bytes.data(), seed.bytes.size(), raw(out),
                                               out.size(), nullptr, raw(locked), raw(locking));
    sodium_memzero(locking.data(), locking.size());
    return out + "locked " + to_base64(locked) + "\n";
}

Result<OfficerFile> read_officer_file(BytesView file) {
    TRY(parts, parse(file));
    return parts.says;
}

Result<SecretKey> unlock_key(BytesView file, std::string_view passphrase) {
    TRY(parts, parse(file));
    TRY(locking, stretch(passphrase.substr(0, password_bytes_max), parts.salt, parts.cost));
    Secret seed;
    const bool good = crypto_aead_xchacha20poly1305_ietf_decrypt(
                          seed.bytes.data(), nullptr, nullptr, raw(parts.locked) + nonce_bytes,
                          seed_bytes + tag_bytes, raw(parts.open), parts.open.size(),
                          raw(parts.locked), raw(locking)) == 0;
    sodium_memzero(locking.data(), locking.size());
    if (!good) {
        return fail(Errc::refused, "the passphrase is not that of " + parts.says.name +
                                       "'s key, or the file was changed");
    }
    SecretKey out = SecretKey::from_seed(seed);
    if (out.public_key() != parts.says.key) {
        return fail(Errc::refused, "the file names another key than it holds");
    }
    return out;
}

}  // namespace entente::people
