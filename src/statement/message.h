// SPDX-License-Identifier: Apache-2.0
// A hot-line message (DESIGN 3): from a duty role to duty roles of other parties, in words. Each of
// them acknowledges it by a reply `noted` (statement/reply.h). It is version 1 of a record of its
// own and never unsaid.
#pragma once

#include <vector>

#include "statement/body.h"

namespace entente::statement {

constexpr const char* message_kind = "message";

struct Message {
    BodyKeys keys;
    std::string from;                 // the role that says it, and can be called back
    std::vector<std::string> desks;   // the roles that it is for, of each party that is given it
    std::string text;                 // lines; never empty
    std::string language;             // BCP 47; may be empty
    std::optional<RecordId> answers;  // the message before it, of whoever said that
    std::optional<RecordId> subject;  // a record that it is about
    bool operator==(const Message&) const = default;
};

Result<void> validate(const Message& message);

Bytes encode_message(const Message& message);
/// Form, limits and validate(). Members that are not known are passed over.
Result<Message> decode_message(BytesView bytes);

}  // namespace entente::statement
