// SPDX-License-Identifier: Apache-2.0
// A challenge (DESIGN 3): a party contests what another one's protection says, on stated grounds
// and with its own grade. The protection is flagged contested and protects as before: no verdict is
// lower for it (PROTOCOL 17). Its author answers by a reply (statement/reply.h) before `answer_by`;
// only who made a challenge amends or withdraws it.
#pragma once

#include "statement/body.h"
#include "statement/grade.h"

namespace entente::statement {

constexpr const char* challenge_kind = "challenge";

/// What is contested. The words are on the wire and never change; new ones go at the end.
enum class Grounds : std::uint8_t {
    place,       // it is not there
    use,         // it is not what it is said to be
    time,        // it is no longer, or not yet
    duplicate,   // it is said twice
    identity,    // who registered it may not
    unverified,  // nobody has shown that it is so
    other,
};
constexpr std::size_t grounds_count = 7;
const char* name(Grounds grounds);
Result<Grounds> parse_grounds(std::string_view text);

struct Challenge {
    BodyKeys keys;
    RecordId of;  // what is contested
    Hash to;      // leaf hash of the version of it that was held
    Grounds grounds = Grounds::other;
    Grade grade;
    std::string text;     // why; never empty
    std::string contact;  // the role that can be asked
    Instant answer_by;    // the clock that runs
    bool operator==(const Challenge&) const = default;
};

Result<void> validate(const Challenge& challenge);

Bytes encode_challenge(const Challenge& challenge);
/// Form, limits and validate(). Members that are not known are passed over.
Result<Challenge> decode_challenge(BytesView bytes);

}  // namespace entente::statement
