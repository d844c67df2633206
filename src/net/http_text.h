// SPDX-License-Identifier: Apache-2.0
// Texts that HTTP fixes.
#pragma once

#include <string>

#include "base/time.h"
#include "net/message.h"

namespace entente::net {

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 5.6.7).
std::string http_date(Instant t);

/// HEAD is a GET, without its body; methods have one spelling.
Method method_of(std::string_view text);

}  // namespace entente::net
