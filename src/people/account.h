// SPDX-License-Identifier: Apache-2.0
// What the local store keeps of people: accounts, sessions, API tokens. Plain values; secrets are
// there as hashes only. What may be done with them is people.h's.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/time.h"
#include "people/right.h"

namespace entente::people {

/// A person, or a program that acts for one. Never removed: its name stands in statements.
struct Account {
    std::string name;       // a-z, 0-9, '.', '_', '-': what stands in statements and in the audit
    std::string full_name;  // for people; may be empty
    Roles roles;
    std::string password;  // people::hash_password's; empty: nobody signs in with one
    bool disabled = false;
    Instant made;
    bool operator==(const Account&) const = default;
};

/// A browser in session. Named to people by `id`, known by the hash of what the cookie holds.
struct Session {
    std::string id;  // 16 base32 characters, drawn apart from the secret
    Hash hash;
    std::string account;  // empty: the owner of the data directory, by a one-time link
    Instant begun;
    Instant until;
    std::string from;  // the address that it was begun from
    bool operator==(const Session&) const = default;
};

/// What a program shows. It may what its account may, as far as the token's roles go.
struct Token {
    std::string name;  // unique in the node
    Hash hash;
    std::string account;
    Roles roles;
    Instant made;
    Instant until;
    bool operator==(const Token&) const = default;
};

/// 1 to 64 of a-z, 0-9, '.', '_', '-', beginning with a letter: of accounts, tokens, duty roles.
Result<void> check_name(std::string_view what, std::string_view text);
/// At most 256 bytes of UTF-8 without control characters.
Result<void> check_text(std::string_view what, std::string_view text);

}  // namespace entente::people
