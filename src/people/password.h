// SPDX-License-Identifier: Apache-2.0
// Passwords as Argon2id has them (RFC 9106, by libsodium), and what may be one. A hash names its
// own cost, so that the cost can be raised later. Pure: the salt is an argument's.
#pragma once

#include <string>

#include "base/random.h"
#include "base/result.h"

namespace entente::people {

/// What one hashing costs.
struct Cost {
    std::uint64_t passes = 2;  // libsodium's "interactive"
    std::uint64_t memory_bytes = 64 * 1024 * 1024;
};

constexpr std::size_t password_characters_min = 12;
constexpr std::size_t password_bytes_max = 1024;

/// Whether this may become the password of the account: long enough, of more than a few different
/// characters, and not the account's name again.
Result<void> check_password(std::string_view password, std::string_view account);

/// `argon2id:<passes>:<bytes>:<salt>:<hash>`. Errc::unavailable where there is no memory for it.
Result<std::string> hash_password(std::string_view password, const Random& random,
                                  const Cost& cost = {});
/// False also for a hash that is none.
bool is_password(std::string_view hash, std::string_view password);
/// Takes as long as is_password() and is never true: for names that nobody has.
bool no_password(std::string_view password, const Cost& cost = {});

/// 32 bytes from a passphrase, for a key that lies in a file.
Result<Bytes> stretch(std::string_view passphrase, BytesView salt16, const Cost& cost);

}  // namespace entente::people
