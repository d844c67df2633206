// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) through OpenSSL's EVP with the algorithm fetched once.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>

#include "base/bytes.h"

namespace entente {

/// The hash of the parts, one after the other. Safe from any thread.
Hash sha256(std::initializer_list<BytesView> parts);
inline Hash sha256(BytesView bytes) { return sha256({bytes}); }

/// Of bytes that come in pieces: `next` fills at most so many and says how many, 0 at the end.
Hash sha256_of(const std::function<std::size_t(char* out, std::size_t most)>& next);

}  // namespace entente
