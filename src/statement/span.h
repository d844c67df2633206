// SPDX-License-Identifier: Apache-2.0
// [from, until), either of which may be open. Only the codecs of this room use it.
#pragma once

#include <optional>

#include "base/result.h"
#include "base/time.h"

namespace entente::statement {

inline Result<void> check_span(const std::optional<Instant>& from,
                               const std::optional<Instant>& until) {
    if (!from || !until || *from < *until) return {};
    return fail(Errc::malformed, "'until' is not after 'from': a time is [from, until)");
}

}  // namespace entente::statement
