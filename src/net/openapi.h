// SPDX-License-Identifier: Apache-2.0
// src/net/openapi.json, as the build put it into the binary.
#pragma once

#include <string_view>

namespace entente::net {

std::string_view openapi_json();

}  // namespace entente::net
