// SPDX-License-Identifier: Apache-2.0
// Lists of leaf hashes as members of a canonical object: ascending, each once. Only the codecs of
// this room use it.
#pragma once

#include <vector>

#include "statement/fields.h"

namespace entente::statement {

Result<void> check_leaves(const std::vector<Hash>& leaves, std::size_t most, const char* what);
canon::Array encode_leaves(const std::vector<Hash>& leaves);
/// Empty where the member is absent.
Result<std::vector<Hash>> decode_leaves(const Fields& fields, const char* key, std::size_t most);

}  // namespace entente::statement
