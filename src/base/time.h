// SPDX-License-Identifier: Apache-2.0
// Instants in integer milliseconds UTC (PROTOCOL 6), and RFC 3339 in and out. There is no clock
// here: `now` is always an argument.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace entente {

using Duration = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Duration>;

inline std::int64_t millis(Instant t) { return t.time_since_epoch().count(); }
inline Instant instant(std::int64_t ms) { return Instant(Duration(ms)); }

/// RFC 3339 section 5.6 with any offset; a time without an offset is refused, because a bare
/// local time has been misread before. Years 0001 to 9999; at most 9 fraction digits, cut to
/// milliseconds; a leap second (:60) is read as the next second.
Result<Instant> parse_rfc3339(std::string_view text);

/// `2015-10-02T21:38:00Z`, with `.123` only where the milliseconds are not zero.
/// Precondition: the year is within 0001 to 9999.
std::string format_rfc3339(Instant t);

}  // namespace entente
