// SPDX-License-Identifier: Apache-2.0
#include "statement/leave.h"

#include "base/encode.h"
#include "base/limits.h"
#include "statement/fields.h"

namespace entente::statement {

Result<void> validate(const Leave& leave) {
    if (leave.reason.size() > limits::text_bytes_max) {
        return fail(Errc::too_large, "'reason' has more than text_bytes_max = " +
                                         std::to_string(limits::text_bytes_max) + " bytes");
    }
    if (!is_utf8(leave.reason)) return fail(Errc::malformed, "'reason' is not UTF-8");
    if (leave.next.v.size() > limits::key_name_bytes_max || !is_utf8(leave.next.v)) {
        return fail(Errc::malformed, "'next' is no log's name");
    }
    return {};
}

Bytes encode_leave(const Leave& leave) {
    OpenEntry entry{leave_kind, {}};
    if (!leave.next.v.empty()) entry.fields.set("next", leave.next.v);
    if (!leave.reason.empty()) entry.fields.set("reason", leave.reason);
    entry.fields.set("time", millis(leave.time));
    return encode_entry(entry);
}

Result<Leave> decode_leave(const OpenEntry& entry) {
    if (entry.kind != leave_kind) return fail(Errc::malformed, "an entry of kind " + entry.kind);
    const Fields fields(entry.fields);
    TRY(time, fields.integer("time"));
    TRY(reason, fields.text_or_empty("reason"));
    TRY(next, fields.text_or_empty("next"));
    Leave leave{instant(time), std::move(reason), {std::move(next)}};
    TRYV(validate(leave));
    return leave;
}

}  // namespace entente::statement
