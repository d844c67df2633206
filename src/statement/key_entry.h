// SPDX-License-Identifier: Apache-2.0
// Key entries (PROTOCOL 7): the open entries by which a party's root, which is offline, gives a key
// a role from an entry index on, or takes it away. Signed by the root over "entente/v1/key\n" and
// the entry without `signature`, so that a stolen log key cannot make one.
//
//     const OpenEntry entry = make_key_entry({"officer", key, size, false, "A. Martin"}, origin,
//     root); TRY(key, read_key_entry(entry, origin, root.public_key()));
//
// Rights go by index, never by a claimed time. Which index counts is the register's to say: a key
// that is given never has a right over what stands before its entry; one that is taken away may
// lose it from an earlier index on, since that only protects more.
#pragma once

#include <optional>

#include "base/ed25519.h"
#include "statement/beat.h"

namespace entente::statement {

/// The words on the wire. Never change.
namespace key_role {
constexpr const char* log = "log";          // signed-note 0x01
constexpr const char* witness = "witness";  // cosignature 0x04
constexpr const char* mirror = "mirror";    // cosignature 0x04
constexpr const char* sealing = "sealing";  // X25519
constexpr const char* channel = "channel";  // TLS, Ed25519
constexpr const char* duty = "duty";        // urgent statements
constexpr const char* officer = "officer";  // approvals of relaxations
}  // namespace key_role
bool is_key_role(std::string_view role);

constexpr const char* key_kind = "key";

struct KeyEntry {
    std::string role;
    PublicKey key;           // for `sealing` the bytes of an X25519 key
    std::uint64_t from = 0;  // the first index that it speaks for, or of `revokes` no more
    bool revokes = false;    // `act` is "revoke": what it signs at or after `from` does not count
    std::string name{};      // who holds it: officers, duty
    std::optional<LogHead> last{};  // log: the last head under the key that this one succeeds
    bool operator==(const KeyEntry&) const = default;
};

/// Errc::malformed or refused for an unknown role, a weak key, a name that is too long, or `last`
/// with another role than log.
Result<void> validate(const KeyEntry& key);

/// The entry, signed by the root.
OpenEntry make_key_entry(const KeyEntry& key, const Origin& origin, const SecretKey& root);
/// Errc::bad_signature if the root did not sign it. A role to come is read as it is.
Result<KeyEntry> read_key_entry(const OpenEntry& entry, const Origin& origin,
                                const PublicKey& root);

}  // namespace entente::statement
