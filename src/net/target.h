// SPDX-License-Identifier: Apache-2.0
// The target of a request: path segments and query, percent-decoded once (RFC 3986 2.1). Strict:
// what is not well-formed is refused, because two readers could take it differently.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace entente::net {

constexpr std::size_t target_bytes_max = 8192;

struct Target {
    std::vector<std::string> path;                           // "/v1/check" -> {"v1", "check"}
    std::vector<std::pair<std::string, std::string>> query;  // in the order given

    /// The value of a name, empty if it is absent. Precondition: once() has passed for the name.
    const std::string& value(std::string_view name) const;
    bool has(std::string_view name) const;
    /// Whether `name=yes` stands there. Errc::malformed for any other value.
    Result<bool> yes(std::string_view name) const;
    std::vector<std::string> values(std::string_view name) const;
    /// Errc::malformed if a name that is not in `known` stands there, or one not in `repeatable`
    /// twice: a misspelt filter would show too much or too little.
    Result<void> only(const std::vector<std::string_view>& known,
                      const std::vector<std::string_view>& repeatable = {}) const;
};

/// Errc::malformed or, above target_bytes_max, too_large. A `+` in a query is a plus sign.
Result<Target> parse_target(std::string_view text);

/// A query value with everything but unreserved characters percent-encoded.
std::string percent_encode(std::string_view text);

}  // namespace entente::net
