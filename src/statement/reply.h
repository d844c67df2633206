// SPDX-License-Identifier: Apache-2.0
// A reply: what a party says to a statement of another one that asks for an answer, an activity or
// an objection to one. It is version 1 of a record of its own, names what it replies to by its leaf
// hash, and changes nothing there: who said that alone changes it.
//
//     Reply{.to = leaf, .of = record, .word = ReplyWord::refused, .text = "…", .contact = "duty"}
#pragma once

#include <vector>

#include "statement/body.h"

namespace entente::statement {

constexpr const char* reply_kind = "reply";

/// The words are on the wire and never change; new ones go at the end.
enum class ReplyWord : std::uint8_t {
    noted,     // seen, and no more than that
    accepted,  // it will be done as asked
    refused,   // it will not, and why
    missing,   // it was checked without what had been released by then: `entries`
    conflict,  // it touches something: call the contact
};
constexpr std::size_t reply_word_count = 5;
const char* name(ReplyWord word);
/// An unknown one is an error that lists the known ones.
Result<ReplyWord> parse_reply_word(std::string_view text);

struct Reply {
    BodyKeys keys;
    Hash to;      // leaf hash of the version that it replies to
    RecordId of;  // and its record
    ReplyWord word = ReplyWord::noted;
    std::string text;           // lines; required with `refused`
    std::string contact;        // a desk; required with `conflict`
    std::vector<Hash> entries;  // leaf hashes, ascending, at most reply_entries_max: of `missing`
                                // and `conflict` those that the other party was given
    bool automatic = false;     // said by a node, and by nobody
    bool operator==(const Reply&) const = default;
};
constexpr std::size_t reply_entries_max = 200;

Result<void> validate(const Reply& reply);

Bytes encode_reply(const Reply& reply);
/// Form, limits and validate(). Members that are not known are passed over.
Result<Reply> decode_reply(BytesView bytes);

}  // namespace entente::statement
