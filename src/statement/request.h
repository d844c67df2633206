// SPDX-License-Identifier: Apache-2.0
// A request for release: whoever has something under a label that says `ask` asks its author that
// others may have it too, or asks for more of it. The author answers by a reply (statement/reply.h)
// and gives it, or does not; whether there is anything of that id is never said (PROTOCOL 14).
#pragma once

#include "statement/body.h"
#include "statement/members.h"

namespace entente::statement {

constexpr const char* request_kind = "request";

struct Request {
    BodyKeys keys;
    std::optional<RecordId> of;    // what is asked for; never absent
    std::vector<PartyId> parties;  // who is to have it; empty: who asks
    std::string text;              // why; never empty
    std::string contact;
    bool operator==(const Request&) const = default;
};

void members(Members& m, Request& request);
Result<void> validate(const Request& request);

}  // namespace entente::statement
