// SPDX-License-Identifier: Apache-2.0
#include "statement/request.h"

#include "base/limits.h"
#include "statement/said_codec.h"

namespace entente::statement {

void members(Members& m, Request& request) {
    m.record("of", request.of);
    m.parties("parties", request.parties, limits::parties_max);
    m.lines("text", request.text, limits::said_text_bytes_max, Need::must);
    m.line("contact", request.contact, Need::must);
}

Result<void> validate(const Request& request) {
    TRYV(check_said(request));
    if (request.of) return {};
    return fail(Errc::malformed, "'of' is missing: what is asked for?");
}

}  // namespace entente::statement
