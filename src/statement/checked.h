// SPDX-License-Identifier: Apache-2.0
// What somebody had in hand when a plan was checked (PROTOCOL 22): the heads of all logs and of the
// releases to the asker, the charter, the rules, the moment, and what came of it. An activity
// carries it, so that who knows of something newer can say what was missing (DESIGN 3).
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "statement/beat.h"
#include "statement/fields.h"

namespace entente::statement {

/// One log, as it was held, and the list of what its party had released to the asker.
struct CheckedLog {
    Origin origin;
    LogHead head;      // size 0: nothing of it was held
    LogHead released;  // of the asker's own log always size 0
    bool operator==(const CheckedLog&) const = default;
};

struct Checked {
    Instant asked_at;
    Hash charter;                  // the version's hash
    std::string rules;             // rules_version of check/answer.h
    std::string verdict;           // a word of PROTOCOL 21
    std::int64_t touched = 0;      // records that the volumes touched
    std::vector<CheckedLog> logs;  // the asker's own first; each once, at most 1 + parties_max
    bool operator==(const Checked&) const = default;
};

Result<void> validate(const Checked& checked);
canon::Object encode_checked(const Checked& checked);
/// Form and limits; members that are not known are passed over.
Result<Checked> decode_checked(const canon::Object& object);

}  // namespace entente::statement
