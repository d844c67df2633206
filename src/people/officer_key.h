// SPDX-License-Identifier: Apache-2.0
// An officer's key in a file of its own, locked with a passphrase that only the officer knows:
// Argon2id makes a key of it, under which XChaCha20-Poly1305 holds the seed. All other lines are
// authenticated with it. Pure: salt and nonce are drawn from an argument.
//
//     entente-officer-key/v1
//     name nadia
//     public <base64>
//     argon2id <passes> <bytes> <salt>
//     locked <nonce and ciphertext>
#pragma once

#include <string>

#include "base/ed25519.h"
#include "people/password.h"

namespace entente::people {

/// libsodium's "moderate": a file is tried by who has it, as fast as they can.
constexpr Cost officer_cost{3, 256 * 1024 * 1024};
constexpr std::size_t officer_file_bytes_max = 4096;

Result<Bytes> lock_key(const std::string& name, const SecretKey& key, std::string_view passphrase,
                       const Random& random, const Cost& cost = officer_cost);

/// What the file says without the passphrase.
struct OfficerFile {
    std::string name;
    PublicKey key;
};
Result<OfficerFile> read_officer_file(BytesView file);
/// Errc::refused for a wrong passphrase, or a file of which a byte was changed.
Result<SecretKey> unlock_key(BytesView file, std::string_view passphrase);

}  // namespace entente::people
