// SPDX-License-Identifier: Apache-2.0
// RFC 1952 through zlib, for responses.
#pragma once

#include <string>

namespace entente::net {

std::string gzip(const std::string& bytes, int level = 4);

}  // namespace entente::net
