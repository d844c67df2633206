// SPDX-License-Identifier: Apache-2.0
// RFC 1952 through zlib, for responses.
#pragma once

#include <string>

namespace entente::net {

constexpr std::size_t gzip_bytes_min = 1400;  // what fits one packet gains nothing

std::string gzip(const std::string& bytes, int level = 4);

}  // namespace entente::net
