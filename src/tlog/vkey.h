// SPDX-License-Identifier: Apache-2.0
// What the keys of C2SP notes have in common: a name, a type byte, an id over both and the key, and
// their texts. note.h has the logs' keys (0x01), cosignature.h the cosigners' (0x04); who holds one
// kind cannot take it for the other, because the type goes into the id.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ed25519.h"

namespace entente::tlog {

enum class KeyType : char { log = 0x01, cosigner = 0x04 };

/// A key with the name it signs under.
struct NamedKey {
    std::string name;
    PublicKey key;
};
/// A private key with its name. Copies of the seed on the way are wiped; texts are the caller's.
struct NamedSecret {
    std::string name;
    SecretKey secret;
};

/// Whether notes can carry this key name: UTF-8, 1 to 255 bytes, no white space of Unicode's, no
/// control character, no '+'.
bool is_key_name(std::string_view name);
/// The same without a bound: the name in a signature line may be a stranger's.
bool is_line_name(std::string_view name);

/// The first four bytes of SHA-256(name || 0x0A || type || key), big-endian.
std::uint32_t key_id(std::string_view name, KeyType type, const PublicKey& key);
/// As it stands in a vkey: 8 digits.
std::string key_id_text(std::uint32_t id);

/// Refuses a name that a note could not carry, and weak keys.
Result<NamedKey> named_key(std::string_view name, BytesView public_key);
/// `name+hhhhhhhh+base64(type || public key)`.
std::string vkey_text(std::string_view name, KeyType type, const PublicKey& key);
/// Errc::unknown_key for another type, Errc::refused for a weak key.
Result<NamedKey> parse_vkey(std::string_view vkey, KeyType type);

/// `PRIVATE+KEY+name+hhhhhhhh+base64(type || seed)`, as Go's note tools write it.
std::string private_key_text(std::string_view name, KeyType type, const SecretKey& secret);
/// Error details never quote the text.
Result<NamedSecret> parse_private_key(std::string_view text, KeyType type);

}  // namespace entente::tlog
