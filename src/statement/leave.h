// SPDX-License-Identifier: Apache-2.0
// Leaving (PROTOCOL 8): the last entry of a log. What it protects stays, as of an author who left;
// where the party goes on in another log (after joining a charter, or after a fork), `next` names
// it.
#pragma once

#include "base/time.h"
#include "statement/entry.h"

namespace entente::statement {

constexpr const char* leave_kind = "leave";

struct Leave {
    Instant time;        // the author's claim
    std::string reason;  // for people; may be empty
    Origin next;         // empty: nowhere
    bool operator==(const Leave&) const = default;
};

/// Errc::too_large or malformed where a text is none that an entry can hold.
Result<void> validate(const Leave& leave);
Bytes encode_leave(const Leave& leave);
Result<Leave> decode_leave(const OpenEntry& entry);

}  // namespace entente::statement
